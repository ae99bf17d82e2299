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
 */
#include <linux/jhash.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include "compat.h"
#include "deadline.h"
#include "table.h"

/* The key of a lookup is a struct mcpeer_text. */
static u32 mcpeer_table_hash_key(const void *data, u32 len, u32 seed)
{
	const struct mcpeer_text *name = data;

	return jhash(name->at, name->len, seed);
}

static u32 mcpeer_table_hash_peer(const void *data, u32 len, u32 seed)
{
	const struct mcpeer_peer *peer = data;

	return jhash(peer->name, peer->name_len, seed);
}

static int mcpeer_table_compare(struct rhashtable_compare_arg *arg,
				const void *entry)
{
	const struct mcpeer_text *name = arg->key;

	return !mcpeer_text_equal(*name, mcpeer_peer_name(entry));
}

static const struct rhashtable_params mcpeer_table_params = {
	.head_offset = offsetof(struct mcpeer_peer, node),
	.hashfn = mcpeer_table_hash_key,
	.obj_hashfn = mcpeer_table_hash_peer,
	.obj_cmpfn = mcpeer_table_compare,
	.automatic_shrinking = true,
};

/**
 * mcpeer_table_look - find a peer without the lock
 * @table: the table
 * @name: its name
 *
 * Context: Any, within an RCU read-side section.
 * Return: the peer, which may be dead by now, or NULL.
 */
struct mcpeer_peer *mcpeer_table_look(struct mcpeer_table *table,
				      const struct mcpeer_text *name)
{
	return rhashtable_lookup(&table->hash, name, mcpeer_table_params);
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
	strscpy(path->ifname, dev ? dev->name : "", IFNAMSIZ);
	rcu_read_unlock();
}

/**
 * mcpeer_table_describe - say all that is known of a peer
 * @peer: the peer
 * @info: set
 *
 * Context: Any, under the table's lock. @info is good as long as that is held.
 */
void mcpeer_table_describe(const struct mcpeer_peer *peer,
			   struct mcpeer_peer_info *info)
{
	const struct mcpeer_table *table = peer->table;
	unsigned int i;

	lockdep_assert_held(&table->lock);

	mcpeer_peer_describe(peer, info);
	info->group = table->group;
	for (i = 0; i < info->path_count; i++)
		mcpeer_table_name_iface(table, &info->path[i]);
}

/**
 * mcpeer_table_tell - emit an event about a peer
 * @peer: the peer
 * @type: enum mcpeer_event_type
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_table_tell(const struct mcpeer_peer *peer, u32 type)
{
	struct mcpeer_peer_info info;

	mcpeer_table_describe(peer, &info);
	mcpeer_event_emit(peer->table->journal, type, &info);
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

	lockdep_assert_held(&table->lock);

	peer->dead = true;
	timer_shutdown(&peer->timer);
	rhashtable_remove_fast(&table->hash, &peer->node, mcpeer_table_params);
	xa_erase(&table->ids, peer->id);
	table->count--;
	atomic_inc(table->generation);
	if (tell)
		mcpeer_table_tell(peer, type);
	mcpeer_peer_free_later(peer);
}

/* The one way to expire, whether the time has come or peer-expire says so. */
static void mcpeer_table_end(struct mcpeer_peer *peer)
{
	mcpeer_stats_count(peer->table->stats, MCPEER_A_STATS_EXPIRED);
	mcpeer_table_remove(peer, true, MCPEER_EVENT_TYPE_EXPIRE);
}

