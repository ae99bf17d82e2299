// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <netinet/ip6.h>
#include <string.h>

#include "array.h"
#include "chain.h"
#include "checksum.h"
#include "inet6.h"
#include "part.h"
#include "random.h"
#include "udp.h"

#define GROUP		"ff12::ef02:304"
#define SENDER		"fe80::2"

#define VERSION		0x60000000

/* Where in a frame the addresses are, and what is behind the header. */
#define ADDRESSES_AT	(ETH_HLEN + offsetof(struct ip6_hdr, ip6_src))
#define DATA_AT		(ETH_HLEN + sizeof(struct ip6_hdr))

/**
 * struct packet - a datagram to be sent, and how
 * @random: where its random numbers come from
 * @source: of the IP header
 * @target: of the IP header
 * @flow: of the IP header: its first word
 * @hops: of the IP header
 * @payload_len: of the IP header, -1 for the right one
 * @chain: what is between that and UDP
 * @udp: what is in it
 */
struct packet {
	uint64_t *random;
	struct in6_addr source;
	struct in6_addr target;
	uint32_t flow;
	uint8_t hops;
	int payload_len;
	struct chain chain;
	struct udp udp;
};

static void set_address(struct in6_addr *address, const char *text)
{
	inet_pton(AF_INET6, text, address);
}

/* All but what is in it. */
static void start(struct packet *packet, uint64_t *random)
{
	packet->random = random;
	set_address(&packet->source, SENDER);
	set_address(&packet->target, GROUP);
	packet->flow = VERSION;
	packet->hops = 1;
	packet->payload_len = -1;
	chain_start(&packet->chain);
}

/* Of the two addresses, one behind the other; the length is yet to come. */
static uint32_t pseudo_sum(const void *addresses)
{
	return checksum_add(IPPROTO_UDP, addresses,
			    2 * sizeof(struct in6_addr));
}

static void finish_udp(struct packet *packet)
{
	struct in6_addr addresses[2] = { packet->source, packet->target };

	udp_finish(&packet->udp, pseudo_sum(addresses));
}

static void start_frame(struct frame *frame, const struct in6_addr *target)
{
	uint8_t mac[ETH_ALEN] = { 0x33, 0x33 };

	memcpy(mac + 2, &target->s6_addr[12], 4);
	frame_start(frame, mac, ETH_P_IPV6);
}

/* Some of the data behind a chain of headers, as a frame. */
static void put_part(struct frame *frame, const struct packet *packet,
		     const struct chain *chain, const struct part *part)
{
	int right = chain->len + part->len;
	struct ip6_hdr header = {
		.ip6_flow = htonl(packet->flow),
		.ip6_plen = htons(packet->payload_len < 0 ?
				  right : packet->payload_len),
		.ip6_nxt = chain->first,
		.ip6_hlim = packet->hops,
		.ip6_src = packet->source,
		.ip6_dst = packet->target,
	};

	start_frame(frame, &packet->target);
	frame_put(frame, &header, sizeof(header));
	frame_put(frame, chain->bytes, chain->len);
	frame_put(frame, packet->udp.data + part->offset, part->len);
}

static size_t put_whole(struct frame *frame, struct packet *packet)
{
	size_t room = FRAME_MTU - sizeof(struct ip6_hdr) - packet->chain.len;
	struct part whole = { };

	if (packet->udp.len > room)
		packet->udp.len = room;
	whole.len = packet->udp.len;
	finish_udp(packet);
	put_part(frame, packet, &packet->chain, &whole);
	return 1;
}

static size_t treated(struct frame *frames, struct packet *packet)
{
	put_whole(frames, packet);
	frame_treat(frames, packet->random);
	return 1;
}

static size_t fragmented(struct frame *frames, struct packet *packet)
{
	uint32_t ident = random_next(packet->random);
	struct part parts[FRAMES_MAX];
	size_t count;

	if (random_one_in(packet->random, 4))
		chain_add_any(&packet->chain, packet->random, 1);
	finish_udp(packet);
	count = parts_make(parts, packet->random, packet->udp.len);
	for (size_t i = 0; i < count; i++) {
		struct chain chain = packet->chain;

		chain_add_fragment(&chain, ident, &parts[i]);
		put_part(&frames[i], packet, &chain, &parts[i]);
	}
	return count;
}

static size_t with_extensions(struct frame *frames, struct packet *packet)
{
	chain_add_any(&packet->chain, packet->random,
		      1 + random_below(packet->random, 4) *
			  random_below(packet->random, 2));
	return put_whole(frames, packet);
}

/* Half of the time the one that IPv6 lets pass, though no host has it. */
static void set_odd_source(struct packet *packet)
{
	static const char *const sources[] = {
		"::1", "::ffff:10.1.1.2", "::10.1.1.2", "ff02::1", GROUP,
		"fe80::100", "fe80::fedc:ba98:7654:3210", "fe80:1::2",
		"fec0::2", "fd00::2", "2001:db8:1::100", "2001:db8:1::2",
		"2001:db8:2::2", "2002:a01:102::2", "64:ff9b::a01:102",
		"0:0:1::2", "8000::",
	};
	uint64_t *random = packet->random;

	set_address(&packet->source, random_one_in(random, 2) ? "::" :
		    sources[random_below(random, ARRAY_SIZE(sources))]);
}

