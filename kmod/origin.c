// SPDX-License-Identifier: GPL-2.0
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include "origin.h"

/* A key is a hash already. */
static u32 mcpeer_origin_hash(const void *data, u32 len, u32 seed)
{
	return *(const u32 *)data;
}

static const struct rhashtable_params mcpeer_origin_params = {
	.head_offset = offsetof(struct mcpeer_origin, node),
	.key_offset = offsetof(struct mcpeer_origin, key),
	.key_len = sizeof_field(struct mcpeer_origin, key),
	.hashfn = mcpeer_origin_hash,
	.automatic_shrinking = true,
};

/**
 * mcpeer_origin_key - what stands for an address
 * @origins: the origins of the table
 * @addr: any address
 *
 * Context: Any.
 * Return: the key.
 */
u32 mcpeer_origin_key(const struct mcpeer_origins *origins,
		      const struct mcpeer_addr *addr)
{
	struct mcpeer_text bytes;

	/* Both families begin at the same place. */
	bytes.at = (const char *)&addr->v6;
	bytes.len = addr->family == AF_INET ? sizeof(addr->v4) :
					      sizeof(addr->v6);
	return mcpeer_hash_text(&origins->secret, bytes);
}

/**
 * mcpeer_origin_find - the origin of an address
 * @origins: the origins of the table
 * @key: mcpeer_origin_key() of the address
 *
 * Context: Any, under the table's lock.
 * Return: the origin, NULL if no peer is there that joined from it.
 */
struct mcpeer_origin *mcpeer_origin_find(struct mcpeer_origins *origins,
					 u32 key)
{
	return rhashtable_lookup_fast(&origins->hash, &key,
				      mcpeer_origin_params);
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
 * mcpeer_origin_take - count one more peer of an address
 * @origins: the origins of the table
 * @origin: of the address; NULL if there is none yet
 * @key: of the address
 *
 * Context: Any, under the table's lock. Allocates with GFP_ATOMIC.
 * Return: the origin, for mcpeer_origin_give(); NULL if there is no memory.
 */
struct mcpeer_origin *mcpeer_origin_take(struct mcpeer_origins *origins,
					 struct mcpeer_origin *origin, u32 key)
{
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
 * It is freed at once: whoever looks it up does so under the table's lock, and
 * the hash moves what is in a bucket with that bucket locked.
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
	kfree(origin);
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
	mcpeer_hash_init(&origins->secret);
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
