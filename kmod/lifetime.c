// SPDX-License-Identifier: GPL-2.0
/*
 * How peers end: by a timer each, or since somebody found that their time was
 * over. What table.c says of who may touch a peer holds here.
 */
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include "compat.h"
#include "deadline.h"
#include "lifetime.h"
#include "rival.h"

/* How many peers a sweep ends before those who listen may run, for a tick. */
#define MCPEER_LIFETIME_SWEEP	256

/*
 * If a table has more peers than this, their timers are kept from bunching.
 * Those of smaller ones run together, whosever they are.
 */
#define MCPEER_LIFETIME_CROWD	1000

/*
 * Paths that fell silent within this time, in nanoseconds, end together: an
 * announcement goes out on several at once, and a peer that ends shall not be
 * said to have lost a path a moment before.
 */
#define MCPEER_LIFETIME_TOGETHER	(100 * (u64)NSEC_PER_MSEC)

/* The one way to expire, whether the time has come or peer-expire says so. */
static void mcpeer_lifetime_end(struct mcpeer_peer *peer)
{
	mcpeer_stats_count(peer->table->stats, MCPEER_A_STATS_EXPIRED);
	mcpeer_table_remove(peer, true, MCPEER_EVENT_TYPE_EXPIRE);
}

/**
 * mcpeer_lifetime_arm - have a peer's timer run when its first path ends
 * @peer: is not dead
 * @now: mcpeer_deadline_now()
 *
 * Needed only where a deadline may have come nearer: a timer that runs too
 * early sees to itself.
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_lifetime_arm(struct mcpeer_peer *peer, u64 now)
{
	const struct mcpeer_path *stalest;
	u64 when = peer->deadline;

	lockdep_assert_held(&peer->table->lock);

	if (peer->paths.count > 1) {
		stalest = mcpeer_path_stalest(&peer->paths);
		when = mcpeer_deadline_after(stalest->heard_at,
					     peer->table->limits.expiry);
		/* As who prunes sees it, or the timer would run in vain. */
		if (peer->deadline - max(when, now) < MCPEER_LIFETIME_TOGETHER)
			when = peer->deadline;
	}
	mcpeer_peer_arm(peer, when, now,
			peer->table->count > MCPEER_LIFETIME_CROWD);
}

/* Paths that were silent for a lifetime end, although the peer lives on. */
static void mcpeer_lifetime_prune(struct mcpeer_peer *peer, u64 now)
{
	u64 expiry = peer->table->limits.expiry;

	if (peer->paths.count == 1 ||
	    peer->deadline - now < MCPEER_LIFETIME_TOGETHER)
		return;
	if (mcpeer_rival_over(&peer->paths, expiry, now))
		mcpeer_table_part_rivals(peer, now);
	if (mcpeer_path_prune(&peer->paths, expiry, now))
		mcpeer_table_tell(peer, MCPEER_EVENT_TYPE_UPDATE, now);
}

/*
 * The deadline may have moved since the timer was armed, and a long delay is
 * armed in steps: both are met by arming again for what remains.
 */
static void mcpeer_lifetime_timer(struct timer_list *timer)
{
	struct mcpeer_peer *peer = timer_container_of(peer, timer, timer);
	struct mcpeer_table *table = peer->table;
	u64 now;

	spin_lock(&table->lock);
	if (!peer->dead) {
		now = mcpeer_deadline_now();
		if (mcpeer_deadline_passed(peer->deadline, now)) {
			mcpeer_lifetime_end(peer);
		} else {
			mcpeer_lifetime_prune(peer, now);
			mcpeer_lifetime_arm(peer, now);
		}
	}
	spin_unlock(&table->lock);
}

/**
 * mcpeer_lifetime_find - the living peer of a name
 * @table: the table
 * @key: its name and the hash of that
 *
 * A peer whose deadline has passed, but whose timer has not run yet, is ended
 * here rather than found.
 *
 * Context: Any, under the table's lock.
 * Return: the peer or NULL.
 */
struct mcpeer_peer *mcpeer_lifetime_find(struct mcpeer_table *table,
					 const struct mcpeer_key *key)
{
	struct mcpeer_peer *peer;

	peer = mcpeer_table_find(table, key);
	if (peer && mcpeer_deadline_passed(peer->deadline,
					   mcpeer_deadline_now())) {
		mcpeer_lifetime_end(peer);
		return NULL;
	}
	return peer;
}

