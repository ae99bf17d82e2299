/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A peer, an event and a group as netlink attributes. Lists and events are
 * written by the same functions from the same plain structures.
 */
#ifndef MCPEER_ATTRS_H
#define MCPEER_ATTRS_H

#include <linux/mcpeer.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include "addr.h"
#include "stats.h"
#include "target.h"
#include "text.h"

/**
 * struct mcpeer_path_info - what is told of a path
 * @place: where it is; the interface is 0 for none
 * @ifname: name of the interface, empty if it is gone
 * @silent: milliseconds since the peer was last heard there
 */
struct mcpeer_path_info {
	struct mcpeer_place place;
	char ifname[IFNAMSIZ];
	u64 silent;
};

/**
 * struct mcpeer_peer_info - what is told of a peer
 * @group: name of its group
 * @name: its name
 * @value: its value; at is NULL if it has none
 * @source: enum mcpeer_source
 * @state: enum mcpeer_state
 * @age: milliseconds since it joined
 * @expires_in: milliseconds until it expires, U64_MAX for never
 * @heard: announcements accepted
 * @own: a conflict is told, and this is the name of this host itself
 * @path_count: number of its paths, at least one
 * @path: its paths, the one heard last first
 */
struct mcpeer_peer_info {
	struct mcpeer_text group;
	struct mcpeer_text name;
	struct mcpeer_text value;
	u32 source;
	u32 state;
	u64 age;
	u64 expires_in;
	u64 heard;
	bool own;
	unsigned int path_count;
	struct mcpeer_path_info path[MCPEER_PATHS_MAX];
};

/**
 * struct mcpeer_event_info - what is told of an event
 * @seq: its number
 * @ago: milliseconds since it happened
 * @type: enum mcpeer_event_type
 * @peer: the peer, as of the event; one without a name where the event is
 *	about the table, or about the interface of its path
 */
struct mcpeer_event_info {
	u64 seq;
	u64 ago;
	u32 type;
	const struct mcpeer_peer_info *peer;
};

/**
 * struct mcpeer_group_info - what is told of a group
 * @name: its name
 * @prefix: of its datagrams
 * @hostname: the name that this host announces, empty for none
 * @interfaces: patterns of the interfaces that may take part
 * @listen: patterns of those on which nothing is announced
 * @addr: multicast addresses, by family
 * @port: UDP port in host byte order
 * @ttl: IP time to live
 * @interval: milliseconds
 * @expiry: milliseconds
 * @max_peers: peers at most
 * @per_source: peers that may have joined from one address
 * @join_rate: new names in a second
 * @off_link: 1 if announcements are accepted from other networks
 * @targets: where announcements go besides @addr
 * @repeat: how many times each is sent
 * @peers: peers now
 * @stats: counters, indexed by attribute
 */
struct mcpeer_group_info {
	struct mcpeer_text name;
	struct mcpeer_text prefix;
	struct mcpeer_text hostname;
	struct mcpeer_text interfaces;
	struct mcpeer_text listen;
	struct mcpeer_addr addr[MCPEER_FAMILIES];
	u16 port;
	u8 ttl;
	u32 interval;
	u32 expiry;
	u32 max_peers;
	u32 per_source;
	u32 join_rate;
	u32 off_link;
	const struct mcpeer_targets *targets;
	u32 repeat;
	u32 peers;
	u64 stats[MCPEER_STATS_COUNT];
};

/**
 * struct mcpeer_iface_info - what is told of an interface
 * @ifindex: its index
 * @ifname: its name
 * @state: enum mcpeer_interface_state
 * @family: the same for each family, 0 if the group has no address of it
 * @listen: nothing is announced there
 * @error: positive error number of the last failure, 0 for none
 */
struct mcpeer_iface_info {
	int ifindex;
	char ifname[IFNAMSIZ];
	u32 state;
	u32 family[MCPEER_FAMILIES];
	bool listen;
	u32 error;
};

size_t mcpeer_attrs_event_size(const struct mcpeer_event_info *event);
int mcpeer_attrs_put_peer(struct sk_buff *skb,
			  const struct mcpeer_peer_info *peer);
int mcpeer_attrs_put_event(struct sk_buff *skb,
			   const struct mcpeer_event_info *event);
int mcpeer_attrs_put_journal(struct sk_buff *skb, u64 seq, u64 first, u64 lost);
int mcpeer_attrs_put_group(struct sk_buff *skb,
			   const struct mcpeer_group_info *group);
int mcpeer_attrs_put_iface(struct sk_buff *skb,
			   const struct mcpeer_iface_info *iface);

#endif /* MCPEER_ATTRS_H */
