/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_LINES_H
#define MCPEER_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* The longest line. */
#define MCPEER_LINES_MAX	4096

/**
 * struct mcpeer_lines - a file that is read line by line
 * @fd: the file
 * @number: of the line that was read last, from 1 on
 * @begin: where in @data the next line starts
 * @end: how much of @data is filled
 * @ended: nothing more comes
 * @data: what was read ahead, with room for a NUL behind it
 */
struct mcpeer_lines {
	int fd;
	size_t number;
	size_t begin;
	size_t end;
	bool ended;
	char data[16 * MCPEER_LINES_MAX + 1];
};

bool mcpeer_lines_is_ahead(const struct mcpeer_lines *lines);
int mcpeer_lines_next(struct mcpeer_lines *lines, char **line);
int mcpeer_lines_split(char *line, char **words, int max);

#endif
