// SPDX-License-Identifier: GPL-2.0
#include "deadline.h"
#include "heard.h"
#include "inet.h"
#include "lifetime.h"
#include "refresh.h"
#include "rival.h"

/**
 * mcpeer_heard_one_of - hear a peer again at one of several places it has
 * @peer: the peer
 * @path: where it was heard
 * @direct: see struct mcpeer_heard
 * @now: mcpeer_deadline_now()
 *
 * There may be two hosts of that name; when that shows, an event tells.
 *
 * Context: Softirq, under the table's lock.
 */
void mcpeer_heard_one_of(struct mcpeer_peer *peer, struct mcpeer_path *path,
			 bool direct, u64 now)
{
	const struct mcpeer_limits *limits = &peer->table->limits;
	bool rivals = mcpeer_rival_heard(&peer->paths, path, limits->interval,
					 now);

	mcpeer_refresh_path(peer, path, direct, now);
	if (rivals &&
	    mcpeer_rival_begin(&peer->paths, path, limits->expiry, now))
		mcpeer_table_tell_rivals(peer, MCPEER_EVENT_TYPE_CONFLICT,
					 now);
}

/**
 * mcpeer_heard_refresh - mcpeer_refresh(), out of line
 * @table: as there
 * @heard: the announcement
 *
 * For what is rare: were it in line twice in one file, the compiler would take
 * parts of both for functions.
 *
 * Context: Softirq, within an RCU read-side section. Takes the table's lock.
 * Return: as there.
 */
bool mcpeer_heard_refresh(struct mcpeer_table *table,
			  const struct mcpeer_heard *heard)
{
	return mcpeer_refresh(table, &heard->key, &heard->place);
}

/* Somebody is refused for want of room: one event tells when that begins. */
static void mcpeer_heard_full(struct mcpeer_table *table)
{
	struct mcpeer_peer_info info = {
		.group = table->group,
		.path_count = 1,
	};

	if (mcpeer_alarm_prolong(&table->full, table->limits.expiry))
		mcpeer_alarm_raise(&table->full, &info);
}

/* Whether a new name may come now. They may come all at once, or evenly. */
static bool mcpeer_heard_in_time(struct mcpeer_table *table, u64 now)
{
	lockdep_assert_held(&table->lock);

	if (table->join_due > now + NSEC_PER_SEC)
		return false;
	table->join_due = max(table->join_due, now) +
			  div_u64(NSEC_PER_SEC, table->limits.join_rate);
	return true;
}

/* A peer for a new name. */
static struct mcpeer_peer *
mcpeer_heard_new_peer(struct mcpeer_table *table,
		      const struct mcpeer_heard *heard, u64 now)
{
	struct mcpeer_peer *peer;

	peer = mcpeer_lifetime_new_peer(table, &heard->key, GFP_ATOMIC);
	if (!peer)
		return NULL;
	peer->source = MCPEER_SOURCE_NETWORK;
	mcpeer_path_set(&peer->paths, &heard->place, now);
	mcpeer_refresh_path(peer, &peer->paths.first, heard->direct, now);
	return peer;
}

/*
 * In this order: an address that has its fill uses up nobody else's rate, and
 * memory is only asked for what may come.
 */
static unsigned int mcpeer_heard_join(struct mcpeer_table *table,
				      const struct mcpeer_heard *heard)
{
	struct mcpeer_origins *origins = &table->origins;
	u32 key = mcpeer_origin_key(origins, &heard->place.addr);
	u64 now = mcpeer_deadline_now();
	struct mcpeer_origin *origin;
	struct mcpeer_peer *peer;

	if (table->count >= table->limits.max) {
		mcpeer_heard_full(table);
		return MCPEER_A_STATS_DROP_FULL;
	}
	origin = mcpeer_origin_find(origins, key);
	if (origin && origin->count >= table->limits.per_source)
		return MCPEER_A_STATS_DROP_PER_SOURCE;
	if (!mcpeer_heard_in_time(table, now))
		return MCPEER_A_STATS_DROP_RATE;
	peer = mcpeer_heard_new_peer(table, heard, now);
	if (!peer)
		return MCPEER_A_STATS_DROP_NOMEM;
	peer->origin = mcpeer_origin_take(origins, origin, key);
	if (!peer->origin || mcpeer_table_insert(table, peer, now)) {
		mcpeer_origin_give(origins, peer->origin);
		mcpeer_peer_free(peer);
		return MCPEER_A_STATS_DROP_NOMEM;
	}
	mcpeer_lifetime_arm(peer, now);
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
		if (mcpeer_deadline_since(path->heard_at, now) <=
		    peer->table->limits.interval + TICK_NSEC)
			return MCPEER_A_STATS_DROP_PATHS;
		if (peer->paths.rivals &
		    BIT(mcpeer_path_index(&peer->paths, path)))
			mcpeer_table_part_rivals(peer, now);
		mcpeer_path_replace(&peer->paths, path, &heard->place);
	}
	mcpeer_refresh_path(peer, path, heard->direct, now);
	mcpeer_table_tell(peer, MCPEER_EVENT_TYPE_UPDATE, now);
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
	if (peer->paths.count == 1)
		mcpeer_refresh_path(peer, path, heard->direct, now);
	else
		mcpeer_heard_one_of(peer, path, heard->direct, now);
	return MCPEER_A_STATS_REFRESHED;
}

