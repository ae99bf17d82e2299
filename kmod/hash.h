/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A hash of names, and of addresses, that nobody outside can foresee.
 *
 * Multilinear hashing: a text is taken for a vector of 32-bit numbers, of which
 * the first is its length; each is multiplied by a random number of its own,
 * and of the sum modulo 2^64 the upper half is the hash. Whatever two texts
 * somebody chooses who does not know the random numbers, they share a hash
 * with a probability of 2^-32 (D. Lemire, O. Kaser, "Strongly universal string
 * hashing is fast", 2014). No hash of 32 bits can do better, and jhash()
 * promises nothing for twice as many instructions.
 */
#ifndef MCPEER_HASH_H
#define MCPEER_HASH_H

#include <linux/mcpeer.h>
#include <linux/random.h>
#include "text.h"

/* The longest text. */
#define MCPEER_HASH_MAX		MCPEER_NAME_MAX

/* One number besides those of the vector: the length, and the bytes by four. */
#define MCPEER_HASH_NUMBERS	(2 + MCPEER_HASH_MAX / sizeof(u32))

/**
 * struct mcpeer_secret - what a hash depends on besides the text
 * @number: random
 */
struct mcpeer_secret {
	u64 number[MCPEER_HASH_NUMBERS];
};

static inline void mcpeer_hash_init(struct mcpeer_secret *secret)
{
	get_random_bytes(secret, sizeof(*secret));
}

/* Less than eight bytes as one word; the length tells apart what it is of. */
static inline u64 mcpeer_hash_short(struct mcpeer_text text)
{
	u32 first, last;

	if (text.len >= sizeof(u32)) {
		memcpy(&first, text.at, sizeof(u32));
		memcpy(&last, text.at + text.len - sizeof(u32), sizeof(u32));
		return first | (u64)last << 32;
	}
	if (!text.len)
		return 0;
	return (u8)text.at[0] | (u8)text.at[text.len / 2] << 8 |
	       (u8)text.at[text.len - 1] << 16;
}

/* Two numbers of the vector. */
static __always_inline u64 mcpeer_hash_two(const u64 number[2], u64 word)
{
	return number[0] * (u32)word + number[1] * (word >> 32);
}

/**
 * mcpeer_hash_text - the hash of a text
 * @secret: from mcpeer_hash_init()
 * @text: at most MCPEER_HASH_MAX bytes, of any value
 *
 * Context: Any.
 * Return: the hash, of which any bits are as good as any others.
 */
static __always_inline u32
mcpeer_hash_text(const struct mcpeer_secret *secret, struct mcpeer_text text)
{
	const u64 *number = secret->number;
	const char *at = text.at, *last;
	u64 sum = number[0] + number[1] * text.len;

	number += 2;
	if (unlikely(text.len < sizeof(u64)))
		return (sum + mcpeer_hash_two(number,
					      mcpeer_hash_short(text))) >> 32;
	/* The last word may have bytes of the one before. */
	last = at + text.len - sizeof(u64);
	sum += mcpeer_hash_two(number, mcpeer_text_word(last));
	for (; at < last; at += sizeof(u64)) {
		number += 2;
		sum += mcpeer_hash_two(number, mcpeer_text_word(at));
	}
	return sum >> 32;
}

#endif /* MCPEER_HASH_H */
