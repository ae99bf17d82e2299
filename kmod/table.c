// SPDX-License-Identifier: GPL-2.0
/*
 * Who may touch a peer, and who frees it:
 *
 * Everything that changes a peer or the table does so under the table's lock:
 * the receive path, the timers, netlink. Whoever removes a peer marks it dead
 * under that lock, and only a peer that is not dead is ever removed, changed
 * or armed: so each peer is removed once, by one of them.
 *
 * The receive path finds a peer in the hash under RCU before it takes the
 * lock, and a timer that fired may have to wait for the lock. Both run with
 * bottom halves off, which is an RCU read-side section. Therefore removal
 * shuts the timer down without waiting for it and frees the peer after a
 * grace period: whoever still holds a pointer sees it dead and lets go.
 *
 * A refresh that finds its peer dead has met the expiry: it goes on as a new
 * announcement does, and joins the name anew. Once a refresh was accepted the
 * deadline has moved, which the timer looks at under the same lock before it
 * removes anything: no accepted refresh is lost.
 *
 * Who goes through all peers, as a dump or a sweep, lets go of the lock after
 * each, and of the peer as well: it goes on at an id, which the roster finds.
 */
#include <linux/netlink.h>
#include <linux/sched.h>
#include "compat.h"
#include "deadline.h"
#include "lookup.h"
#include "table.h"

/**
 * mcpeer_table_find - find a peer
 * @table: the table
 * @key: its name and the hash of that
 *
 * Context: Any, under the table's lock.
 * Return: the peer, for as long as the lock is held, or NULL.
 */
struct mcpeer_peer *mcpeer_table_find(struct mcpeer_table *table,
				      const struct mcpeer_key *key)
{
	struct mcpeer_peer *peer;

	lockdep_assert_held(&table->lock);

	rcu_read_lock();
	peer = mcpeer_lookup(table, key);
	rcu_read_unlock();
	return peer;
}

/**
 * mcpeer_table_is_own - is this the name of this host?
 * @table: the table
 * @name: any
 *
 * Context: Any, under the table's lock.
 * Return: true if it is.
 */
bool mcpeer_table_is_own(const struct mcpeer_table *table,
			 struct mcpeer_text name)
{
	struct mcpeer_text own = { table->own, table->own_len };

	lockdep_assert_held(&table->lock);

	return mcpeer_text_equal(name, own);
}

/**
 * mcpeer_table_name_iface - say the name of a path's interface
 * @table: the table
 * @path: its ifname is set, to nothing if the interface is gone or none
 *
 * Context: Any.
 */
void mcpeer_table_name_iface(const struct mcpeer_table *table,
			     struct mcpeer_path_info *path)
{
	struct net_device *dev = NULL;

	rcu_read_lock();
	if (path->place.ifindex)
		dev = dev_get_by_index_rcu(table->net, path->place.ifindex);
	/* All of it is less than to look where it ends. */
	if (dev)
		memcpy(path->ifname, dev->name, IFNAMSIZ);
	else
		path->ifname[0] = '\0';
	rcu_read_unlock();
}

/**
 * mcpeer_table_describe - say all that is known of a peer
 * @peer: the peer
 * @info: set
 * @now: mcpeer_deadline_now()
 *
 * Context: Any, under the table's lock. @info is good as long as that is held.
 */
void mcpeer_table_describe(const struct mcpeer_peer *peer,
			   struct mcpeer_peer_info *info, u64 now)
{
	const struct mcpeer_table *table = peer->table;
	unsigned int i;

	lockdep_assert_held(&table->lock);

	mcpeer_peer_describe(peer, info, now);
	info->group = table->group;
	for (i = 0; i < info->path_count; i++)
		mcpeer_table_name_iface(table, &info->path[i]);
}

