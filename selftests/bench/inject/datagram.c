// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ip.h>
#include "bench.h"

/* A name has 16 bytes. */
#define BENCH_DATAGRAM_NAME	"host%012u"
#define BENCH_DATAGRAM_PAYLOAD	(sizeof(BENCH_PREFIX) - 1 + 16)

/* Senders are 10.1.0.0 and those that follow. */
#define BENCH_DATAGRAM_SENDER	0x0a010000

static void bench_datagram_fill(struct sk_buff *skb, u32 number)
{
	unsigned int udp_len = sizeof(struct udphdr) + BENCH_DATAGRAM_PAYLOAD;
	char text[BENCH_DATAGRAM_PAYLOAD + 1];
	struct ethhdr *eth;
	struct udphdr *udp;
	struct iphdr *ip;

	eth = skb_put_zero(skb, sizeof(*eth));
	ip_eth_mc_map(htonl(BENCH_GROUP), eth->h_dest);
	eth->h_source[0] = 2;
	eth->h_proto = htons(ETH_P_IP);

	ip = skb_put_zero(skb, sizeof(*ip));
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 1;
	ip->protocol = IPPROTO_UDP;
	ip->tot_len = htons(sizeof(*ip) + udp_len);
	ip->saddr = htonl(BENCH_DATAGRAM_SENDER + number);
	ip->daddr = htonl(BENCH_GROUP);
	ip->check = ip_fast_csum(ip, ip->ihl);

	udp = skb_put_zero(skb, sizeof(*udp));
	udp->source = htons(BENCH_PORT);
	udp->dest = htons(BENCH_PORT);
	udp->len = htons(udp_len);

	snprintf(text, sizeof(text), BENCH_PREFIX BENCH_DATAGRAM_NAME, number);
	skb_put_data(skb, text, BENCH_DATAGRAM_PAYLOAD);
}

/**
 * bench_datagram_new - a datagram as a device's driver hands it on
 * @dev: the device
 * @number: of its sender, which has a name and an address of its own
 * @gfp: for its memory
 *
 * The hardware has found its checksum right, as it does on most machines.
 *
 * Context: Any that suits @gfp.
 * Return: the datagram or NULL.
 */
struct sk_buff *bench_datagram_new(struct net_device *dev, u32 number,
				   gfp_t gfp)
{
	struct sk_buff *skb = __netdev_alloc_skb_ip_align(dev, 128, gfp);

	if (!skb)
		return NULL;
	bench_datagram_fill(skb, number);
	skb->protocol = eth_type_trans(skb, dev);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return skb;
}
