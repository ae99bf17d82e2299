/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the command may write: to people, UTF-8 of which nothing steers a
 * terminal, turns the direction of writing or is unseen; as JSON, nothing but
 * printable ASCII.
 */
#ifndef MCPEER_FUZZ_FIT_H
#define MCPEER_FUZZ_FIT_H

#include <stdbool.h>
#include <stddef.h>

bool fit_text(const char *text, size_t len);
bool fit_json(const char *text, size_t len);
bool fit_utf8(const char *text, size_t len);

#endif
