// SPDX-License-Identifier: GPL-2.0
#include <linux/inetdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/udp.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/net_namespace.h>
#include <net/route.h>
#include <net/sock.h>
#include "compat.h"
#include "heard.h"
#include "iface.h"
#include "socket.h"
#include "trace.h"
#include "wire.h"

/*
 * Any type but those of include/uapi/linux/udp.h will do; drivers that need
 * none of those, such as WireGuard, use this one.
 */
#define MCPEER_SOCKET_ENCAP_TYPE	1

/* The counter of a datagram that is no announcement. */
static unsigned int
mcpeer_socket_drop(enum mcpeer_wire_verdict verdict)
{
	switch (verdict) {
	case MCPEER_WIRE_TRUNCATED:
		return MCPEER_A_STATS_DROP_TRUNCATED;
	case MCPEER_WIRE_EMPTY:
		return MCPEER_A_STATS_DROP_EMPTY;
	case MCPEER_WIRE_TOO_LONG:
		return MCPEER_A_STATS_DROP_TOO_LONG;
	case MCPEER_WIRE_BAD_BYTE:
		return MCPEER_A_STATS_DROP_BAD_BYTE;
	default:
		return MCPEER_A_STATS_DROP_PREFIX;
	}
}

static bool mcpeer_socket_is_host(__be32 addr)
{
	return !ipv4_is_zeronet(addr) && !ipv4_is_loopback(addr) &&
	       !ipv4_is_multicast(addr) && !ipv4_is_lbcast(addr);
}

/*
 * An announcement that is no mere refresh: see whether it may change the
 * table, which is too dear to be asked of each datagram.
 */
static unsigned int mcpeer_socket_admit(const struct mcpeer_socket *socket,
					const struct sk_buff *skb,
					const struct mcpeer_heard *heard)
{
	bool from_here;

	if (!mcpeer_iface_takes_part(socket->ifaces, heard->ifindex))
		return MCPEER_A_STATS_DROP_INTERFACE;
	if (!mcpeer_socket_is_host(heard->addr))
		return MCPEER_A_STATS_DROP_SOURCE;

	from_here = inet_addr_type_dev_table(socket->net, skb->dev,
					     heard->addr) == RTN_LOCAL;
	return mcpeer_heard_accept(socket->table, heard, from_here);
}

/*
 * What becomes of a datagram. Its data may be shared with other sockets and
 * lie in fragments: it is copied where it is not in one piece, never written.
 */
static unsigned int mcpeer_socket_judge(const struct mcpeer_socket *socket,
					const struct sk_buff *skb)
{
	struct mcpeer_text prefix = { socket->prefix, socket->prefix_len };
	enum mcpeer_wire_verdict verdict;
	struct mcpeer_text datagram;
	struct mcpeer_heard heard;
	char buf[MCPEER_WIRE_LOOK];

	if (IPCB(skb)->frag_max_size)
		return MCPEER_A_STATS_DROP_FRAGMENTED;

	datagram.len = min_t(unsigned int, sizeof(buf),
			     skb->len - sizeof(struct udphdr));
	datagram.at = skb_header_pointer(skb, sizeof(struct udphdr),
					 datagram.len, buf);
	if (!datagram.at)
		return MCPEER_A_STATS_DROP_TRUNCATED;
	verdict = mcpeer_wire_parse(datagram, prefix, &heard.name);
	if (verdict != MCPEER_WIRE_OK)
		return mcpeer_socket_drop(verdict);

	heard.addr = ip_hdr(skb)->saddr;
	/* In a VRF the one is the port, the other the master. */
	heard.ifindex = inet_sdif(skb) ?: inet_iif(skb);
	if (mcpeer_heard_refresh(socket->table, &heard))
		return MCPEER_A_STATS_REFRESHED;
	return mcpeer_socket_admit(socket, skb, &heard);
}

/*
 * The receive hook. Runs in softirq for each datagram to the group's address
 * and port, with the data at the UDP header, whose length and checksum UDP
 * has verified. It always consumes the datagram: one that went on would fill
 * a receive queue that nobody reads.
 */
static int mcpeer_socket_receive(struct sock *sk, struct sk_buff *skb)
{
	const struct mcpeer_socket *socket = rcu_dereference_sk_user_data(sk);
	unsigned int verdict;

	if (likely(socket)) {
		verdict = mcpeer_socket_judge(socket, skb);
		mcpeer_stats_count(socket->stats, verdict);
		trace_mcpeer_receive(inet_iif(skb), ip_hdr(skb)->saddr,
				     skb->len - sizeof(struct udphdr), verdict);
	}
	consume_skb(skb);
	return 0;
}

static int mcpeer_socket_option(struct socket *sock, int option, int value)
{
	return sock->ops->setsockopt(sock, SOL_IP, option,
				     KERNEL_SOCKPTR(&value), sizeof(value));
}

