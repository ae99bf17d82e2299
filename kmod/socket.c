// SPDX-License-Identifier: GPL-2.0
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/udp.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include "compat.h"
#include "heard.h"
#include "iface.h"
#include "inet.h"
#include "refresh.h"
#include "socket.h"
#include "table.h"
#include "target.h"
#include "trace.h"
#include "watchdog.h"
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

static const struct mcpeer_inet *
mcpeer_socket_inet(const struct mcpeer_socket *socket)
{
	return mcpeer_inet_by(socket->addr.family);
}

/* From a network of the interface, or from this host itself. Under RCU. */
static bool mcpeer_socket_is_near(const struct mcpeer_socket *socket,
				  const struct mcpeer_place *from)
{
	const struct mcpeer_inet *inet = mcpeer_socket_inet(socket);
	struct net_device *dev;

	dev = dev_get_by_index_rcu(socket->net, from->ifindex);
	return dev && (inet->is_on_link(dev, &from->addr) ||
		       inet->is_here(socket->net, dev, &from->addr));
}

/* Under RCU. */
static bool mcpeer_socket_is_target(const struct mcpeer_socket *socket,
				    const struct mcpeer_place *from)
{
	struct net_device *dev;

	if (!socket->targets)
		return false;
	dev = dev_get_by_index_rcu(socket->net, from->ifindex);
	return dev && mcpeer_target_is_one(socket->targets, dev, &from->addr);
}

/*
 * Our own announcement shows that the interface hears; a reflected one not, nor
 * one that came back by broadcast, as that takes no membership.
 */
static void mcpeer_socket_echo(const struct mcpeer_socket *socket,
			       const struct sk_buff *skb,
			       const struct mcpeer_place *from)
{
	if (!socket->targets &&
	    mcpeer_socket_inet(socket)->is_here(socket->net, skb->dev,
						&from->addr))
		mcpeer_watchdog_echo(socket->ifaces, from->ifindex,
				     mcpeer_inet_family(socket->addr.family));
}

/*
 * An announcement that is no mere refresh: see whether it may change the
 * table, which is too dear to be asked of each datagram. Targets are where the
 * administrator says that peers are, whatever way they take; of others a socket
 * for targets thinks as those of multicast do. Returns 0 or a counter.
 */
static unsigned int mcpeer_socket_refuse(const struct mcpeer_socket *socket,
					 const struct mcpeer_place *from)
{
	if (mcpeer_socket_is_target(socket, from))
		return 0;
	if (!mcpeer_iface_takes_part(socket->ifaces, from->ifindex))
		return MCPEER_A_STATS_DROP_INTERFACE;
	if (!mcpeer_socket_inet(socket)->is_host(&from->addr))
		return MCPEER_A_STATS_DROP_SOURCE;
	if (!READ_ONCE(socket->ifaces->off_link) &&
	    !mcpeer_socket_is_near(socket, from))
		return MCPEER_A_STATS_DROP_OFF_LINK;
	return 0;
}

static unsigned int mcpeer_socket_admit(const struct mcpeer_socket *socket,
					const struct sk_buff *skb,
					const struct mcpeer_heard *heard)
{
	unsigned int counter = mcpeer_socket_refuse(socket, &heard->place);

	if (counter)
		return counter;
	counter = mcpeer_heard_accept(socket->table, heard);
	if (counter == MCPEER_A_STATS_OWN)
		mcpeer_socket_echo(socket, skb, &heard->place);
	return counter;
}

/* In a VRF the one index is the port's, the other the master's. */
static __always_inline void mcpeer_socket_place(const struct sk_buff *skb,
						struct mcpeer_place *place)
{
	if (skb->protocol == htons(ETH_P_IP)) {
		place->ifindex = inet_sdif(skb) ?: inet_iif(skb);
		place->addr.family = AF_INET;
		place->addr.v4 = ip_hdr(skb)->saddr;
	} else {
		place->ifindex = inet6_sdif(skb) ?: inet6_iif(skb);
		place->addr.family = AF_INET6;
		place->addr.v6 = ipv6_hdr(skb)->saddr;
	}
}

/* How long the longest of a datagram's fragments was, 0 if it had none. */
static unsigned int mcpeer_socket_fragment(const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		return IPCB(skb)->frag_max_size;
	return IP6CB(skb)->frag_max_size;
}

