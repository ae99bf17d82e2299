// SPDX-License-Identifier: GPL-2.0
#include <linux/if_arp.h>
#include <linux/igmp.h>
#include <linux/inetdevice.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/sock.h>
#include "inet.h"
#include "mac.h"

static int mcpeer_inet4_option(struct socket *sock, int option, int value)
{
	return sock->ops->setsockopt(sock, SOL_IP, option,
				     KERNEL_SOCKPTR(&value), sizeof(value));
}

static int mcpeer_inet4_set_ttl(struct socket *sock, int ttl)
{
	return mcpeer_inet4_option(sock, IP_MULTICAST_TTL, ttl);
}

static int mcpeer_inet4_set_loop(struct socket *sock)
{
	return mcpeer_inet4_option(sock, IP_MULTICAST_LOOP, 1);
}

static int mcpeer_inet4_set_direct(struct socket *sock)
{
	lock_sock(sock->sk);
	sock_set_flag(sock->sk, SOCK_BROADCAST);
	release_sock(sock->sk);
	return mcpeer_inet4_option(sock, IP_MULTICAST_ALL, 0);
}

static int mcpeer_inet4_bind(struct socket *sock,
			     const struct mcpeer_addr *addr, __be16 port)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = addr->v4,
		.sin_port = port,
	};

	/* The void pointer suits kernels before and after sockaddr_unsized. */
	return kernel_bind(sock, (void *)&sin, sizeof(sin));
}

static int mcpeer_inet4_send(struct socket *sock, const struct mcpeer_addr *to,
			     __be16 port, int ifindex, const char *data,
			     unsigned int len)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(struct in_pktinfo))];
	} control = {};
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = to->v4,
		.sin_port = port,
	};
	struct msghdr msg = {
		.msg_name = &sin,
		.msg_namelen = sizeof(sin),
		.msg_control = &control,
		.msg_controllen = sizeof(control),
		.msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL,
	};
	struct kvec vec = { .iov_base = (char *)data, .iov_len = len };
	struct net_device *dev;
	struct in_pktinfo *info;
	int sent;

	control.header.cmsg_level = SOL_IP;
	control.header.cmsg_type = IP_PKTINFO;
	control.header.cmsg_len = CMSG_LEN(sizeof(*info));
	info = CMSG_DATA(&control.header);
	info->ipi_ifindex = ifindex;
	/* IP would take another interface's before one of link scope. */
	rcu_read_lock();
	dev = dev_get_by_index_rcu(sock_net(sock->sk), ifindex);
	if (dev)
		info->ipi_spec_dst.s_addr = inet_select_addr(dev, 0,
							     RT_SCOPE_LINK);
	rcu_read_unlock();

	sent = kernel_sendmsg(sock, &msg, &vec, 1, len);
	return sent < 0 ? sent : 0;
}

static struct dst_entry *
mcpeer_inet4_route(struct net *net, const struct mcpeer_addr *to, int ifindex)
{
	struct flowi4 flow = { .daddr = to->v4, .flowi4_oif = ifindex };
	struct rtable *route = ip_route_output_key(net, &flow);

	return IS_ERR(route) ? ERR_CAST(route) : &route->dst;
}

static bool mcpeer_inet4_is_host(const struct mcpeer_addr *addr)
{
	return !ipv4_is_zeronet(addr->v4) && !ipv4_is_loopback(addr->v4) &&
	       !ipv4_is_multicast(addr->v4) && !ipv4_is_lbcast(addr->v4);
}

static bool mcpeer_inet4_is_here(struct net *net, const struct net_device *dev,
				 const struct mcpeer_addr *addr)
{
	return inet_addr_type_dev_table(net, dev, addr->v4) == RTN_LOCAL;
}

static bool mcpeer_inet4_is_on_link(struct net_device *dev,
				    const struct mcpeer_addr *addr)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev)
		/* From point to point the one is ours, the other the peer's. */
		if (addr->v4 == ifa->ifa_local || inet_ifa_match(addr->v4, ifa))
			return true;
	return false;
}

static void mcpeer_inet4_own(struct net *net, const struct net_device *dev,
			     const struct mcpeer_addr *towards,
			     struct mcpeer_addr *own)
{
	own->v4 = inet_select_addr(dev, towards->v4, RT_SCOPE_LINK);
	own->family = own->v4 ? AF_INET : AF_UNSPEC;
}

static u32 mcpeer_inet4_state(const struct net_device *dev)
{
	const struct in_device *in_dev = rcu_dereference_rtnl(dev->ip_ptr);

	if (!in_dev || !rcu_access_pointer(in_dev->ifa_list))
		return MCPEER_INTERFACE_STATE_NO_ADDRESS;
	return MCPEER_INTERFACE_STATE_JOINED;
}

static bool mcpeer_inet4_has_device(const struct net_device *dev)
{
	return __in_dev_get_rtnl(dev);
}

static bool mcpeer_inet4_has_group(const struct in_device *in_dev, __be32 addr)
{
	const struct ip_mc_list *im;

	for (im = rtnl_dereference(in_dev->mc_list); im;
	     im = rtnl_dereference(im->next_rcu))
		if (im->multiaddr == addr)
			return true;
	return false;
}

/* ip_mc_inc_group() does not say that it had no memory. */
static int mcpeer_inet4_join(struct net_device *dev,
			     const struct mcpeer_addr *addr)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	u8 mac[ETH_ALEN];

	ASSERT_RTNL();

	ip_mc_inc_group(in_dev, addr->v4);
	if (!mcpeer_inet4_has_group(in_dev, addr->v4))
		return -ENOMEM;
	ip_eth_mc_map(addr->v4, (char *)mac);
	if (mcpeer_mac_pass(dev, mac)) {
		ip_mc_dec_group(in_dev, addr->v4);
		return -ENOMEM;
	}
	return 0;
}

static void mcpeer_inet4_leave(struct net_device *dev,
			       const struct mcpeer_addr *addr)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);

	ASSERT_RTNL();

	if (in_dev)
		ip_mc_dec_group(in_dev, addr->v4);
}

const struct mcpeer_inet mcpeer_inet4 = {
	.family = AF_INET,
	.bind = mcpeer_inet4_bind,
	.set_ttl = mcpeer_inet4_set_ttl,
	.set_loop = mcpeer_inet4_set_loop,
	.set_direct = mcpeer_inet4_set_direct,
	.send = mcpeer_inet4_send,
	.route = mcpeer_inet4_route,
	.is_host = mcpeer_inet4_is_host,
	.is_here = mcpeer_inet4_is_here,
	.is_self = mcpeer_inet4_is_here,
	.is_on_link = mcpeer_inet4_is_on_link,
	.own = mcpeer_inet4_own,
	.state = mcpeer_inet4_state,
	.has_device = mcpeer_inet4_has_device,
	.join = mcpeer_inet4_join,
	.leave = mcpeer_inet4_leave,
};
