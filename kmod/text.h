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

/* Eight bytes, wherever they lie. */
static inline unsigned long long mcpeer_text_word(const char *at)
{
	unsigned long long word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/*
 * Each announcement takes two of these, of texts that mostly are equal: so it
 * is by words, in line, of which the last may overlap the one before.
 */
static __always_inline bool mcpeer_text_equal(struct mcpeer_text a,
					      struct mcpeer_text b)
{
	const unsigned int size = sizeof(unsigned long long);
	unsigned int i, last;

	if (a.len != b.len)
		return false;
	if (a.len < size)
		return !memcmp(a.at, b.at, a.len);
	if (mcpeer_text_word(a.at) != mcpeer_text_word(b.at))
		return false;
	last = a.len - size;
	for (i = size; i < last; i += size)
		if (mcpeer_text_word(a.at + i) != mcpeer_text_word(b.at + i))
			return false;
	return mcpeer_text_word(a.at + last) == mcpeer_text_word(b.at + last);
}

bool mcpeer_text_is_graphic(struct mcpeer_text text);
bool mcpeer_text_is_utf8(struct mcpeer_text text);

#endif /* MCPEER_TEXT_H */
