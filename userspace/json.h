/* SPDX-License-Identifier: GPL-2.0 */
/*
 * JSON, written value by value. A value has a key within an object, and none
 * within an array or by itself. What goes between two values is told by the
 * last byte in the buffer: nothing is printed, or added by others, within one.
 */
#ifndef MCPEER_JSON_H
#define MCPEER_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "word.h"

void mcpeer_json_begin_object(struct mcpeer_buffer *to, const char *key);
void mcpeer_json_end_object(struct mcpeer_buffer *to);
void mcpeer_json_begin_array(struct mcpeer_buffer *to, const char *key);
void mcpeer_json_end_array(struct mcpeer_buffer *to);
void mcpeer_json_null(struct mcpeer_buffer *to, const char *key);
void mcpeer_json_boolean(struct mcpeer_buffer *to, const char *key,
			 bool value);
void mcpeer_json_text(struct mcpeer_buffer *to, const char *key,
		      const char *text);
void mcpeer_json_word(struct mcpeer_buffer *to, const char *key,
		      const struct mcpeer_word *word);
void mcpeer_json_number(struct mcpeer_buffer *to, const char *key,
			uint64_t number);
void mcpeer_json_seconds(struct mcpeer_buffer *to, const char *key,
			 uint64_t ms);
int mcpeer_json_print_line(struct mcpeer_buffer *line);

#endif
