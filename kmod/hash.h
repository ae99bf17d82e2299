/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A hash of names that nobody outside can foresee.
 *
 * Multilinear hashing: a name is taken for a vector of 32-bit numbers, of which
 * the first is its length; each is multiplied by a random number of its own,
 * and of the sum modulo 2^64 the upper half is the hash. Whatever two names
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

/* One number besides those of the vector: the length, and the bytes by four. */
#define MCPEER_HASH_NUMBERS	(2 + MCPEER_NAME_MAX / sizeof(u32))

/**
 * struct mcpeer_secret - what a hash depends on besides the name
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
static inline u64 mcpeer_hash_short(struct mcpeer_text name)
{
	u32 first, last;

	if (name.len >= sizeof(u32)) {
		memcpy(&first, name.at, sizeof(u32));
		memcpy(&last, name.at + name.len - sizeof(u32), sizeof(u32));
		return first | (u64)last << 32;
	}
	if (!name.len)
		return 0;
	return (u8)name.at[0] | (u8)name.at[name.len / 2] << 8 |
	       (u8)name.at[name.len - 1] << 16;
}

/* Two numbers of the vector. */
static __always_inline u64 mcpeer_hash_two(const u64 number[2], u64 word)
{
	return number[0] * (u32)word + number[1] * (word >> 32);
}

/**
 * mcpeer_hash_name - the hash of a name
 * @secret: from mcpeer_hash_init()
 * @name: at most MCPEER_NAME_MAX bytes, of any value
 *
 * Context: Any.
 * Return: the hash, of which any bits are as good as any others.
 */
static __always_inline u32
mcpeer_hash_name(const struct mcpeer_secret *secret, struct mcpeer_text name)
{
	const u64 *number = secret->number;
	const char *at = name.at, *last;
	u64 sum = number[0] + number[1] * name.len;

	number += 2;
	if (unlikely(name.len < sizeof(u64)))
		return (sum + mcpeer_hash_two(number,
					      mcpeer_hash_short(name))) >> 32;
	/* The last word may have bytes of the one before. */
	last = at + name.len - sizeof(u64);
	sum += mcpeer_hash_two(number, mcpeer_text_word(last));
	for (; at < last; at += sizeof(u64)) {
		number += 2;
		sum += mcpeer_hash_two(number, mcpeer_text_word(at));
	}
	return sum >> 32;
}

#endif /* MCPEER_HASH_H */
