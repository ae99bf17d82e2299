/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who listens beside the module, as any program can, and says what it should
 * have made of what came.
 */
#ifndef MCPEER_FUZZ_WITNESS_H
#define MCPEER_FUZZ_WITNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "payload.h"

/* Announcing this last, by each family, ends it. */
#define WITNESS_BARRIER		"the-end"

enum family { IPV4, IPV6, FAMILIES };

/* What becomes of a datagram; as the counters are named. */
enum verdict {
	DROP_TRUNCATED,
	DROP_FRAGMENTED,
	DROP_PREFIX,
	DROP_EMPTY,
	DROP_TOO_LONG,
	DROP_BAD_BYTE,
	DROP_SOURCE,
	OWN,
	SHADOWED,
	NAME,
	VERDICTS
};

/**
 * struct witness - who listens
 * @fds: a socket for each family
 * @names: names that mean something here
 * @barrier: by which families the end was heard
 * @count: by family and verdict
 */
struct witness {
	int fds[FAMILIES];
	struct names names;
	bool barrier[FAMILIES];
	uint64_t count[FAMILIES][VERDICTS];
};

void witness_open(struct witness *witness, const char *ifname);
void witness_listen(struct witness *witness);
bool witness_is_done(const struct witness *witness);
void witness_print(const struct witness *witness);

#endif
