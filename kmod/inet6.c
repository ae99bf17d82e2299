// SPDX-License-Identifier: GPL-2.0
#include <linux/if_arp.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include "inet.h"
#include "mac.h"

static int mcpeer_inet6_option(struct socket *sock, int option, int value)
{
	return sock->ops->setsockopt(sock, SOL_IPV6, option,
				     KERNEL_SOCKPTR(&value), sizeof(value));
}

static int mcpeer_inet6_set_ttl(struct socket *sock, int ttl)
{
	return mcpeer_inet6_option(sock, IPV6_MULTICAST_HOPS, ttl);
}

static int mcpeer_inet6_set_loop(struct socket *sock)
{
	return mcpeer_inet6_option(sock, IPV6_MULTICAST_LOOP, 1);
}

static int mcpeer_inet6_set_direct(struct socket *sock)
{
	return mcpeer_inet6_option(sock, IPV6_MULTICAST_ALL, 0);
}

/*
 * IPv6 binds to an address of link-local scope on some interface only. Bound
 * on the loopback, which each namespace has, and then released from it, the
 * socket hears the address on all of them. By hand, since sock_bindtoindex()
 * would ask whether the caller may.
 */
static int mcpeer_inet6_bind(struct socket *sock,
			     const struct mcpeer_addr *addr, __be16 port)
{
	struct sockaddr_in6 sin6 = {
		.sin6_family = AF_INET6,
		.sin6_addr = addr->v6,
		.sin6_port = port,
		.sin6_scope_id = LOOPBACK_IFINDEX,
	};
	int err;

	err = mcpeer_inet6_option(sock, IPV6_V6ONLY, 1);
	if (!err)
		err = kernel_bind(sock, (void *)&sin6, sizeof(sin6));
	if (err)
		return err;
	lock_sock(sock->sk);
	WRITE_ONCE(sock->sk->sk_bound_dev_if, 0);
	release_sock(sock->sk);
	return 0;
}

static int mcpeer_inet6_send(struct socket *sock, const struct mcpeer_addr *to,
			     __be16 port, int ifindex, const char *data,
			     unsigned int len)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	} control = {};
	struct sockaddr_in6 sin6 = {
		.sin6_family = AF_INET6,
		.sin6_addr = to->v6,
		.sin6_port = port,
	};
	struct msghdr msg = {
		.msg_name = &sin6,
		.msg_namelen = sizeof(sin6),
		.msg_control = &control,
		.msg_controllen = sizeof(control),
		.msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL,
	};
	struct kvec vec = { .iov_base = (char *)data, .iov_len = len };
	struct in6_pktinfo *info;
	int sent;

	control.header.cmsg_level = SOL_IPV6;
	control.header.cmsg_type = IPV6_PKTINFO;
	control.header.cmsg_len = CMSG_LEN(sizeof(*info));
	info = CMSG_DATA(&control.header);
	info->ipi6_ifindex = ifindex;

	sent = kernel_sendmsg(sock, &msg, &vec, 1, len);
	return sent < 0 ? sent : 0;
}

static struct dst_entry *
mcpeer_inet6_route(struct net *net, const struct mcpeer_addr *to, int ifindex)
{
	struct flowi6 flow = { .daddr = to->v6, .flowi6_oif = ifindex };
	struct dst_entry *dst = ip6_route_output(net, NULL, &flow);
	int err = dst->error;

	if (!err)
		return dst;
	dst_release(dst);
	return ERR_PTR(err);
}

static bool mcpeer_inet6_is_host(const struct mcpeer_addr *addr)
{
	int type = ipv6_addr_type(&addr->v6);

	return type & IPV6_ADDR_UNICAST &&
	       !(type & (IPV6_ADDR_LOOPBACK | IPV6_ADDR_MAPPED));
}

/*
 * On any device of its VRF, or of none: with two on one link each hears the
 * other's datagrams.
 */
static bool mcpeer_inet6_is_here(struct net *net, const struct net_device *dev,
				 const struct mcpeer_addr *addr)
{
	return ipv6_chk_addr_and_flags(net, &addr->v6, dev, true, 0,
				       IFA_F_TENTATIVE);
}