/**
 * mcpeer_lifetime_new_peer - make a peer for the table, not in it yet
 * @table: the table
 * @key: its name and the hash of that
 * @gfp: GFP_ATOMIC or GFP_KERNEL_ACCOUNT
 *
 * Context: Any that suits @gfp.
 * Return: the peer or NULL.
 */
struct mcpeer_peer *mcpeer_lifetime_new_peer(struct mcpeer_table *table,
					     const struct mcpeer_key *key,
					     gfp_t gfp)
{
	return mcpeer_peer_new(table, key, mcpeer_lifetime_timer, gfp);
}

/**
 * mcpeer_lifetime_expire - end a peer's lifetime now
 * @table: the table
 * @name: name of the peer
 * @extack: for the sentence that goes with a refusal
 *
 * Context: Process context. Takes the table's lock.
 * Return: 0 or -ENOENT.
 */
int mcpeer_lifetime_expire(struct mcpeer_table *table, struct mcpeer_text name,
			   struct netlink_ext_ack *extack)
{
	const struct mcpeer_key key = mcpeer_table_key(table, name);
	struct mcpeer_peer *peer;

	spin_lock_bh(&table->lock);
	peer = mcpeer_lifetime_find(table, &key);
	if (peer)
		mcpeer_lifetime_end(peer);
	else
		NL_SET_ERR_MSG(extack, "there is no peer of that name");
	spin_unlock_bh(&table->lock);
	return peer ? 0 : -ENOENT;
}

/*
 * The lifetime of the peers of the network has changed, or time has leapt.
 * Returns whether this ended the peer.
 */
static bool mcpeer_lifetime_settle(struct mcpeer_peer *peer)
{
	u64 latest = mcpeer_path_latest(&peer->paths);
	u64 expiry = peer->table->limits.expiry;
	u64 now = mcpeer_deadline_now();

	lockdep_assert_held(&peer->table->lock);

	if (peer->source == MCPEER_SOURCE_NETWORK)
		peer->deadline = mcpeer_deadline_after(latest, expiry);
	if (mcpeer_deadline_passed(peer->deadline, now)) {
		mcpeer_lifetime_end(peer);
		return true;
	}
	mcpeer_lifetime_prune(peer, now);
	mcpeer_lifetime_arm(peer, now);
	return false;
}

/**
 * mcpeer_lifetime_sweep - have each peer's deadline looked at now
 * @table: the table
 *
 * For when timers do not know: they stand still while the machine is
 * suspended, and deadlines do not. Peers that are overdue expire, a few at a
 * time, so that those who listen can keep up.
 *
 * Context: Process context, sleeps. Takes the table's lock for each peer.
 */
void mcpeer_lifetime_sweep(struct mcpeer_table *table)
{
	struct mcpeer_peer *peer;
	unsigned int count = 0;
	u64 id = 0;
	bool ended;

	do {
		spin_lock_bh(&table->lock);
		peer = mcpeer_roster_next(&table->roster, &id);
		ended = peer && mcpeer_lifetime_settle(peer);
		spin_unlock_bh(&table->lock);
		id++;
		if (ended && ++count % MCPEER_LIFETIME_SWEEP == 0)
			schedule_timeout_uninterruptible(1);
		else
			cond_resched();
	} while (peer);

	spin_lock_bh(&table->lock);
	mcpeer_alarm_look(&table->conflict);
	mcpeer_alarm_look(&table->full);
	spin_unlock_bh(&table->lock);
}

/**
 * mcpeer_lifetime_set_limits - change how many peers may be, and for how long
 * @table: the table
 * @limits: those who are there stay even if they are too many; the expiry
 *	holds for them as well, from when they were last heard
 *
 * Context: Process context, sleeps. Takes the table's lock for each peer.
 */
void mcpeer_lifetime_set_limits(struct mcpeer_table *table,
				const struct mcpeer_limits *limits)
{
	bool same;

	spin_lock_bh(&table->lock);
	same = table->limits.expiry == limits->expiry;
	table->limits = *limits;
	if (table->count < limits->max)
		mcpeer_alarm_end(&table->full);
	spin_unlock_bh(&table->lock);

	/* Whoever joins from here on has the new expiry anyway. */
	if (!same)
		mcpeer_lifetime_sweep(table);
}