/*
 * How long after an announcement of ours our name may come back from somewhere,
 * by a reflector that puts its own address on it, without being somebody
 * else's. A host of our name speaks at moments of its own, and is found out
 * after an announcement or two.
 */
static u64 mcpeer_heard_echo_time(const struct mcpeer_table *table)
{
	return min_t(u64, table->limits.interval / 8, NSEC_PER_SEC);
}

/*
 * Once it has been found out, what it says at the moment when we speak is no
 * echo either: the conflict does not end since two are in step for a while.
 */
static bool mcpeer_heard_is_rival(const struct mcpeer_table *table,
				  const struct mcpeer_heard *heard)
{
	return table->conflict.raised &&
	       mcpeer_addr_same_place(&table->conflict.info.path[0].place,
				      &heard->place);
}

/* Another host uses our name: told with both places. */
static void mcpeer_heard_conflict(struct mcpeer_table *table,
				  const struct mcpeer_heard *heard,
				  struct net_device *dev)
{
	const struct mcpeer_addr *foreign = &heard->place.addr;
	struct mcpeer_peer_info info = {
		.group = table->group,
		.name = heard->key.name,
		.source = MCPEER_SOURCE_NETWORK,
		.state = MCPEER_STATE_ALIVE,
		.expires_in = div_u64(table->limits.expiry, NSEC_PER_MSEC),
		.heard = 1,
		.own = true,
		.path_count = 2,
		.path = {
			{ .place = heard->place },
			{ .place.ifindex = heard->place.ifindex },
		},
	};
	unsigned int i;

	lockdep_assert_held(&table->lock);

	if (!mcpeer_alarm_prolong(&table->conflict, table->limits.expiry))
		return;
	mcpeer_inet_by(foreign->family)->own(table->net, dev, foreign,
					     &info.path[1].place.addr);
	for (i = 0; i < info.path_count; i++)
		mcpeer_table_name_iface(table, &info.path[i]);
	mcpeer_alarm_raise(&table->conflict, &info);
}

/* Our own name: from here, or from a host that calls itself the same? */
static unsigned int mcpeer_heard_own(struct mcpeer_table *table,
				     const struct mcpeer_heard *heard)
{
	const struct mcpeer_addr *addr = &heard->place.addr;
	u64 since = mcpeer_deadline_since(table->own_said,
					  mcpeer_deadline_now());
	unsigned int verdict = MCPEER_A_STATS_OWN;
	struct net_device *dev;

	rcu_read_lock();
	dev = dev_get_by_index_rcu(table->net, heard->place.ifindex);
	if (dev && (since > mcpeer_heard_echo_time(table) ||
		    mcpeer_heard_is_rival(table, heard)) &&
	    !mcpeer_inet_by(addr->family)->is_here(table->net, dev, addr)) {
		mcpeer_heard_conflict(table, heard, dev);
		verdict = MCPEER_A_STATS_CONFLICT;
	}
	rcu_read_unlock();
	return verdict;
}

/**
 * mcpeer_heard_accept - hear what mcpeer_refresh() left, or anything
 * @table: table of the group
 * @heard: the announcement
 *
 * Context: Softirq. Takes the table's lock.
 * Return: the counter of what became of it, an MCPEER_A_STATS_ attribute.
 */
unsigned int mcpeer_heard_accept(struct mcpeer_table *table,
				 const struct mcpeer_heard *heard)
{
	struct mcpeer_peer *peer;
	unsigned int verdict;

	spin_lock(&table->lock);
	if (mcpeer_table_is_own(table, heard->key.name)) {
		verdict = mcpeer_heard_own(table, heard);
	} else {
		peer = mcpeer_lifetime_find(table, &heard->key);
		verdict = peer ? mcpeer_heard_again(peer, heard) :
				 mcpeer_heard_join(table, heard);
	}
	spin_unlock(&table->lock);
	return verdict;
}
