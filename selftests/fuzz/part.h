/* SPDX-License-Identifier: GPL-2.0 */
/* Fragments of a packet, in either family. */
#ifndef MCPEER_FUZZ_PART_H
#define MCPEER_FUZZ_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

/**
 * struct part - what goes into one fragment
 * @offset: where it is in the data
 * @len: how long it is
 * @more: it says that there are more behind it
 */
struct part {
	size_t offset;
	size_t len;
	bool more;
};

size_t parts_make(struct part parts[FRAMES_MAX], uint64_t *random, size_t len);

#endif