/**
 * mcpeer_table_arm - have a peer's timer run when its first path ends
 * @peer: is not dead
 * @now: mcpeer_deadline_now()
 *
 * Needed only where a deadline may have come nearer: a timer that runs too
 * early sees to itself.
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_table_arm(struct mcpeer_peer *peer, u64 now)
{
	const struct mcpeer_path *stalest;
	u64 when = peer->deadline;

	lockdep_assert_held(&peer->table->lock);

	if (peer->paths.count > 1) {
		stalest = mcpeer_path_stalest(&peer->paths);
		when = mcpeer_deadline_after(stalest->heard_at,
					     peer->table->expiry);
	}
	mcpeer_peer_arm(peer, when, now);
}

/* Paths that were silent for a lifetime end, although the peer lives on. */
static void mcpeer_table_prune(struct mcpeer_peer *peer, u64 now)
{
	if (peer->paths.count > 1 &&
	    mcpeer_path_prune(&peer->paths, peer->table->expiry, now))
		mcpeer_table_tell(peer, MCPEER_EVENT_TYPE_UPDATE);
}

/*
 * The deadline may have moved since the timer was armed, and a long delay is
 * armed in steps: both are met by arming again for what remains.
 */
static void mcpeer_table_timer(struct timer_list *timer)
{
	struct mcpeer_peer *peer = timer_container_of(peer, timer, timer);
	struct mcpeer_table *table = peer->table;
	u64 now;

	spin_lock(&table->lock);
	if (!peer->dead) {
		now = mcpeer_deadline_now();
		if (mcpeer_deadline_passed(peer->deadline, now)) {
			mcpeer_table_end(peer);
		} else {
			mcpeer_table_prune(peer, now);
			mcpeer_table_arm(peer, now);
		}
	}
	spin_unlock(&table->lock);
}

/**
 * mcpeer_table_find - the living peer of a name
 * @table: the table
 * @name: its name
 *
 * A peer whose deadline has passed, but whose timer has not run yet, is ended
 * here rather than found.
 *
 * Context: Any, under the table's lock.
 * Return: the peer or NULL.
 */
struct mcpeer_peer *mcpeer_table_find(struct mcpeer_table *table,
				      struct mcpeer_text name)
{
	struct mcpeer_peer *peer;

	lockdep_assert_held(&table->lock);

	peer = rhashtable_lookup_fast(&table->hash, &name, mcpeer_table_params);
	if (peer && mcpeer_deadline_passed(peer->deadline,
					   mcpeer_deadline_now())) {
		mcpeer_table_end(peer);
		return NULL;
	}
	return peer;
}

/**
 * mcpeer_table_new_peer - make a peer for the table, not in it yet
 * @table: the table
 * @name: its name
 * @gfp: GFP_ATOMIC or GFP_KERNEL_ACCOUNT
 *
 * Context: Any that suits @gfp.
 * Return: the peer or NULL.
 */
struct mcpeer_peer *mcpeer_table_new_peer(struct mcpeer_table *table,
					  struct mcpeer_text name, gfp_t gfp)
{
	return mcpeer_peer_new(table, name, mcpeer_table_timer, gfp);
}

/**
 * mcpeer_table_insert - put a peer into the table, which is a join
 * @table: the table; not full; has no peer of that name
 * @peer: from mcpeer_table_new_peer(), with its path and deadline set
 * @now: mcpeer_deadline_now()
 *
 * Context: Any, under the table's lock.
 * Return: 0, or -ENOMEM with the peer left to the caller.
 */
int mcpeer_table_insert(struct mcpeer_table *table, struct mcpeer_peer *peer,
			u64 now)
{
	int err;

	lockdep_assert_held(&table->lock);

	/* Only reserved: a dump must not see a peer that may yet be freed. */
	err = xa_alloc_cyclic(&table->ids, &peer->id, NULL, xa_limit_32b,
			      &table->next_id, GFP_ATOMIC | __GFP_NOWARN);
	if (err < 0)
		return -ENOMEM;
	err = rhashtable_insert_fast(&table->hash, &peer->node,
				     mcpeer_table_params);
	if (err) {
		xa_erase(&table->ids, peer->id);
		return -ENOMEM;
	}
	/* What is reserved takes no memory to fill. */
	xa_store(&table->ids, peer->id, peer, 0);

	peer->joined = now;
	table->count++;
	atomic_inc(table->generation);
	mcpeer_table_arm(peer, now);
	mcpeer_table_tell(peer, MCPEER_EVENT_TYPE_JOIN);
	return 0;
}

