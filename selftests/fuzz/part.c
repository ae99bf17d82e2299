// SPDX-License-Identifier: GPL-2.0
#include "part.h"
#include "random.h"

/* Leaves room for the headers of either family. */
#define PART_MAX	(FRAME_MTU - 120)

static void shuffle(struct part *parts, size_t count, uint64_t *random)
{
	for (size_t i = 1; i < count && random_one_in(random, 3); i++) {
		struct part other = parts[i];

		parts[i] = parts[0];
		parts[0] = other;
	}
}

/**
 * parts_make - cut a packet into pieces
 * @parts: the pieces
 * @random: the state of the random numbers
 * @len: of the packet's data
 *
 * They may be missing, come twice, overlap, be out of order, or be the only
 * one.
 *
 * Return: how many there are.
 */
size_t parts_make(struct part parts[FRAMES_MAX], uint64_t *random, size_t len)
{
	size_t piece = random_within(random, 1, 1 + len / 24) * 8;
	size_t offset = 0, count = 0;

	if (random_one_in(random, 8))
		piece = len;
	while (offset < len && count < FRAMES_MAX) {
		struct part *part = &parts[count];

		part->offset = offset;
		part->len = len - offset;
		part->more = part->len > piece && count < FRAMES_MAX - 1;
		if (part->more)
			part->len = piece;
		if (part->len > PART_MAX)
			part->len = PART_MAX;
		offset += part->len;
		if (random_one_in(random, 12))
			offset -= offset > 8 ? 8 : 0;
		if (!random_one_in(random, 12))
			count++;
	}
	shuffle(parts, count, random);
	return count;
}