/* What is looked at of a datagram, if it is in one piece. */
static struct mcpeer_text mcpeer_socket_payload(const struct sk_buff *skb)
{
	return (struct mcpeer_text){
		.at = (const char *)skb->data + sizeof(struct udphdr),
		.len = min_t(unsigned int, MCPEER_WIRE_LOOK,
			     skb->len - sizeof(struct udphdr)),
	};
}

/*
 * Whether a datagram is of a peer that is known, in one piece and by multicast:
 * so are almost all. Of the name it is only asked whether there is such a peer;
 * what it is made of is for those that are not. Sets the key if there is a
 * name. What comes in without membership is asked about each time.
 */
static __always_inline bool
mcpeer_socket_is_refresh(const struct mcpeer_socket *socket,
			 const struct sk_buff *skb, struct mcpeer_heard *heard)
{
	struct mcpeer_text prefix = { socket->prefix, socket->prefix_len };
	struct mcpeer_text datagram = mcpeer_socket_payload(skb), name;

	/* One question of what is not in one piece, either way. */
	if (unlikely(mcpeer_socket_fragment(skb) | skb->data_len))
		return false;
	if (unlikely(socket->targets))
		return false;
	if (unlikely(mcpeer_wire_split(datagram, prefix, &name) !=
		     MCPEER_WIRE_OK))
		return false;
	heard->key = mcpeer_table_key(socket->table, name);
	return mcpeer_refresh(socket->table, &heard->key, &heard->place);
}

/*
 * What becomes of a datagram that has no key yet. Its data may be shared with
 * other sockets and lie in fragments: it is copied where it is not in one
 * piece, never written. The name in the key is good until this returns.
 */
static unsigned int
mcpeer_socket_scan(const struct mcpeer_socket *socket,
		   const struct sk_buff *skb, struct mcpeer_heard *heard)
{
	struct mcpeer_text prefix = { socket->prefix, socket->prefix_len };
	struct mcpeer_text datagram = mcpeer_socket_payload(skb);
	enum mcpeer_wire_verdict verdict;
	char buf[MCPEER_WIRE_LOOK];

	if (mcpeer_socket_fragment(skb))
		return MCPEER_A_STATS_DROP_FRAGMENTED;
	datagram.at = skb_header_pointer(skb, sizeof(struct udphdr),
					 datagram.len, buf);
	if (!datagram.at)
		return MCPEER_A_STATS_DROP_TRUNCATED;
	verdict = mcpeer_wire_parse(datagram, prefix, &heard->key.name);
	if (verdict != MCPEER_WIRE_OK)
		return mcpeer_socket_drop(verdict);
	mcpeer_table_hash(socket->table, &heard->key);
	/* It would have been one if its bytes lay in one piece. */
	if (!heard->direct && mcpeer_heard_refresh(socket->table, heard))
		return MCPEER_A_STATS_REFRESHED;
	return mcpeer_socket_admit(socket, skb, heard);
}

/* What becomes of a datagram that is no refresh by the short way. */
static noinline unsigned int
mcpeer_socket_judge(const struct mcpeer_socket *socket,
		    const struct sk_buff *skb, struct mcpeer_heard *heard)
{
	heard->direct = socket->targets;
	if (!heard->key.name.at)
		return mcpeer_socket_scan(socket, skb, heard);
	if (!mcpeer_text_is_graphic(heard->key.name))
		return MCPEER_A_STATS_DROP_BAD_BYTE;
	return mcpeer_socket_admit(socket, skb, heard);
}

/*
 * The receive hook. Runs in softirq for each datagram to the socket's address
 * and port, within an RCU read-side section of IP's, with the data at the UDP
 * header, whose length and checksum UDP has verified. It always consumes the
 * datagram: one that went on would fill a receive queue that nobody reads.
 */
static int mcpeer_socket_receive(struct sock *sk, struct sk_buff *skb)
{
	const struct mcpeer_socket *socket = rcu_dereference_sk_user_data(sk);
	unsigned int verdict = MCPEER_A_STATS_REFRESHED;
	struct mcpeer_heard heard = { };

	if (likely(socket)) {
		mcpeer_socket_place(skb, &heard.place);
		if (unlikely(!mcpeer_socket_is_refresh(socket, skb, &heard)))
			verdict = mcpeer_socket_judge(socket, skb, &heard);
		mcpeer_stats_count(socket->stats, verdict);
		trace_mcpeer_receive(&heard.place,
				     skb->len - sizeof(struct udphdr), verdict);
	}
	consume_skb(skb);
	return 0;
}

