// SPDX-License-Identifier: GPL-2.0
#include "deadline.h"
#include "heard.h"
#include "table.h"

static void mcpeer_heard_prolong(struct mcpeer_peer *peer,
				 struct mcpeer_path *path, u64 now)
{
	lockdep_assert_held(&peer->table->lock);

	path->heard_at = now;
	peer->heard++;
	peer->deadline = mcpeer_deadline_after(now, peer->table->expiry);
}

/**
 * mcpeer_heard_refresh - hear a known peer again, at a known place
 * @table: table of the group
 * @heard: the announcement
 *
 * The way of almost all announcements: a lookup and a few stores. Allocates
 * nothing, arms nothing, tells nobody. The deadline decides, not the moment
 * at which the timer gets to run: an overdue peer is no longer known.
 *
 * Context: Softirq. Takes the table's lock.
 * Return: false if this is another kind of announcement, for
 * mcpeer_heard_accept().
 */
bool mcpeer_heard_refresh(struct mcpeer_table *table,
			  const struct mcpeer_heard *heard)
{
	struct mcpeer_path *path;
	struct mcpeer_peer *peer;
	bool known = false;
	u64 now;

	rcu_read_lock();
	peer = mcpeer_table_look(table, &heard->name);
	if (peer) {
		spin_lock(&table->lock);
		now = mcpeer_deadline_now();
		/* A local peer has no path of a place that can be heard. */
		path = mcpeer_path_find(&peer->paths, &heard->place);
		known = path && !peer->dead &&
			!mcpeer_deadline_passed(peer->deadline, now);
		if (known)
			mcpeer_heard_prolong(peer, path, now);
		spin_unlock(&table->lock);
	}
	rcu_read_unlock();
	return known;
}

static unsigned int mcpeer_heard_join(struct mcpeer_table *table,
				      const struct mcpeer_heard *heard)
{
	u64 now = mcpeer_deadline_now();
	struct mcpeer_peer *peer;

	if (table->count >= table->max)
		return MCPEER_A_STATS_DROP_FULL;
	peer = mcpeer_table_new_peer(table, heard->name, GFP_ATOMIC);
	if (!peer)
		return MCPEER_A_STATS_DROP_NOMEM;
	peer->source = MCPEER_SOURCE_NETWORK;
	mcpeer_path_set(&peer->paths, &heard->place, now);
	mcpeer_heard_prolong(peer, &peer->paths.first, now);

	if (mcpeer_table_insert(table, peer, now)) {
		mcpeer_peer_free(peer);
		return MCPEER_A_STATS_DROP_NOMEM;
	}
	return MCPEER_A_STATS_JOINED;
}

/*
 * A known peer at a new place. It has four paths at most; a fifth takes the
 * place of one that missed an announcement, which bounds the events that
 * somebody can make who claims a name at ever new addresses.
 */
static unsigned int mcpeer_heard_elsewhere(struct mcpeer_peer *peer,
					   const struct mcpeer_heard *heard,
					   u64 now)
{
	struct mcpeer_path *path;

	if (peer->paths.count < MCPEER_PATHS_MAX) {
		path = mcpeer_path_add(&peer->paths, &heard->place);
		if (!path)
			return MCPEER_A_STATS_DROP_NOMEM;
	} else {
		path = mcpeer_path_stalest(&peer->paths);
		if (now - path->heard_at <= peer->table->interval)
			return MCPEER_A_STATS_DROP_PATHS;
		path->place = heard->place;
	}
	mcpeer_heard_prolong(peer, path, now);
	mcpeer_table_tell(peer, MCPEER_EVENT_TYPE_UPDATE);
	return MCPEER_A_STATS_UPDATED;
}

static unsigned int mcpeer_heard_again(struct mcpeer_peer *peer,
				       const struct mcpeer_heard *heard)
{
	u64 now = mcpeer_deadline_now();
	struct mcpeer_path *path;

	if (peer->source == MCPEER_SOURCE_LOCAL)
		return MCPEER_A_STATS_SHADOWED;

	/* Another CPU may have heard it there a moment ago. */
	path = mcpeer_path_find(&peer->paths, &heard->place);
	if (!path)
		return mcpeer_heard_elsewhere(peer, heard, now);
	mcpeer_heard_prolong(peer, path, now);
	return MCPEER_A_STATS_REFRESHED;
}

/*
 * Another host uses our name. One event tells of it, until that host was
 * silent for the lifetime of a peer.
 */
static void mcpeer_heard_conflict(struct mcpeer_table *table,
				  const struct mcpeer_heard *heard)
{
	u64 now = mcpeer_deadline_now();
	bool known = !mcpeer_deadline_passed(table->conflict_until, now);
	struct mcpeer_peer_info info = {
		.group = table->group,
		.name = heard->name,
		.source = MCPEER_SOURCE_NETWORK,
		.state = MCPEER_STATE_ALIVE,
		.expires_in = div_u64(table->expiry, NSEC_PER_MSEC),
		.heard = 1,
		.path_count = 1,
		.path = { { .place = heard->place } },
	};

	lockdep_assert_held(&table->lock);

	table->conflict_until = mcpeer_deadline_after(now, table->expiry);
	if (known)
		return;
	mcpeer_table_name_iface(table, &info.path[0]);
	mcpeer_event_emit(table->journal, MCPEER_EVENT_TYPE_CONFLICT, &info);
}

/**
 * mcpeer_heard_accept - hear what mcpeer_heard_refresh() left
 * @table: table of the group
 * @heard: the announcement
 * @from_here: its address is one of this host's
 *
 * Context: Softirq. Takes the table's lock.
 * Return: the counter of what became of it, an MCPEER_A_STATS_ attribute.
 */
unsigned int mcpeer_heard_accept(struct mcpeer_table *table,
				 const struct mcpeer_heard *heard,
				 bool from_here)
{
	unsigned int verdict = MCPEER_A_STATS_OWN;
	struct mcpeer_peer *peer;

	spin_lock(&table->lock);
	if (!mcpeer_table_is_own(table, heard->name)) {
		peer = mcpeer_table_find(table, heard->name);
		verdict = peer ? mcpeer_heard_again(peer, heard) :
				 mcpeer_heard_join(table, heard);
	} else if (!from_here) {
		mcpeer_heard_conflict(table, heard);
		verdict = MCPEER_A_STATS_CONFLICT;
	}
	spin_unlock(&table->lock);
	return verdict;
}
