/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Patterns of interface names: globs separated by commas, of which those
 * after a ! exclude. Pure; also compiled in user space.
 */
#ifndef MCPEER_PATTERN_H
#define MCPEER_PATTERN_H

#include "text.h"

bool mcpeer_pattern_is_valid(struct mcpeer_text patterns);
bool mcpeer_pattern_match(struct mcpeer_text patterns, const char *name,
			  bool otherwise);

#endif /* MCPEER_PATTERN_H */
