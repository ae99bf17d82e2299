/* SPDX-License-Identifier: GPL-2.0 */
/* What the libFuzzer harnesses share. */
#ifndef MCPEER_FUZZ_CHECK_H
#define MCPEER_FUZZ_CHECK_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer keeps the input that leads here. */
#define check(condition)						\
	do {								\
		if (!(condition)) {					\
			fprintf(stderr, "%s:%d: not true: %s\n",	\
				__FILE__, __LINE__, #condition);	\
			abort();					\
		}							\
	} while (0)

/*
 * A piece of memory that ends where the bytes end, so that AddressSanitizer
 * sees whoever reads on. Of no bytes it would not, as malloc(0) makes a byte.
 */
struct exact {
	char *start;
	char *at;
};

static inline struct exact exact_room(size_t len)
{
	struct exact room;

	room.start = malloc(len ? len : 1);
	check(room.start);
	room.at = room.start + !len;
	return room;
}

static inline struct exact exact_copy(const void *bytes, size_t len)
{
	struct exact copy = exact_room(len);

	if (len)
		memcpy(copy.at, bytes, len);
	return copy;
}

#endif
