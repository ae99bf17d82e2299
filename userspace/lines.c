// SPDX-License-Identifier: GPL-2.0
/* Lines of a file, and the words of a line. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"

/**
 * mcpeer_lines_is_ahead - tell whether a whole line has been read ahead
 * @lines: the file
 *
 * Return: false if reading the next one may have to wait for it.
 */
bool mcpeer_lines_is_ahead(const struct mcpeer_lines *lines)
{
	return lines->ended || memchr(lines->data + lines->begin, '\n',
				      lines->end - lines->begin);
}

static int read_ahead(struct mcpeer_lines *lines)
{
	ssize_t len;

	memmove(lines->data, lines->data + lines->begin,
		lines->end - lines->begin);
	lines->end -= lines->begin;
	lines->begin = 0;
	do {
		len = read(lines->fd, lines->data + lines->end,
			   sizeof(lines->data) - 1 - lines->end);
	} while (len < 0 && errno == EINTR);
	if (len < 0)
		return -errno;
	lines->ended = !len;
	lines->end += len;
	return 0;
}

/**
 * mcpeer_lines_next - read a line
 * @lines: the file
 * @line: set to it, without its end, good until the next one is read; to NULL
 *	at the end of the file
 *
 * Return: 0; -E2BIG if it is longer than MCPEER_LINES_MAX, or -EINVAL if it
 * has a NUL byte, after which nothing can be read any more; or another
 * negative error number.
 */
int mcpeer_lines_next(struct mcpeer_lines *lines, char **line)
{
	char *begin, *end;
	int err;

	while (!mcpeer_lines_is_ahead(lines)) {
		if (lines->end - lines->begin > MCPEER_LINES_MAX)
			break;
		err = read_ahead(lines);
		if (err)
			return err;
	}
	*line = NULL;
	if (lines->begin == lines->end)
		return 0;

	lines->number++;
	begin = lines->data + lines->begin;
	end = memchr(begin, '\n', lines->end - lines->begin);
	if (!end)
		end = lines->data + lines->end;
	if (end - begin > MCPEER_LINES_MAX)
		return -E2BIG;
	if (memchr(begin, '\0', end - begin))
		return -EINVAL;
	lines->begin = end - lines->data;
	if (lines->begin < lines->end)
		lines->begin++;
	*end = '\0';
	*line = begin;
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Ends a word, and returns where the next one may start; NULL if a quote is. */
static char *end_word(char *from, char *to)
{
	char quote = '\0';

	for (; *from && (quote || !is_blank(*from)); from++) {
		if (quote ? *from == quote : *from == '"' || *from == '\'')
			quote = quote ? '\0' : *from;
		else
			*to++ = *from;
	}
	if (quote)
		return NULL;
	if (*from)
		from++;
	*to = '\0';
	return from;
}

/**
 * mcpeer_lines_split - split a line into words
 * @line: changed; blanks within quotes, 'as here', do not end a word, and what
 *	starts with # is a comment
 * @words: set to them, ended by NULL
 * @max: room for words, and the NULL
 *
 * Return: how many there are; -E2BIG if too many, -EINVAL if a quote has no
 * end.
 */
int mcpeer_lines_split(char *line, char **words, int max)
{
	int count = 0;

	for (;;) {
		while (is_blank(*line))
			line++;
		if (!*line || *line == '#')
			break;
		if (count == max - 1)
			return -E2BIG;
		words[count++] = line;
		line = end_word(line, line);
		if (!line)
			return -EINVAL;
	}
	words[count] = NULL;
	return count;
}
