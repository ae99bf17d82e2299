/* SPDX-License-Identifier: GPL-2.0 */
/* The table of peers of a group. */
#ifndef MCPEER_TABLE_H
#define MCPEER_TABLE_H

#include <linux/rhashtable.h>
#include <linux/spinlock.h>
#include "alarm.h"
#include "event.h"
#include "hash.h"
#include "peer.h"
#include "origin.h"
#include "roster.h"
#include "stats.h"

struct net;
struct netlink_ext_ack;

/* Of how many interfaces it is known when they were last heard by. */
#define MCPEER_TABLE_IFACES	64

/**
 * struct mcpeer_limits - what a network may do to a table
 * @max: at this number of peers new names are refused
 * @per_source: peers that may have joined from one address
 * @join_rate: new names in a second; as many may come at once
 * @expiry: lifetime of a peer of the network, and of a path, in nanoseconds
 * @interval: longest time between two announcements in nanoseconds
 */
struct mcpeer_limits {
	u32 max;
	u32 per_source;
	u32 join_rate;
	u64 expiry;
	u64 interval;
};

/**
 * struct mcpeer_table - the peers of a group
 * @lock: guards all above @journal, each peer but its hash link, and the
 *	order in which the journal hears of changes
 * @hash: peers by name; readers need RCU only
 * @roster: peers in the order in which they joined, for dumps
 * @count: number of peers
 * @limits: what the network may do
 * @origins: the addresses from which peers joined
 * @join_due: when the next new name would be due if they came evenly
 * @conflict: raised while another host uses our name
 * @full: raised while new names are refused for want of room
 * @own_said: when our name was last announced
 * @last_heard: when peers were last heard by an interface, at its index modulo
 *	the size; two interfaces that share an entry keep each other from
 *	seeming silent
 * @reminded: of those, the moment of which it was said that silence followed
 * @own_len: length of @own, 0 while this host has no name
 * @own: name of this host, which is never in the table
 * @told: what is being told of a peer: so much on the stack would be cleared
 *	each time where the compiler is told to
 * @journal: hears of changes; constant, as is all below
 * @secret: of the hashes of names
 * @generation: moved by joins and removals, for NLM_F_DUMP_INTR
 * @stats: counters of the group
 * @net: network namespace
 * @group: name of the group
 */
struct mcpeer_table {
	spinlock_t lock; /* guards all above @journal, and the peers */
	struct rhashtable hash;
	struct mcpeer_roster roster;
	u32 count;
	struct mcpeer_limits limits;
	struct mcpeer_origins origins;
	u64 join_due;
	struct mcpeer_alarm conflict;
	struct mcpeer_alarm full;
	u64 own_said;
	u64 last_heard[MCPEER_TABLE_IFACES];
	u64 reminded[MCPEER_TABLE_IFACES];
	unsigned int own_len;
	char own[MCPEER_NAME_MAX];
	struct mcpeer_peer_info told;

	struct mcpeer_journal *journal;
	struct mcpeer_secret secret;
	atomic_t *generation;
	struct mcpeer_stats __percpu *stats;
	struct net *net;
	struct mcpeer_text group;
};

/**
 * mcpeer_table_hash - make a name a key to look it up by
 * @table: the table, for which alone the key is good
 * @key: its name is set
 *
 * Done once for each datagram.
 *
 * Context: Any.
 */
static __always_inline void
mcpeer_table_hash(const struct mcpeer_table *table, struct mcpeer_key *key)
{
	key->hash = mcpeer_hash_text(&table->secret, key->name);
}

/**
 * mcpeer_table_key - what to look a name up by
 * @table: in this table only
 * @name: the name
 *
 * Context: Any.
 * Return: the key, for as long as @name is there.
 */
static __always_inline struct mcpeer_key
mcpeer_table_key(const struct mcpeer_table *table, struct mcpeer_text name)
{
	struct mcpeer_key key = { .name = name };

	mcpeer_table_hash(table, &key);
	return key;
}

int mcpeer_table_init(struct mcpeer_table *table);
void mcpeer_table_destroy(struct mcpeer_table *table, bool tell);
void mcpeer_table_set_own(struct mcpeer_table *table, struct mcpeer_text name);
bool mcpeer_table_fell_silent(struct mcpeer_table *table, int ifindex);
void mcpeer_table_say_own(struct mcpeer_table *table);

struct mcpeer_peer *mcpeer_table_find(struct mcpeer_table *table,
				      const struct mcpeer_key *key);
bool mcpeer_table_is_own(const struct mcpeer_table *table,
			 struct mcpeer_text name);
int mcpeer_table_insert(struct mcpeer_table *table, struct mcpeer_peer *peer,
			u64 now);
void mcpeer_table_remove(struct mcpeer_peer *peer, bool tell, u32 type);
void mcpeer_table_name_iface(const struct mcpeer_table *table,
			     struct mcpeer_path_info *path);
void mcpeer_table_describe(const struct mcpeer_peer *peer,
			   struct mcpeer_peer_info *info, u64 now);
void mcpeer_table_tell(const struct mcpeer_peer *peer, u32 type, u64 now);
void mcpeer_table_tell_rivals(struct mcpeer_peer *peer, u32 type, u64 now);
void mcpeer_table_part_rivals(struct mcpeer_peer *peer, u64 now);

u32 mcpeer_table_count(struct mcpeer_table *table);

#endif /* MCPEER_TABLE_H */
