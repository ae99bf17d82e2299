/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A peer: a name, where it is, and how long it lives, with a kernel timer of
 * its own. Who may touch it is said in table.c.
 */
#ifndef MCPEER_PEER_H
#define MCPEER_PEER_H

#include <linux/rhashtable-types.h>
#include <linux/timer.h>
#include "attrs.h"
#include "path.h"

struct mcpeer_origin;
struct mcpeer_table;

/**
 * struct mcpeer_peer - an entry of the table
 * @node: link in the table's hash
 * @timer: fires at the deadline or before
 * @table: the table; constant
 * @origin: counts it for the address from which it joined; NULL for a local
 *	peer
 * @joined: when it joined, nanoseconds of coarse boot time
 * @heard: announcements accepted
 * @rcu: frees it after a grace period; once it is dead nobody asks for the two
 *	above
 * @deadline: when it expires; for a peer of the network, when the last of its
 *	paths does
 * @value: its value, @value_len bytes; NULL for none
 * @paths: where it is, and when it was last heard there; a local peer has one
 *	that is of no interface, and may be of no address
 * @id: its place in the table's roster; constant
 * @hash: of its name, see mcpeer_table_hash(); constant
 * @value_len: length of @value
 * @source: enum mcpeer_source
 * @dead: no longer in the table
 * @name_len: length of @name; constant
 * @name: its name; constant
 */
struct mcpeer_peer {
	struct rhash_head node;
	struct timer_list timer;
	struct mcpeer_table *table;
	struct mcpeer_origin *origin;
	union {
		struct {
			u64 joined;
			u64 heard;
		};
		struct rcu_head rcu;
	};
	u64 deadline;
	char *value;
	struct mcpeer_paths paths;
	u64 id;
	u32 hash;
	u16 value_len;
	u8 source:7;
	bool dead:1;
	u8 name_len;
	char name[];
};

/**
 * struct mcpeer_key - what a peer is looked up by
 * @name: its name
 * @hash: of @name, see mcpeer_table_hash()
 */
struct mcpeer_key {
	struct mcpeer_text name;
	u32 hash;
};

static inline struct mcpeer_text
mcpeer_peer_name(const struct mcpeer_peer *peer)
{
	return (struct mcpeer_text){ peer->name, peer->name_len };
}

static inline struct mcpeer_text
mcpeer_peer_value(const struct mcpeer_peer *peer)
{
	return (struct mcpeer_text){ peer->value, peer->value_len };
}

int mcpeer_peer_module_init(void);
void mcpeer_peer_module_exit(void);

struct mcpeer_peer *mcpeer_peer_new(struct mcpeer_table *table,
				    const struct mcpeer_key *key,
				    void (*expire)(struct timer_list *timer),
				    gfp_t gfp);
void mcpeer_peer_free(struct mcpeer_peer *peer);
void mcpeer_peer_free_later(struct mcpeer_peer *peer);
void mcpeer_peer_arm(struct mcpeer_peer *peer, u64 when, u64 now, bool spread);
void mcpeer_peer_describe(const struct mcpeer_peer *peer,
			  struct mcpeer_peer_info *info, u64 now);

#endif /* MCPEER_PEER_H */
