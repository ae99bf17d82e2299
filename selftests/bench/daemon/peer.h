/* SPDX-License-Identifier: GPL-2.0 */
/* The peers: a hash table to find them, a heap to end them. */
#ifndef PEER_H
#define PEER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PEER_NAME_MAX	64

/**
 * struct peer - a peer
 * @next: in the same place of the table
 * @deadline: when it ends, nanoseconds of coarse monotonic time
 * @due: what the heap knows of that, which is never later
 * @heard: how often it was heard
 * @hash: of its name
 * @addr: where it was heard last
 * @name_len: length of @name
 * @name: its name
 */
struct peer {
	struct peer *next;
	uint64_t deadline;
	uint64_t due;
	uint64_t heard;
	uint32_t hash;
	struct in_addr addr;
	uint8_t name_len;
	char name[];
};

extern size_t peer_count;
/* In nanoseconds. */
extern uint64_t peer_lifetime;
/* Called for each that ends, if there is one. */
extern void (*peer_on_end)(const struct peer *peer);

bool peer_hear(const char *name, size_t len, struct in_addr addr,
	       uint64_t now);
void peer_expire(uint64_t now);
uint64_t peer_next(void);

#endif
