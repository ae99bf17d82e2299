/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What IPv4 and IPv6 do differently: sockets, addresses of interfaces,
 * memberships of devices.
 */
#ifndef MCPEER_INET_H
#define MCPEER_INET_H

#include <linux/mcpeer.h>
#include "addr.h"

struct dst_entry;
struct net;
struct net_device;
struct socket;

/**
 * struct mcpeer_inet - a family of addresses
 * @family: AF_INET or AF_INET6
 * @bind: bind a new socket to the group's address, so that it sees nothing
 *	that was sent to another one; process context
 * @set_ttl: set the time to live of multicast that is sent
 * @set_loop: have the host hear what it sends
 * @set_direct: have it hear nothing that is sent to groups, and send to
 *	addresses of broadcast
 * @send: send a datagram on an interface, from its address, or for an index of
 *	0 as it is routed; does not wait for room in the send buffer; process
 *	context
 * @route: how a datagram to an address would go, on an interface unless its
 *	index is 0: with a reference, or an ERR_PTR(); process context
 * @is_host: is this an address that a host can have? Any context.
 * @is_here: is it one of this host's, within the VRF of the device on which it
 *	was seen? Any context.
 * @is_self: would what is sent there by a device come to this host? Under RCU.
 * @is_on_link: is it of one of the networks of a device? Under RCU.
 * @own: the address with which a device would talk to another one; of no family
 *	if there is none; under RCU
 * @state: MCPEER_INTERFACE_STATE_JOINED if an interface has what it takes of
 *	this family to take part, or what is missing; under RCU or RTNL
 * @has_device: can an interface be a member of groups at all? Under RTNL.
 * @join: take a reference to the group for a device; -ENOMEM; under RTNL
 * @leave: give it back; nothing if @has_device says no; under RTNL
 */
struct mcpeer_inet {
	int family;
	int (*bind)(struct socket *sock, const struct mcpeer_addr *addr,
		    __be16 port);
	int (*set_ttl)(struct socket *sock, int ttl);
	int (*set_loop)(struct socket *sock);
	int (*set_direct)(struct socket *sock);
	int (*send)(struct socket *sock, const struct mcpeer_addr *to,
		    __be16 port, int ifindex, const char *data,
		    unsigned int len);
	struct dst_entry *(*route)(struct net *net,
				   const struct mcpeer_addr *to, int ifindex);
	bool (*is_host)(const struct mcpeer_addr *addr);
	bool (*is_here)(struct net *net, const struct net_device *dev,
			const struct mcpeer_addr *addr);
	bool (*is_self)(struct net *net, const struct net_device *dev,
			const struct mcpeer_addr *addr);
	bool (*is_on_link)(struct net_device *dev,
			   const struct mcpeer_addr *addr);
	void (*own)(struct net *net, const struct net_device *dev,
		    const struct mcpeer_addr *towards,
		    struct mcpeer_addr *own);
	u32 (*state)(const struct net_device *dev);
	bool (*has_device)(const struct net_device *dev);
	int (*join)(struct net_device *dev, const struct mcpeer_addr *addr);
	void (*leave)(struct net_device *dev, const struct mcpeer_addr *addr);
};

extern const struct mcpeer_inet mcpeer_inet4;
extern const struct mcpeer_inet mcpeer_inet6;

static inline enum mcpeer_family mcpeer_inet_family(int family)
{
	return family == AF_INET6 ? MCPEER_V6 : MCPEER_V4;
}

/**
 * mcpeer_inet_by - what is done for the family of an address
 * @family: AF_INET, or AF_INET6 on a kernel that has it
 *
 * Context: Any.
 * Return: its functions.
 */
static inline const struct mcpeer_inet *mcpeer_inet_by(int family)
{
	if (IS_ENABLED(CONFIG_IPV6) && family == AF_INET6)
		return &mcpeer_inet6;
	return &mcpeer_inet4;
}

/**
 * mcpeer_inet_of - what is done for a family
 * @family: the family
 *
 * Context: Any.
 * Return: its functions, NULL if the kernel was built without it.
 */
static inline const struct mcpeer_inet *
mcpeer_inet_of(enum mcpeer_family family)
{
	if (family == MCPEER_V4)
		return &mcpeer_inet4;
	return IS_ENABLED(CONFIG_IPV6) ? &mcpeer_inet6 : NULL;
}

#endif /* MCPEER_INET_H */