/**
 * mcpeer_table_tell - emit an event about a peer
 * @peer: the peer
 * @type: enum mcpeer_event_type
 * @now: mcpeer_deadline_now()
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_table_tell(const struct mcpeer_peer *peer, u32 type, u64 now)
{
	struct mcpeer_peer_info *told = &peer->table->told;

	mcpeer_table_describe(peer, told, now);
	mcpeer_event_emit(peer->table->journal, type, told, now);
}

/**
 * mcpeer_table_tell_rivals - emit an event about two hosts of one name
 * @peer: the peer of that name, which has rivals
 * @type: enum mcpeer_event_type
 * @now: mcpeer_deadline_now()
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_table_tell_rivals(struct mcpeer_peer *peer, u32 type, u64 now)
{
	struct mcpeer_peer_info *told = &peer->table->told;
	const struct mcpeer_path *path;
	unsigned int i, kept = 0;

	mcpeer_table_describe(peer, told, now);
	for (i = 0; i < told->path_count; i++) {
		path = mcpeer_path_find(&peer->paths, &told->path[i].place);
		if (peer->paths.rivals &
		    BIT(mcpeer_path_index(&peer->paths, path)))
			told->path[kept++] = told->path[i];
	}
	told->path_count = kept;
	mcpeer_event_emit(peer->table->journal, type, told, now);
}

/**
 * mcpeer_table_part_rivals - the conflict about a peer's name is over
 * @peer: nothing happens if there is none
 * @now: mcpeer_deadline_now()
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_table_part_rivals(struct mcpeer_peer *peer, u64 now)
{
	if (!peer->paths.rivals)
		return;
	mcpeer_table_tell_rivals(peer, MCPEER_EVENT_TYPE_CONFLICT_END, now);
	peer->paths.rivals = 0;
	peer->paths.turned = 0;
}

/**
 * mcpeer_table_remove - take a peer out of its table, to be freed
 * @peer: is not dead
 * @tell: whether to emit an event
 * @type: of that event
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_table_remove(struct mcpeer_peer *peer, bool tell, u32 type)
{
	struct mcpeer_table *table = peer->table;
	u64 now;

	lockdep_assert_held(&table->lock);

	peer->dead = true;
	timer_shutdown(&peer->timer);
	rhashtable_remove_fast(&table->hash, &peer->node, mcpeer_lookup_params);
	mcpeer_roster_remove(&table->roster, peer);
	mcpeer_origin_give(&table->origins, peer->origin);
	table->count--;
	atomic_inc(table->generation);
	if (tell) {
		now = mcpeer_deadline_now();
		mcpeer_table_part_rivals(peer, now);
		mcpeer_table_tell(peer, type, now);
	}
	mcpeer_peer_free_later(peer);
}

/**
 * mcpeer_table_insert - put a peer into the table, which is a join
 * @table: the table; not full; has no peer of that name
 * @peer: from mcpeer_lifetime_new_peer(), with its path and deadline set
 * @now: mcpeer_deadline_now()
 *
 * Context: Any, under the table's lock.
 * Return: 0, or -ENOMEM with the peer left to the caller.
 */
int mcpeer_table_insert(struct mcpeer_table *table, struct mcpeer_peer *peer,
			u64 now)
{
	lockdep_assert_held(&table->lock);

	if (mcpeer_roster_add(&table->roster, peer))
		return -ENOMEM;
	if (rhashtable_insert_fast(&table->hash, &peer->node,
				   mcpeer_lookup_params)) {
		mcpeer_roster_remove(&table->roster, peer);
		return -ENOMEM;
	}
	peer->joined = now;
	table->count++;
	atomic_inc(table->generation);
	mcpeer_table_tell(peer, MCPEER_EVENT_TYPE_JOIN, now);
	return 0;
}

/**
 * mcpeer_table_count - how many peers?
 * @table: the table
 *
 * Context: Any.
 * Return: their number.
 */
u32 mcpeer_table_count(struct mcpeer_table *table)
{
	return READ_ONCE(table->count);
}

/**
 * mcpeer_table_set_own - change the name of this host
 * @table: the table
 * @name: the name, at most MCPEER_NAME_MAX bytes; empty for none
 *
 * A peer of that name leaves: the own name is never in the table.
 *
 * Context: Process context. Takes the table's lock.
 */
void mcpeer_table_set_own(struct mcpeer_table *table, struct mcpeer_text name)
{
	const struct mcpeer_key key = mcpeer_table_key(table, name);
	struct mcpeer_peer *peer;

	spin_lock_bh(&table->lock);
	memcpy(table->own, name.at, name.len);
	table->own_len = name.len;
	mcpeer_alarm_end(&table->conflict);
	peer = mcpeer_table_find(table, &key);
	if (peer)
		mcpeer_table_remove(peer, true, MCPEER_EVENT_TYPE_LEAVE);
	spin_unlock_bh(&table->lock);
}