/**
 * mcpeer_table_expire - end a peer's lifetime now
 * @table: the table
 * @name: name of the peer
 * @extack: for the sentence that goes with a refusal
 *
 * Context: Process context. Takes the table's lock.
 * Return: 0 or -ENOENT.
 */
int mcpeer_table_expire(struct mcpeer_table *table, struct mcpeer_text name,
			struct netlink_ext_ack *extack)
{
	struct mcpeer_peer *peer;

	spin_lock_bh(&table->lock);
	peer = mcpeer_table_find(table, name);
	if (peer)
		mcpeer_table_end(peer);
	else
		NL_SET_ERR_MSG(extack, "there is no peer of that name");
	spin_unlock_bh(&table->lock);
	return peer ? 0 : -ENOENT;
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

/* The lifetime of the peers of the network has changed. */
static void mcpeer_table_set_deadline(struct mcpeer_peer *peer)
{
	struct mcpeer_path path[MCPEER_PATHS_MAX];
	u64 expiry = peer->table->expiry;

	lockdep_assert_held(&peer->table->lock);

	if (peer->dead || peer->source != MCPEER_SOURCE_NETWORK)
		return;
	mcpeer_path_sort(&peer->paths, path);
	peer->deadline = mcpeer_deadline_after(path[0].heard_at, expiry);
	mcpeer_table_arm(peer, mcpeer_deadline_now());
}

/**
 * mcpeer_table_set_limits - change how many peers may be, and for how long
 * @table: the table
 * @max: peers at most; those there are stay even if they are more
 * @expiry: lifetime of a peer of the network, nanoseconds; holds for those
 *	there are, from when they were last heard
 * @interval: longest time between two announcements, nanoseconds
 *
 * Context: Process context, may sleep. Takes the table's lock for each peer.
 */
void mcpeer_table_set_limits(struct mcpeer_table *table, u32 max, u64 expiry,
			     u64 interval)
{
	struct mcpeer_peer *peer;
	unsigned long id = 0;
	bool same;

	spin_lock_bh(&table->lock);
	table->max = max;
	same = table->expiry == expiry;
	table->expiry = expiry;
	table->interval = interval;
	spin_unlock_bh(&table->lock);

	/* Whoever joins from here on has the new expiry anyway. */
	while (!same) {
		rcu_read_lock();
		peer = xa_find(&table->ids, &id, ULONG_MAX, XA_PRESENT);
		if (peer) {
			spin_lock_bh(&table->lock);
			mcpeer_table_set_deadline(peer);
			spin_unlock_bh(&table->lock);
		}
		rcu_read_unlock();
		if (!peer)
			break;
		id++;
		cond_resched();
	}
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
	struct mcpeer_peer *peer;

	spin_lock_bh(&table->lock);
	memcpy(table->own, name.at, name.len);
	table->own_len = name.len;
	table->conflict_until = 0;
	peer = mcpeer_table_find(table, name);
	if (peer)
		mcpeer_table_remove(peer, true, MCPEER_EVENT_TYPE_LEAVE);
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
	spin_lock_init(&table->lock);
	xa_init_flags(&table->ids, XA_FLAGS_ALLOC1);
	return rhashtable_init(&table->hash, &mcpeer_table_params);
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
	unsigned long id;

	do {
		id = 0;
		spin_lock_bh(&table->lock);
		peer = xa_find(&table->ids, &id, ULONG_MAX, XA_PRESENT);
		if (peer)
			mcpeer_table_remove(peer, tell,
					    MCPEER_EVENT_TYPE_LEAVE);
		spin_unlock_bh(&table->lock);
		cond_resched();
	} while (peer);

	/* Timers that had fired may still be waiting for the lock. */
	synchronize_net();
	rhashtable_destroy(&table->hash);
	xa_destroy(&table->ids);
}
