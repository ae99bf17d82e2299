/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A peer, an event and a group as netlink attributes. Lists and events are
 * written by the same functions from the same plain structures.
 */
#ifndef MCPEER_ATTRS_H
#define MCPEER_ATTRS_H

#include <linux/in6.h>
#include <linux/mcpeer.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include "stats.h"
#include "text.h"

/**
 * struct mcpeer_addr - an IP address
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for none
 * @v4: for AF_INET
 * @v6: for AF_INET6
 */
struct mcpeer_addr {
	u16 family;
	union {
		__be32 v4;
		struct in6_addr v6;
	};
};

/**
 * struct mcpeer_peer_info - what is told of a peer
 * @group: name of its group
 * @name: its name
 * @value: its value; at is NULL if it has none
 * @addr: its address
 * @ifindex: interface on which it is heard, 0 for none
 * @ifname: name of that interface, empty if it is gone
 * @source: enum mcpeer_source
 * @state: enum mcpeer_state
 * @age: milliseconds since it joined
 * @silent: milliseconds since it was last heard
 * @expires_in: milliseconds until it expires, U64_MAX for never
 * @heard: announcements accepted
 */
struct mcpeer_peer_info {
	struct mcpeer_text group;
	struct mcpeer_text name;
	struct mcpeer_text value;
	struct mcpeer_addr addr;
	int ifindex;
	char ifname[IFNAMSIZ];
	u32 source;
	u32 state;
	u64 age;
	u64 silent;
	u64 expires_in;
	u64 heard;
};

/**
 * struct mcpeer_event_info - what is told of an event
 * @seq: its number
 * @ago: milliseconds since it happened
 * @type: enum mcpeer_event_type
 * @peer: the peer, as of the event
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
 * @addr: multicast address
 * @port: UDP port in host byte order
 * @ttl: IP time to live
 * @interval: milliseconds
 * @expiry: milliseconds
 * @max_peers: peers at most
 * @peers: peers now
 * @stats: counters, indexed by attribute
 */
struct mcpeer_group_info {
	struct mcpeer_text name;
	struct mcpeer_text prefix;
	struct mcpeer_text hostname;
	struct mcpeer_addr addr;
	u16 port;
	u8 ttl;
	u32 interval;
	u32 expiry;
	u32 max_peers;
	u32 peers;
	u64 stats[MCPEER_STATS_COUNT];
};

/**
 * struct mcpeer_iface_info - what is told of an interface
 * @ifindex: its index
 * @ifname: its name
 * @state: enum mcpeer_interface_state
 * @error: positive error number of the last failure, 0 for none
 */
struct mcpeer_iface_info {
	int ifindex;
	const char *ifname;
	u32 state;
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