static void set_odd_target(struct packet *packet)
{
	static const char *const targets[] = {
		"ff02::1", "ff02::2", "ff12::ef02:305", "ff02::ef02:304",
		"ff12:0:1::ef02:304", "ff15::ef02:304", "ff11::ef02:304",
		"ff10::ef02:304", "ff01::1", "ff32::ef02:304",
		"fe80::100", "2001:db8:1::100", "fe80::2", "2001:db8:2::2",
		"::", "::1", "::ffff:10.1.1.100", "ff02::1:ff00:100",
	};

	set_address(&packet->target,
		    targets[random_below(packet->random,
					 ARRAY_SIZE(targets))]);
}

static void set_odd_payload_len(struct packet *packet)
{
	static const int lens[] = { 0, 1, 7, 8, 9, 20, 21, 65535 };
	uint64_t *random = packet->random;

	if (random_one_in(random, 2))
		packet->payload_len = lens[random_below(random,
							ARRAY_SIZE(lens))];
	else
		packet->payload_len = packet->udp.len - 4 +
				      random_below(random, 9);
}

/* A header of UDP or IP that says something else than the frame. */
static size_t mislabelled(struct frame *frames, struct packet *packet)
{
	uint64_t *random = packet->random;

	switch (random_below(random, 9)) {
	case 0:
		set_odd_target(packet);
		break;
	case 1:
	case 2:
	case 3:
		set_odd_source(packet);
		break;
	case 4:
		packet->hops = random_next(random);
		break;
	case 5:
		set_odd_payload_len(packet);
		break;
	case 6:
		packet->flow = random_next(random);
		if (random_one_in(random, 2))
			packet->flow = VERSION | packet->flow >> 4;
		break;
	default:
		udp_mislabel(&packet->udp, random);
		break;
	}
	return put_whole(frames, packet);
}

/* Puts UDP's checksum right: there has to be one by IPv6. */
static void sum_again(struct frame *frame)
{
	size_t len = frame->len - DATA_AT, said;
	unsigned char *udp = frame->bytes + DATA_AT;

	if (len < sizeof(struct udphdr))
		return;
	said = udp[4] << 8 | udp[5];
	if (said >= sizeof(struct udphdr) && said < len)
		len = said;
	udp_sum(udp, len, pseudo_sum(frame->bytes + ADDRESSES_AT));
}

/* Bytes changed anywhere, some of them in extension headers. */
static size_t mutated(struct frame *frames, struct packet *packet)
{
	uint64_t *random = packet->random;

	if (random_one_in(random, 3))
		chain_add_any(&packet->chain, random, 1);
	put_whole(frames, packet);
	frame_mutate(frames, random, DATA_AT + packet->chain.len +
				     2 * sizeof(struct udphdr));
	if (!packet->chain.len && !random_one_in(random, 4))
		sum_again(frames);
	return 1;
}

static size_t noise(struct frame *frames, struct packet *packet)
{
	start_frame(frames, &packet->target);
	frame_noise(frames, packet->random);
	/* Or it would hardly ever be taken for IPv6. */
	if (frames->len > ETH_HLEN && random_one_in(packet->random, 2))
		frames->bytes[ETH_HLEN] = VERSION >> 24;
	return 1;
}

static size_t offloaded(struct frame *frames, struct packet *packet)
{
	uint64_t *random = packet->random;

	if (random_one_in(random, 4))
		chain_add_any(&packet->chain, random, 1);
	packet->udp.to_be_summed = random_one_in(random, 2);
	put_whole(frames, packet);
	frame_offload(frames, random, DATA_AT + packet->chain.len);
	return 1;
}

/**
 * inet6_make - make what is sent next
 * @frames: the frames
 * @random: the state of the random numbers
 * @names: names that mean something to the listener
 *
 * Return: how many frames.
 */
size_t inet6_make(struct frame frames[FRAMES_MAX], uint64_t *random,
		  const struct names *names)
{
	static size_t (*const kinds[])(struct frame *frames,
				       struct packet *packet) = {
		treated, treated, treated, treated, treated, treated, treated,
		fragmented, fragmented, with_extensions, with_extensions,
		mislabelled, mislabelled, mislabelled, mutated, mutated,
		mutated, noise, offloaded,
	};
	static const char *const senders[] = {
		SENDER, SENDER, "fe80::3", "2001:db8:1::2",
	};
	static struct packet packet;

	start(&packet, random);
	set_address(&packet.source,
		    senders[random_below(random, ARRAY_SIZE(senders))]);
	udp_make(&packet.udp, random, names);
	return kinds[random_below(random, ARRAY_SIZE(kinds))](frames, &packet);
}

/**
 * inet6_make_good - make an announcement with nothing wrong
 * @frame: the frame
 * @name: the name
 */
void inet6_make_good(struct frame *frame, const char *name)
{
	static struct packet packet;
	uint64_t random = 0;

	start(&packet, &random);
	udp_make_good(&packet.udp, name);
	put_whole(frame, &packet);
}