/*
 * A socket for targets is bound to the wildcard, as a host has addresses that
 * come and go. It is one of its own, as that of the group's address shall go
 * on leaving to others what is sent to the host itself, which is nearly always
 * all of it. What both see is told apart by the kernel: this one hears no
 * multicast, that one nothing else.
 *
 * It takes what comes by unicast to the port, but for what a program gets that
 * has bound an address of the host, or connected; among those on the wildcard
 * the kernel chooses the one that was bound last, for IPv4 one of IPv6 only if
 * there is no other. Broadcast goes to all.
 */
static int mcpeer_socket_bind(struct mcpeer_socket *socket,
			      struct netlink_ext_ack *extack)
{
	int err;

	/* Programs may share the port if they set SO_REUSEADDR as well. */
	sock_set_reuseaddr(socket->sock->sk);
	err = mcpeer_socket_inet(socket)->bind(socket->sock, &socket->addr,
					       socket->port);
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
	const struct mcpeer_inet *inet = mcpeer_socket_inet(socket);
	int err;

	/* Targets may be beyond routers: their time to live is the host's. */
	err = socket->targets ? inet->set_direct(socket->sock) :
				inet->set_ttl(socket->sock, socket->ttl);
	if (err) {
		NL_SET_ERR_MSG(extack, "options of a socket cannot be set");
		return err;
	}
	err = mcpeer_socket_bind(socket, extack);
	if (err)
		return err;
	mcpeer_compat_setup_tunnel(socket->net, socket->sock, &hook);

	/*
	 * The line above may turn it off; but programs of this host may listen,
	 * and so do we: the own echo shows that the group is joined.
	 */
	err = inet->set_loop(socket->sock);
	if (err)
		NL_SET_ERR_MSG(extack, "multicast loopback cannot be set");
	return err;
}

/* Copies what is wanted. */
static struct mcpeer_socket *
mcpeer_socket_alloc(const struct mcpeer_socket *wanted)
{
	struct mcpeer_socket *socket;

	socket = kmemdup(wanted, sizeof(*wanted), GFP_KERNEL_ACCOUNT);
	if (!socket || !wanted->targets)
		return socket;
	socket->targets = kmemdup(wanted->targets, sizeof(*wanted->targets),
				  GFP_KERNEL_ACCOUNT);
	if (socket->targets)
		return socket;
	kfree(socket);
	return NULL;
}

static void mcpeer_socket_free(struct mcpeer_socket *socket)
{
	kfree(socket->targets);
	kfree(socket);
}

/**
 * mcpeer_socket_open - open a socket, and hear by it from now on
 * @wanted: all but the sock; copied
 * @extack: for the sentence that goes with a failure, may be NULL
 *
 * By a socket of the group's address nothing comes in before an interface joins
 * the group, which is not done here.
 *
 * Context: Process context, may sleep.
 * Return: the socket, or an ERR_PTR(): -EAFNOSUPPORT if the kernel has no such
 * family, or its administrator turned it off.
 */
struct mcpeer_socket *mcpeer_socket_open(const struct mcpeer_socket *wanted,
					 struct netlink_ext_ack *extack)
{
	struct mcpeer_socket *socket;
	int err;

	socket = mcpeer_socket_alloc(wanted);
	if (!socket) {
		NL_SET_ERR_MSG(extack, "there is no memory for a socket");
		return ERR_PTR(-ENOMEM);
	}
	err = sock_create_kern(socket->net, socket->addr.family, SOCK_DGRAM,
			       IPPROTO_UDP, &socket->sock);
	if (err) {
		if (err == -EAFNOSUPPORT)
			NL_SET_ERR_MSG(extack, "this kernel has no IPv6");
		else
			NL_SET_ERR_MSG(extack,
				       "a UDP socket cannot be created");
		mcpeer_socket_free(socket);
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
	mcpeer_socket_free(socket);
}

/**
 * mcpeer_socket_send - send a datagram
 * @socket: by this socket
 * @to: to this address of its family, and its port
 * @ifindex: on this interface, from its address; 0 for as it is routed
 * @data: the datagram
 * @len: its length
 *
 * Context: Process context. Does not wait for room in the send buffer.
 * Return: 0 or a negative error number.
 */
int mcpeer_socket_send(const struct mcpeer_socket *socket,
		       const struct mcpeer_addr *to, int ifindex,
		       const char *data, unsigned int len)
{
	return mcpeer_socket_inet(socket)->send(socket->sock, to, socket->port,
						ifindex, data, len);
}
