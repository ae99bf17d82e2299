// SPDX-License-Identifier: GPL-2.0
#include <net/netlink.h>
#include "attrs.h"

/* Strings of the family end in NUL on the wire, as libraries expect. */
static int mcpeer_attrs_put_text(struct sk_buff *skb, int type,
				 struct mcpeer_text text)
{
	struct nlattr *attr = nla_reserve(skb, type, text.len + 1);

	if (!attr)
		return -EMSGSIZE;
	memcpy(nla_data(attr), text.at, text.len);
	((char *)nla_data(attr))[text.len] = '\0';
	return 0;
}

static int mcpeer_attrs_put_addr(struct sk_buff *skb, int type,
				 const struct mcpeer_addr *addr)
{
	switch (addr->family) {
	case AF_INET:
		return nla_put_in_addr(skb, type, addr->v4);
	case AF_INET6:
		return nla_put_in6_addr(skb, type, &addr->v6);
	default:
		return 0;
	}
}

static size_t mcpeer_attrs_path_size(void)
{
	return nla_total_size(sizeof(struct in6_addr)) +
	       nla_total_size(sizeof(u32)) +		/* ifindex */
	       nla_total_size(IFNAMSIZ) +
	       nla_total_size_64bit(sizeof(u64));	/* silent */
}

static size_t mcpeer_attrs_peer_size(const struct mcpeer_peer_info *peer)
{
	return nla_total_size(peer->group.len + 1) +
	       nla_total_size(peer->name.len + 1) +
	       mcpeer_attrs_path_size() +
	       (peer->value.at ? nla_total_size(peer->value.len + 1) : 0) +
	       nla_total_size(sizeof(u32)) * 2 +	/* source, state */
	       nla_total_size_64bit(sizeof(u64)) * 3 +
	       nla_total_size(mcpeer_attrs_path_size()) * peer->path_count;
}

/**
 * mcpeer_attrs_event_size - room that mcpeer_attrs_put_event() needs at most
 * @event: the event
 *
 * Context: Any.
 * Return: bytes.
 */
size_t mcpeer_attrs_event_size(const struct mcpeer_event_info *event)
{
	return nla_total_size_64bit(sizeof(u64)) * 2 +	/* seq, ago */
	       nla_total_size(sizeof(u32)) +		/* type */
	       nla_total_size(event->peer->group.len + 1) +
	       nla_total_size(0) +			/* own */
	       nla_total_size(mcpeer_attrs_peer_size(event->peer));
}

static int mcpeer_attrs_put_iface_of(struct sk_buff *skb,
				     const struct mcpeer_path_info *path,
				     int ifindex, int ifname)
{
	if (path->place.ifindex &&
	    nla_put_u32(skb, ifindex, path->place.ifindex))
		return -EMSGSIZE;
	if (path->ifname[0] && nla_put_string(skb, ifname, path->ifname))
		return -EMSGSIZE;
	return 0;
}

/* The same attributes stand in a peer, for its freshest path, and in a path. */
static int mcpeer_attrs_put_place(struct sk_buff *skb,
				  const struct mcpeer_path_info *path,
				  int address, int ifindex, int ifname)
{
	if (mcpeer_attrs_put_addr(skb, address, &path->place.addr))
		return -EMSGSIZE;
	return mcpeer_attrs_put_iface_of(skb, path, ifindex, ifname);
}

