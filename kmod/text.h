/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text that comes from outside: a run of bytes with a length, and what it may
 * hold. Pure; also compiled in user space.
 */
#ifndef MCPEER_TEXT_H
#define MCPEER_TEXT_H

#ifdef __KERNEL__
#include <linux/string.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <string.h>
#endif

/**
 * struct mcpeer_text - bytes that belong to somebody else
 * @at: first byte; not terminated by NUL
 * @len: number of bytes
 */
struct mcpeer_text {
	const char *at;
	unsigned int len;
};

static inline bool mcpeer_text_equal(struct mcpeer_text a, struct mcpeer_text b)
{
	return a.len == b.len && !memcmp(a.at, b.at, a.len);
}

bool mcpeer_text_is_graphic(struct mcpeer_text text);
bool mcpeer_text_is_utf8(struct mcpeer_text text);

#endif /* MCPEER_TEXT_H */