/* Many hosts have fe80::1, on one link or another. */
static bool mcpeer_inet6_is_self(struct net *net, const struct net_device *dev,
				 const struct mcpeer_addr *addr)
{
	bool one_link = ipv6_addr_type(&addr->v6) & IPV6_ADDR_LINKLOCAL;

	return ipv6_chk_addr(net, &addr->v6, one_link ? dev : NULL, one_link);
}

static bool mcpeer_inet6_is_on_link(struct net_device *dev,
				    const struct mcpeer_addr *addr)
{
	return ipv6_addr_type(&addr->v6) & IPV6_ADDR_LINKLOCAL ||
	       ipv6_chk_prefix(&addr->v6, dev);
}

static void mcpeer_inet6_own(struct net *net, const struct net_device *dev,
			     const struct mcpeer_addr *towards,
			     struct mcpeer_addr *own)
{
	own->family = AF_UNSPEC;
	if (!ipv6_dev_get_saddr(net, dev, &towards->v6, 0, &own->v6))
		own->family = AF_INET6;
}

static u32 mcpeer_inet6_addr_state(const struct inet6_ifaddr *ifa)
{
	u32 flags = READ_ONCE(ifa->flags);

	if (flags & IFA_F_DADFAILED)
		return MCPEER_INTERFACE_STATE_DUPLICATE;
	if (flags & IFA_F_TENTATIVE && !(flags & IFA_F_OPTIMISTIC))
		return MCPEER_INTERFACE_STATE_TENTATIVE;
	return MCPEER_INTERFACE_STATE_JOINED;
}

/* As good as its best address. */
static u32 mcpeer_inet6_state(const struct net_device *dev)
{
	const struct inet6_dev *idev = rcu_dereference_rtnl(dev->ip6_ptr);
	u32 best = MCPEER_INTERFACE_STATE_NO_ADDRESS, state;
	const struct inet6_ifaddr *ifa;

	if (!idev)
		return best;
	rcu_read_lock();
	list_for_each_entry_rcu(ifa, &idev->addr_list, if_list) {
		state = mcpeer_inet6_addr_state(ifa);
		if (state != MCPEER_INTERFACE_STATE_DUPLICATE ||
		    best == MCPEER_INTERFACE_STATE_NO_ADDRESS)
			best = state;
		if (best == MCPEER_INTERFACE_STATE_JOINED)
			break;
	}
	rcu_read_unlock();
	return best;
}

static bool mcpeer_inet6_has_device(const struct net_device *dev)
{
	return rtnl_dereference(dev->ip6_ptr);
}

static int mcpeer_inet6_join(struct net_device *dev,
			     const struct mcpeer_addr *addr)
{
	u8 mac[ETH_ALEN];
	int err;

	ASSERT_RTNL();

	err = ipv6_dev_mc_inc(dev, &addr->v6);
	if (err)
		return err;
	ipv6_eth_mc_map(&addr->v6, (char *)mac);
	err = mcpeer_mac_pass(dev, mac);
	if (err)
		ipv6_dev_mc_dec(dev, &addr->v6);
	return err;
}

static void mcpeer_inet6_leave(struct net_device *dev,
			       const struct mcpeer_addr *addr)
{
	ASSERT_RTNL();

	if (mcpeer_inet6_has_device(dev))
		ipv6_dev_mc_dec(dev, &addr->v6);
}

const struct mcpeer_inet mcpeer_inet6 = {
	.family = AF_INET6,
	.bind = mcpeer_inet6_bind,
	.set_ttl = mcpeer_inet6_set_ttl,
	.set_loop = mcpeer_inet6_set_loop,
	.set_direct = mcpeer_inet6_set_direct,
	.send = mcpeer_inet6_send,
	.route = mcpeer_inet6_route,
	.is_host = mcpeer_inet6_is_host,
	.is_here = mcpeer_inet6_is_here,
	.is_self = mcpeer_inet6_is_self,
	.is_on_link = mcpeer_inet6_is_on_link,
	.own = mcpeer_inet6_own,
	.state = mcpeer_inet6_state,
	.has_device = mcpeer_inet6_has_device,
	.join = mcpeer_inet6_join,
	.leave = mcpeer_inet6_leave,
};
