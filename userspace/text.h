/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_TEXT_H
#define MCPEER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room that mcpeer_text_escape() needs for a text of len bytes. */
#define MCPEER_TEXT_ESCAPED(len)	((len) * 4 + 1)

/* Room for any number, and for any number of milliseconds as seconds. */
#define MCPEER_TEXT_NUMBER_MAX	21
#define MCPEER_TEXT_SECONDS_MAX	23

bool mcpeer_text_parse_number(const char *text, uint64_t max, uint64_t *value);
bool mcpeer_text_parse_seconds(const char *text, uint32_t *ms);
char *mcpeer_text_number(char *dst, uint64_t number);
char *mcpeer_text_seconds(char *dst, uint64_t ms, int digits);
size_t mcpeer_text_decode(const char *text, uint32_t *code);
char *mcpeer_text_escape(char *dst, size_t size, const char *text);

#endif
