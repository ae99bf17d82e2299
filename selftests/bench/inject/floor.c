// SPDX-License-Identifier: GPL-2.0
/*
 * The least that a listener in the kernel can do: a socket as mcpeer's, whose
 * receive hook drops each datagram unseen.
 */
#include <linux/in.h>
#include <linux/net.h>
#include <linux/nsproxy.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <net/udp_tunnel.h>
#include "bench.h"

static struct socket *bench_floor_sock;

static int bench_floor_receive(struct sock *sk, struct sk_buff *skb)
{
	consume_skb(skb);
	return 0;
}

/**
 * bench_floor_open - begin to drop
 *
 * It joins no group: who measures has joined it on the device.
 *
 * Context: Process context, sleeps.
 * Return: 0 or a negative error number.
 */
int bench_floor_open(void)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(BENCH_GROUP),
		.sin_port = htons(BENCH_PORT),
	};
	struct udp_tunnel_sock_cfg hook = {
		.encap_type = 1,
		.encap_rcv = bench_floor_receive,
	};
	struct socket *sock;
	int err;

	if (bench_floor_sock)
		return -EBUSY;
	err = sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, IPPROTO_UDP,
			       &sock);
	if (err)
		return err;
	sock_set_reuseaddr(sock->sk);
	err = kernel_bind(sock, (struct sockaddr *)&addr, sizeof(addr));
	if (err) {
		sock_release(sock);
		return err;
	}
	setup_udp_tunnel_sock(&init_net, sock, &hook);
	bench_floor_sock = sock;
	return 0;
}

/**
 * bench_floor_close - drop no more
 *
 * Context: Process context, sleeps.
 */
void bench_floor_close(void)
{
	if (!bench_floor_sock)
		return;
	udp_tunnel_sock_release(bench_floor_sock);
	bench_floor_sock = NULL;
}
