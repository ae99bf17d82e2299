/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hash of a table's peers. In line, as to look one up is most of what is
 * done for most datagrams.
 */
#ifndef MCPEER_LOOKUP_H
#define MCPEER_LOOKUP_H

#include <linux/rhashtable.h>
#include "peer.h"
#include "table.h"

/*
 * The hash is of a secret already, and is kept with the peer: it needs no seed
 * for each size of the table, of which each would take it anew. So the table
 * cannot save itself from long chains by another seed: who knew the secret
 * could make names that find no place, but it shows nowhere.
 */
static inline u32 mcpeer_lookup_hash_key(const void *data, u32 len, u32 seed)
{
	const struct mcpeer_key *key = data;

	return key->hash;
}

static inline u32 mcpeer_lookup_hash_peer(const void *data, u32 len, u32 seed)
{
	const struct mcpeer_peer *peer = data;

	return peer->hash;
}

static __always_inline int
mcpeer_lookup_compare(struct rhashtable_compare_arg *arg, const void *entry)
{
	const struct mcpeer_key *key = arg->key;
	const struct mcpeer_peer *peer = entry;

	return key->hash != peer->hash ||
	       !mcpeer_text_equal(key->name, mcpeer_peer_name(peer));
}

static const struct rhashtable_params mcpeer_lookup_params = {
	.head_offset = offsetof(struct mcpeer_peer, node),
	.hashfn = mcpeer_lookup_hash_key,
	.obj_hashfn = mcpeer_lookup_hash_peer,
	.obj_cmpfn = mcpeer_lookup_compare,
	.automatic_shrinking = true,
};

/**
 * mcpeer_lookup - find a peer without the lock
 * @table: the table
 * @key: its name and the hash of that
 *
 * Context: Any, within an RCU read-side section.
 * Return: the peer, which may be dead by now, or NULL.
 */
static __always_inline struct mcpeer_peer *
mcpeer_lookup(struct mcpeer_table *table, const struct mcpeer_key *key)
{
	return rhashtable_lookup(&table->hash, key, mcpeer_lookup_params);
}

#endif /* MCPEER_LOOKUP_H */