/**
 * mcpeer_table_fell_silent - were there peers on an interface, and are silent?
 * @table: the table
 * @ifindex: the interface
 *
 * All of them would have spoken within an interval. Said once for each
 * silence, and only as long as a peer is still there that could break it.
 *
 * Context: Process context. Takes the table's lock.
 * Return: true if so.
 */
bool mcpeer_table_fell_silent(struct mcpeer_table *table, int ifindex)
{
	unsigned int at = (u32)ifindex % MCPEER_TABLE_IFACES;
	bool silent;
	u64 since;

	spin_lock_bh(&table->lock);
	since = mcpeer_deadline_since(table->last_heard[at],
				      mcpeer_deadline_now());
	silent = table->last_heard[at] != table->reminded[at] &&
		 since > table->limits.interval + TICK_NSEC &&
		 since < table->limits.expiry;
	if (silent)
		table->reminded[at] = table->last_heard[at];
	spin_unlock_bh(&table->lock);
	return silent;
}

/**
 * mcpeer_table_say_own - this host's name is about to be announced
 * @table: the table
 *
 * Context: Process context. Takes the table's lock.
 */
void mcpeer_table_say_own(struct mcpeer_table *table)
{
	spin_lock_bh(&table->lock);
	table->own_said = mcpeer_deadline_now();
	spin_unlock_bh(&table->lock);
}

/**
 * mcpeer_table_init - make an empty table
 * @table: zeroed, with the constants set
 *
 * Context: Process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int mcpeer_table_init(struct mcpeer_table *table)
{
	int err;

	spin_lock_init(&table->lock);
	mcpeer_hash_init(&table->secret);
	mcpeer_roster_init(&table->roster);
	mcpeer_alarm_init(&table->conflict, &table->lock, table->journal,
			  MCPEER_EVENT_TYPE_CONFLICT,
			  MCPEER_EVENT_TYPE_CONFLICT_END);
	mcpeer_alarm_init(&table->full, &table->lock, table->journal,
			  MCPEER_EVENT_TYPE_TABLE_FULL,
			  MCPEER_EVENT_TYPE_TABLE_FULL_END);
	err = rhashtable_init(&table->hash, &mcpeer_lookup_params);
	if (err)
		return err;
	err = mcpeer_origin_init(&table->origins);
	if (err)
		rhashtable_destroy(&table->hash);
	return err;
}

/* Alarms end, with an event each or without. */
static void mcpeer_table_stop_alarms(struct mcpeer_table *table, bool tell)
{
	spin_lock_bh(&table->lock);
	if (tell) {
		mcpeer_alarm_end(&table->conflict);
		mcpeer_alarm_end(&table->full);
	}
	spin_unlock_bh(&table->lock);
	mcpeer_alarm_stop(&table->conflict);
	mcpeer_alarm_stop(&table->full);
}

/**
 * mcpeer_table_destroy - remove all peers, and the table
 * @table: nobody can put peers into it any more
 * @tell: whether the peers leave with an event each
 *
 * Context: Process context, sleeps. Takes the table's lock for each peer.
 */
void mcpeer_table_destroy(struct mcpeer_table *table, bool tell)
{
	struct mcpeer_peer *peer;
	u64 id = 0;

	do {
		spin_lock_bh(&table->lock);
		peer = mcpeer_roster_next(&table->roster, &id);
		if (peer)
			mcpeer_table_remove(peer, tell,
					    MCPEER_EVENT_TYPE_LEAVE);
		spin_unlock_bh(&table->lock);
		cond_resched();
	} while (peer);

	mcpeer_table_stop_alarms(table, tell);

	/* Timers that had fired may still be waiting for the lock. */
	synchronize_net();
	rhashtable_destroy(&table->hash);
	mcpeer_origin_destroy(&table->origins);
	/* The roster's own lock is taken with bottom halves off everywhere. */
	spin_lock_bh(&table->lock);
	mcpeer_roster_destroy(&table->roster);
	spin_unlock_bh(&table->lock);
}
