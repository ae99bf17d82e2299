/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A known peer that is heard again where it was heard before: the way of almost
 * all announcements, and therefore in line. A lookup and a few stores; it
 * allocates nothing, arms nothing and tells nobody, but for a conflict that
 * begins.
 */
#ifndef MCPEER_REFRESH_H
#define MCPEER_REFRESH_H

#include "deadline.h"
#include "heard.h"
#include "lookup.h"
#include "path.h"
#include "peer.h"
#include "table.h"

/**
 * mcpeer_refresh_path - a peer and one of its paths live on
 * @peer: the peer
 * @path: where it was heard
 * @direct: see struct mcpeer_heard
 * @now: mcpeer_deadline_now()
 *
 * Context: Any, under the table's lock.
 */
static inline void mcpeer_refresh_path(struct mcpeer_peer *peer,
				       struct mcpeer_path *path, bool direct,
				       u64 now)
{
	struct mcpeer_table *table = peer->table;

	lockdep_assert_held(&table->lock);

	path->heard_at = now;
	peer->heard++;
	if (!direct)
		table->last_heard[(u32)path->place.ifindex %
				  MCPEER_TABLE_IFACES] = now;
	peer->deadline = mcpeer_deadline_after(now, table->limits.expiry);
}

/**
 * mcpeer_refresh - hear a known peer again, at a known place
 * @table: table of the group
 * @key: its name and the hash of that
 * @place: where a multicast announcement of it was heard
 *
 * The deadline decides, not the moment at which the timer gets to run: an
 * overdue peer is no longer known.
 *
 * Context: Softirq, within an RCU read-side section. Takes the table's lock.
 * Return: false if this is another kind of announcement, for
 * mcpeer_heard_accept().
 */
static __always_inline bool mcpeer_refresh(struct mcpeer_table *table,
					   const struct mcpeer_key *key,
					   const struct mcpeer_place *place)
{
	struct mcpeer_path *path;
	struct mcpeer_peer *peer;
	bool known = false;
	u64 now;

	peer = mcpeer_lookup(table, key);
	if (unlikely(!peer))
		return false;
	spin_lock(&table->lock);
	now = mcpeer_deadline_now();
	/* A local peer has no path of a place that can be heard. */
	path = mcpeer_path_find(&peer->paths, place);
	if (unlikely(!path || peer->dead ||
		     mcpeer_deadline_passed(peer->deadline, now)))
		goto out_unlock;
	known = true;
	/* Where there are several paths, two hosts may be. */
	if (likely(peer->paths.count == 1))
		mcpeer_refresh_path(peer, path, false, now);
	else
		mcpeer_heard_one_of(peer, path, false, now);
out_unlock:
	spin_unlock(&table->lock);
	return known;
}

#endif /* MCPEER_REFRESH_H */
