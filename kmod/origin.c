// SPDX-License-Identifier: GPL-2.0
#include <linux/jhash.h>
#include <linux/random.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include "origin.h"

static const struct rhashtable_params mcpeer_origin_params = {
	.head_offset = offsetof(struct mcpeer_origin, node),
	.key_offset = offsetof(struct mcpeer_origin, key),
	.key_len = sizeof_field(struct mcpeer_origin, key),
	.automatic_shrinking = true,
};

static u32 mcpeer_origin_key(const struct mcpeer_origins *origins,
			     const struct mcpeer_addr *addr)
{
	if (addr->family == AF_INET)
		return jhash_1word((__force u32)addr->v4, origins->secret);
	return jhash2((__force const u32 *)addr->v6.s6_addr32,
		      ARRAY_SIZE(addr->v6.s6_addr32), origins->secret);
}

static struct mcpeer_origin *mcpeer_origin_new(struct mcpeer_origins *origins,
					       u32 key)
{
	struct mcpeer_origin *origin;

	origin = kzalloc(sizeof(*origin), GFP_ATOMIC | __GFP_NOWARN);
	if (!origin)
		return NULL;
	origin->key = key;
	if (rhashtable_insert_fast(&origins->hash, &origin->node,
				   mcpeer_origin_params)) {
		kfree(origin);
		return NULL;
	}
	return origin;
}

/**
 * mcpeer_origin_count - how many peers has an address?
 * @origins: the origins of the table
 * @addr: any address
 *
 * Context: Any, under the table's lock.
 * Return: the number of peers that joined from it, and are still there.
 */
u32 mcpeer_origin_count(struct mcpeer_origins *origins,
			const struct mcpeer_addr *addr)
{
	u32 key = mcpeer_origin_key(origins, addr);
	const struct mcpeer_origin *origin;

	origin = rhashtable_lookup_fast(&origins->hash, &key,
					mcpeer_origin_params);
	return origin ? origin->count : 0;
}

/**
 * mcpeer_origin_take - count one more peer of an address
 * @origins: the origins of the table
 * @addr: from which it is about to join
 *
 * Context: Any, under the table's lock. Allocates with GFP_ATOMIC.
 * Return: the origin, for mcpeer_origin_give(); NULL if there is no memory.
 */
struct mcpeer_origin *mcpeer_origin_take(struct mcpeer_origins *origins,
					 const struct mcpeer_addr *addr)
{
	u32 key = mcpeer_origin_key(origins, addr);
	struct mcpeer_origin *origin;

	origin = rhashtable_lookup_fast(&origins->hash, &key,
					mcpeer_origin_params);
	if (!origin)
		origin = mcpeer_origin_new(origins, key);
	if (origin)
		origin->count++;
	return origin;
}

/**
 * mcpeer_origin_give - a peer of an address is gone
 * @origins: the origins of the table
 * @origin: from mcpeer_origin_take(); NULL for a peer that has none
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_origin_give(struct mcpeer_origins *origins,
			struct mcpeer_origin *origin)
{
	if (!origin || --origin->count)
		return;
	rhashtable_remove_fast(&origins->hash, &origin->node,
			       mcpeer_origin_params);
	kfree_rcu(origin, rcu);
}

/**
 * mcpeer_origin_init - have no origins as yet
 * @origins: zeroed
 *
 * Context: Process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int mcpeer_origin_init(struct mcpeer_origins *origins)
{
	origins->secret = get_random_u32();
	return rhashtable_init(&origins->hash, &mcpeer_origin_params);
}

/**
 * mcpeer_origin_destroy - undo mcpeer_origin_init()
 * @origins: all of them were given back
 *
 * Context: Process context, sleeps.
 */
void mcpeer_origin_destroy(struct mcpeer_origins *origins)
{
	WARN_ON_ONCE(atomic_read(&origins->hash.nelems));
	rhashtable_destroy(&origins->hash);
}
