/* SPDX-License-Identifier: GPL-2.0 */
/* Random numbers that are the same on each machine. */
#ifndef MCPEER_FUZZ_RANDOM_H
#define MCPEER_FUZZ_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Steele, Lea, Flood: Fast splittable pseudorandom number generators. */
static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* Numbers that depend on nothing but the seed and the number of an item. */
static inline uint64_t random_start(uint64_t seed, uint64_t number)
{
	return random_next(&seed) ^ number * 0xd1342543de82ef95;
}

/* 0 to @end - 1 */
static inline unsigned int random_below(uint64_t *state, unsigned int end)
{
	return (random_next(state) >> 32) * end >> 32;
}

/* @least to @most */
static inline unsigned int random_within(uint64_t *state, unsigned int least,
					 unsigned int most)
{
	return least + random_below(state, most - least + 1);
}

static inline bool random_one_in(uint64_t *state, unsigned int times)
{
	return !random_below(state, times);
}

static inline void random_bytes(uint64_t *state, void *to, size_t len)
{
	unsigned char *at = to;

	while (len--)
		*at++ = random_next(state) >> 56;
}

#endif
