// SPDX-License-Identifier: GPL-2.0
/*
 * A target may be anywhere: which interface leads there, if any, and from which
 * address, is for the routing tables to say, not for the choice of interfaces.
 * Only broadcast to 255.255.255.255 goes no way of its own.
 */
#include <linux/netdevice.h>
#include <net/dst.h>
#include "choice.h"
#include "direct.h"
#include "inet.h"
#include "socket.h"
#include "target.h"

/* The interface that a target names: 0 if it names none, or -ENODEV. */
static int mcpeer_direct_ifindex(struct net *net,
				 const struct mcpeer_target *target)
{
	const struct net_device *dev;
	int ifindex;

	if (!target->ifname[0])
		return 0;
	rcu_read_lock();
	dev = dev_get_by_name_rcu(net, target->ifname);
	ifindex = dev ? dev->ifindex : -ENODEV;
	rcu_read_unlock();
	return ifindex;
}

/*
 * All hosts may be given the same list, so that we need not be told; and nobody
 * is by an interface on which we only listen.
 */
static bool mcpeer_direct_spares(const struct mcpeer_socket *socket,
				 const struct mcpeer_choice *choice,
				 const struct mcpeer_addr *to, int ifindex,
				 const struct dst_entry *route)
{
	struct net_device *dev, *link;
	bool spared;

	rcu_read_lock();
	/* The device may be on its way out. */
	dev = READ_ONCE(route->dev);
	/* What is our own goes by the loopback. */
	link = ifindex ? dev_get_by_index_rcu(socket->net, ifindex) : dev;
	spared = mcpeer_choice_listens(choice, dev) ||
		 (link && mcpeer_inet_by(to->family)->is_self(socket->net,
							      link, to));
	rcu_read_unlock();
	return spared;
}

/**
 * mcpeer_direct_send - send a datagram to a target
 * @socket: one for targets of its family
 * @choice: where only to listen
 * @target: no broadcast to 255.255.255.255
 * @data: the datagram
 * @len: its length
 *
 * Context: Process context. Does not wait for room in the send buffer.
 * Return: 0, MCPEER_DIRECT_SPARED or a negative error number.
 */
int mcpeer_direct_send(const struct mcpeer_socket *socket,
		       const struct mcpeer_choice *choice,
		       const struct mcpeer_target *target,
		       const char *data, unsigned int len)
{
	int ifindex = mcpeer_direct_ifindex(socket->net, target);
	const struct mcpeer_addr *to = &target->addr;
	struct dst_entry *route;
	bool spared;

	if (ifindex < 0)
		return ifindex;
	route = mcpeer_inet_by(to->family)->route(socket->net, to, ifindex);
	if (IS_ERR(route))
		return PTR_ERR(route);
	spared = mcpeer_direct_spares(socket, choice, to, ifindex, route);
	dst_release(route);
	if (spared)
		return MCPEER_DIRECT_SPARED;
	return mcpeer_socket_send(socket, to, ifindex, data, len);
}

/**
 * mcpeer_direct_broadcast - send a datagram to all on a link, if that is wanted
 * @socket: one for IPv4 targets
 * @ifindex: interface that takes part, and does not only listen
 * @data: the datagram
 * @len: its length
 *
 * Context: Process context. Does not wait for room in the send buffer.
 * Return: 0, MCPEER_DIRECT_SPARED or a negative error number.
 */
int mcpeer_direct_broadcast(const struct mcpeer_socket *socket, int ifindex,
			    const char *data, unsigned int len)
{
	static const struct mcpeer_addr all = {
		.family = AF_INET,
		.v4 = cpu_to_be32(INADDR_BROADCAST),
	};
	const struct net_device *dev;
	bool can;

	if (!mcpeer_target_has_broadcast(socket->targets))
		return MCPEER_DIRECT_SPARED;
	rcu_read_lock();
	dev = dev_get_by_index_rcu(socket->net, ifindex);
	can = dev && READ_ONCE(dev->flags) & IFF_BROADCAST;
	rcu_read_unlock();
	if (!can)
		return MCPEER_DIRECT_SPARED;
	return mcpeer_socket_send(socket, &all, ifindex, data, len);
}
