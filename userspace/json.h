/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_JSON_H
#define MCPEER_JSON_H

#include <stdint.h>
#include <jansson.h>

#include "word.h"

json_t *mcpeer_json_text(const char *text);
json_t *mcpeer_json_word(const struct mcpeer_word *word);
json_t *mcpeer_json_number(uint64_t number);
json_t *mcpeer_json_seconds(uint64_t ms);
json_t *mcpeer_json_object(const char *key, ...)
	__attribute__((sentinel));
int mcpeer_json_print(json_t *value);
int mcpeer_json_print_line(json_t *value);

#endif