static int mcpeer_attrs_put_path(struct sk_buff *skb,
				 const struct mcpeer_path_info *path)
{
	struct nlattr *nest = nla_nest_start(skb, MCPEER_A_PEER_PATH);

	if (!nest ||
	    mcpeer_attrs_put_place(skb, path, MCPEER_A_PATH_ADDRESS,
				   MCPEER_A_PATH_IFINDEX,
				   MCPEER_A_PATH_IFNAME) ||
	    nla_put_u64_64bit(skb, MCPEER_A_PATH_SILENT, path->silent,
			      MCPEER_A_PATH_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * mcpeer_attrs_put_peer - write a peer
 * @skb: message to append to
 * @peer: the peer
 *
 * Context: Any.
 * Return: 0, or -EMSGSIZE with a part of it written.
 */
int mcpeer_attrs_put_peer(struct sk_buff *skb,
			  const struct mcpeer_peer_info *peer)
{
	unsigned int i;

	if (mcpeer_attrs_put_text(skb, MCPEER_A_PEER_GROUP, peer->group) ||
	    mcpeer_attrs_put_text(skb, MCPEER_A_PEER_NAME, peer->name) ||
	    mcpeer_attrs_put_place(skb, &peer->path[0], MCPEER_A_PEER_ADDRESS,
				   MCPEER_A_PEER_IFINDEX, MCPEER_A_PEER_IFNAME))
		return -EMSGSIZE;
	if (peer->value.at &&
	    mcpeer_attrs_put_text(skb, MCPEER_A_PEER_VALUE, peer->value))
		return -EMSGSIZE;
	if (nla_put_u32(skb, MCPEER_A_PEER_SOURCE, peer->source) ||
	    nla_put_u32(skb, MCPEER_A_PEER_STATE, peer->state) ||
	    nla_put_u64_64bit(skb, MCPEER_A_PEER_AGE, peer->age,
			      MCPEER_A_PEER_PAD) ||
	    nla_put_u64_64bit(skb, MCPEER_A_PEER_SILENT, peer->path[0].silent,
			      MCPEER_A_PEER_PAD) ||
	    nla_put_u64_64bit(skb, MCPEER_A_PEER_HEARD, peer->heard,
			      MCPEER_A_PEER_PAD))
		return -EMSGSIZE;
	if (peer->expires_in != U64_MAX &&
	    nla_put_u64_64bit(skb, MCPEER_A_PEER_EXPIRES_IN, peer->expires_in,
			      MCPEER_A_PEER_PAD))
		return -EMSGSIZE;
	for (i = 0; peer->path_count > 1 && i < peer->path_count; i++)
		if (mcpeer_attrs_put_path(skb, &peer->path[i]))
			return -EMSGSIZE;
	return 0;
}

/**
 * mcpeer_attrs_put_event - write an event
 * @skb: message to append to
 * @event: the event
 *
 * Context: Any.
 * Return: 0, or -EMSGSIZE with a part of it written.
 */
int mcpeer_attrs_put_event(struct sk_buff *skb,
			   const struct mcpeer_event_info *event)
{
	const struct mcpeer_path_info *path = &event->peer->path[0];
	struct nlattr *nest;

	if (nla_put_u64_64bit(skb, MCPEER_A_EVENT_SEQ, event->seq,
			      MCPEER_A_EVENT_PAD) ||
	    nla_put_u32(skb, MCPEER_A_EVENT_TYPE, event->type) ||
	    mcpeer_attrs_put_text(skb, MCPEER_A_EVENT_GROUP,
				  event->peer->group) ||
	    nla_put_u64_64bit(skb, MCPEER_A_EVENT_AGO, event->ago,
			      MCPEER_A_EVENT_PAD))
		return -EMSGSIZE;

	if (!event->peer->name.len)
		return mcpeer_attrs_put_iface_of(skb, path,
						 MCPEER_A_EVENT_IFINDEX,
						 MCPEER_A_EVENT_IFNAME);
	if (event->peer->own && nla_put_flag(skb, MCPEER_A_EVENT_OWN))
		return -EMSGSIZE;
	nest = nla_nest_start(skb, MCPEER_A_EVENT_PEER);
	if (!nest || mcpeer_attrs_put_peer(skb, event->peer))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * mcpeer_attrs_put_journal - write how far the journal reaches
 * @skb: message to append to
 * @seq: number of the last event
 * @first: number of the oldest event kept
 * @lost: events that could not be recorded
 *
 * Context: Any.
 * Return: 0, or -EMSGSIZE with a part of it written.
 */
int mcpeer_attrs_put_journal(struct sk_buff *skb, u64 seq, u64 first, u64 lost)
{
	if (nla_put_u64_64bit(skb, MCPEER_A_EVENT_SEQ, seq,
			      MCPEER_A_EVENT_PAD) ||
	    nla_put_u64_64bit(skb, MCPEER_A_EVENT_FIRST, first,
			      MCPEER_A_EVENT_PAD) ||
	    nla_put_u64_64bit(skb, MCPEER_A_EVENT_LOST, lost,
			      MCPEER_A_EVENT_PAD))
		return -EMSGSIZE;
	return 0;
}

static int mcpeer_attrs_put_stats(struct sk_buff *skb,
				  const u64 stats[MCPEER_STATS_COUNT])
{
	struct nlattr *nest;
	unsigned int id;

	nest = nla_nest_start(skb, MCPEER_A_GROUP_STATS);
	if (!nest)
		return -EMSGSIZE;
	for (id = MCPEER_A_STATS_RX; id < MCPEER_STATS_COUNT; id++)
		if (nla_put_u64_64bit(skb, id, stats[id], MCPEER_A_STATS_PAD))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int mcpeer_attrs_put_targets(struct sk_buff *skb,
				    const struct mcpeer_targets *targets)
{
	unsigned int len = mcpeer_target_text(targets, NULL, 0);
	struct nlattr *attr;

	if (!len)
		return 0;
	attr = nla_reserve(skb, MCPEER_A_GROUP_TARGETS, len + 1);
	if (!attr)
		return -EMSGSIZE;
	mcpeer_target_text(targets, nla_data(attr), len + 1);
	return 0;
}

/**
 * mcpeer_attrs_put_group - write a group, without its interfaces
 * @skb: message to append to
 * @group: the group
 *
 * Context: Any.
 * Return: 0, or -EMSGSIZE with a part of it written.
 */
int mcpeer_attrs_put_group(struct sk_buff *skb,
			   const struct mcpeer_group_info *group)
{
	if (mcpeer_attrs_put_text(skb, MCPEER_A_GROUP_NAME, group->name) ||
	    mcpeer_attrs_put_addr(skb, MCPEER_A_GROUP_ADDRESS,
				  &group->addr[MCPEER_V4]) ||
	    mcpeer_attrs_put_addr(skb, MCPEER_A_GROUP_ADDRESS6,
				  &group->addr[MCPEER_V6]) ||
	    nla_put_u32(skb, MCPEER_A_GROUP_PORT, group->port) ||
	    mcpeer_attrs_put_text(skb, MCPEER_A_GROUP_PREFIX, group->prefix) ||
	    nla_put_u32(skb, MCPEER_A_GROUP_TTL, group->ttl) ||
	    nla_put_u32(skb, MCPEER_A_GROUP_INTERVAL, group->interval) ||
	    nla_put_u32(skb, MCPEER_A_GROUP_EXPIRY, group->expiry) ||
	    nla_put_u32(skb, MCPEER_A_GROUP_MAX_PEERS, group->max_peers) ||
	    nla_put_u32(skb, MCPEER_A_GROUP_PER_SOURCE, group->per_source) ||
	    nla_put_u32(skb, MCPEER_A_GROUP_JOIN_RATE, group->join_rate) ||
	    nla_put_u32(skb, MCPEER_A_GROUP_OFF_LINK, group->off_link) ||
	    nla_put_u32(skb, MCPEER_A_GROUP_REPEAT, group->repeat) ||
	    nla_put_u32(skb, MCPEER_A_GROUP_PEERS, group->peers))
		return -EMSGSIZE;
	if (group->hostname.len &&
	    mcpeer_attrs_put_text(skb, MCPEER_A_GROUP_HOSTNAME,
				  group->hostname))
		return -EMSGSIZE;
	if (group->interfaces.len &&
	    mcpeer_attrs_put_text(skb, MCPEER_A_GROUP_INTERFACES,
				  group->interfaces))
		return -EMSGSIZE;
	if (group->listen.len &&
	    mcpeer_attrs_put_text(skb, MCPEER_A_GROUP_LISTEN, group->listen))
		return -EMSGSIZE;
	if (mcpeer_attrs_put_targets(skb, group->targets))
		return -EMSGSIZE;
	return mcpeer_attrs_put_stats(skb, group->stats);
}

/**
 * mcpeer_attrs_put_iface - write an interface of a group
 * @skb: message to append to
 * @iface: the interface
 *
 * Context: Any.
 * Return: 0, or -EMSGSIZE with a part of it written.
 */
int mcpeer_attrs_put_iface(struct sk_buff *skb,
			   const struct mcpeer_iface_info *iface)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, MCPEER_A_GROUP_INTERFACE);
	if (!nest ||
	    nla_put_u32(skb, MCPEER_A_INTERFACE_IFINDEX, iface->ifindex) ||
	    nla_put_string(skb, MCPEER_A_INTERFACE_IFNAME, iface->ifname) ||
	    nla_put_u32(skb, MCPEER_A_INTERFACE_STATE, iface->state))
		return -EMSGSIZE;
	if (iface->family[MCPEER_V4] &&
	    nla_put_u32(skb, MCPEER_A_INTERFACE_IPV4, iface->family[MCPEER_V4]))
		return -EMSGSIZE;
	if (iface->family[MCPEER_V6] &&
	    nla_put_u32(skb, MCPEER_A_INTERFACE_IPV6, iface->family[MCPEER_V6]))
		return -EMSGSIZE;
	if (iface->listen && nla_put_flag(skb, MCPEER_A_INTERFACE_LISTEN))
		return -EMSGSIZE;
	if (iface->error &&
	    nla_put_u32(skb, MCPEER_A_INTERFACE_ERROR, iface->error))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