static int mcpeer_socket_bind(struct mcpeer_socket *socket,
			      struct netlink_ext_ack *extack)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = socket->addr,
		.sin_port = socket->port,
	};
	int err;

	/*
	 * Programs may share the port if they set SO_REUSEADDR as well. Bound
	 * to the group's address, the socket sees nothing that was sent to
	 * another one.
	 */
	sock_set_reuseaddr(socket->sock->sk);
	/* The void pointer suits kernels before and after sockaddr_unsized. */
	err = kernel_bind(socket->sock, (void *)&sin, sizeof(sin));
	if (err == -EADDRINUSE)
		NL_SET_ERR_MSG(extack,
			       "a program holds the port without sharing it (SO_REUSEADDR)");
	else if (err)
		NL_SET_ERR_MSG(extack,
			       "the group's address and port cannot be bound");
	return err;
}

static int mcpeer_socket_set_up(struct mcpeer_socket *socket,
				struct netlink_ext_ack *extack)
{
	struct udp_tunnel_sock_cfg hook = {
		.sk_user_data = socket,
		.encap_type = MCPEER_SOCKET_ENCAP_TYPE,
		.encap_rcv = mcpeer_socket_receive,
	};
	int err;

	err = mcpeer_socket_option(socket->sock, IP_MULTICAST_TTL, socket->ttl);
	if (err) {
		NL_SET_ERR_MSG(extack, "the time to live cannot be set");
		return err;
	}
	err = mcpeer_socket_bind(socket, extack);
	if (err)
		return err;
	mcpeer_compat_setup_tunnel(socket->net, socket->sock, &hook);

	/*
	 * The line above turned it off; but programs of this host may listen,
	 * and so do we: the own echo shows that the group is joined.
	 */
	err = mcpeer_socket_option(socket->sock, IP_MULTICAST_LOOP, 1);
	if (err)
		NL_SET_ERR_MSG(extack, "multicast loopback cannot be set");
	return err;
}

/**
 * mcpeer_socket_open - open a socket, and hear by it from now on
 * @wanted: all but the sock; copied
 * @extack: for the sentence that goes with a failure, may be NULL
 *
 * Nothing comes in before an interface joins the group, which is not done
 * here.
 *
 * Context: Process context, may sleep.
 * Return: the socket, or an ERR_PTR().
 */
struct mcpeer_socket *mcpeer_socket_open(const struct mcpeer_socket *wanted,
					 struct netlink_ext_ack *extack)
{
	struct mcpeer_socket *socket;
	int err;

	socket = kmemdup(wanted, sizeof(*wanted), GFP_KERNEL_ACCOUNT);
	if (!socket) {
		NL_SET_ERR_MSG(extack, "there is no memory for a socket");
		return ERR_PTR(-ENOMEM);
	}
	err = sock_create_kern(socket->net, AF_INET, SOCK_DGRAM, IPPROTO_UDP,
			       &socket->sock);
	if (err) {
		NL_SET_ERR_MSG(extack, "a UDP socket cannot be created");
		kfree(socket);
		return ERR_PTR(err);
	}
	err = mcpeer_socket_set_up(socket, extack);
	if (err) {
		mcpeer_socket_close(socket);
		return ERR_PTR(err);
	}
	return socket;
}

/**
 * mcpeer_socket_close - hear no more, and close the socket
 * @socket: nobody sends by it any more
 *
 * Context: Process context, sleeps.
 */
void mcpeer_socket_close(struct mcpeer_socket *socket)
{
	/* A datagram in a netfilter queue may hold the sock for long. */
	WRITE_ONCE(udp_sk(socket->sock->sk)->encap_rcv, NULL);
	mcpeer_compat_release_tunnel(socket->sock);
	/* Newer kernels leave it to us to wait for the receive hook. */
	synchronize_net();
	kfree(socket);
}

/**
 * mcpeer_socket_send - send a datagram to the group
 * @socket: by this socket
 * @ifindex: on this interface, from its address
 * @data: the datagram
 * @len: its length
 *
 * Context: Process context. Does not wait for room in the send buffer.
 * Return: 0 or a negative error number.
 */
int mcpeer_socket_send(const struct mcpeer_socket *socket, int ifindex,
		       const char *data, unsigned int len)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(struct in_pktinfo))];
	} control = {};
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = socket->addr,
		.sin_port = socket->port,
	};
	struct msghdr msg = {
		.msg_name = &sin,
		.msg_namelen = sizeof(sin),
		.msg_control = &control,
		.msg_controllen = sizeof(control),
		.msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL,
	};
	struct kvec vec = { .iov_base = (char *)data, .iov_len = len };
	struct in_pktinfo *info;
	int sent;

	control.header.cmsg_level = SOL_IP;
	control.header.cmsg_type = IP_PKTINFO;
	control.header.cmsg_len = CMSG_LEN(sizeof(*info));
	info = CMSG_DATA(&control.header);
	info->ipi_ifindex = ifindex;

	sent = kernel_sendmsg(socket->sock, &msg, &vec, 1, len);
	return sent < 0 ? sent : 0;
}
