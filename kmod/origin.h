/* SPDX-License-Identifier: GPL-2.0 */
/* The addresses from which peers joined, and how many from each. */
#ifndef MCPEER_ORIGIN_H
#define MCPEER_ORIGIN_H

#include <linux/rhashtable-types.h>
#include "addr.h"
#include "hash.h"

/**
 * struct mcpeer_origin - an address from which peers joined
 * @node: link in the hash
 * @key: stands for the address: a hash of it that nobody outside can foresee.
 *	Should two addresses share one, they share the count
 * @count: peers that joined from it, and are still there
 */
struct mcpeer_origin {
	struct rhash_head node;
	u32 key;
	u32 count;
};

/**
 * struct mcpeer_origins - the origins of a table, guarded by its lock
 * @hash: by key
 * @secret: of the keys; constant
 */
struct mcpeer_origins {
	struct rhashtable hash;
	struct mcpeer_secret secret;
};

int mcpeer_origin_init(struct mcpeer_origins *origins);
void mcpeer_origin_destroy(struct mcpeer_origins *origins);
u32 mcpeer_origin_key(const struct mcpeer_origins *origins,
		      const struct mcpeer_addr *addr);
struct mcpeer_origin *mcpeer_origin_find(struct mcpeer_origins *origins,
					 u32 key);
struct mcpeer_origin *mcpeer_origin_take(struct mcpeer_origins *origins,
					 struct mcpeer_origin *origin, u32 key);
void mcpeer_origin_give(struct mcpeer_origins *origins,
			struct mcpeer_origin *origin);

#endif /* MCPEER_ORIGIN_H */
