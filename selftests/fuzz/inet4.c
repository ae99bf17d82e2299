// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <string.h>

#include "array.h"
#include "checksum.h"
#include "inet4.h"
#include "part.h"
#include "random.h"
#include "udp.h"

#define GROUP		0xef020304	/* 239.2.3.4 */
#define SENDER		0x0a010102	/* 10.1.1.2 */

#define OPTIONS_MAX	(60 - sizeof(struct iphdr))

/**
 * struct packet - a datagram to be sent, and how
 * @random: where its random numbers come from
 * @source: of the IP header
 * @target: of the IP header
 * @ttl: of the IP header
 * @options_len: of @options
 * @options: of the IP header
 * @udp: what is in it
 */
struct packet {
	uint64_t *random;
	uint32_t source;
	uint32_t target;
	uint8_t ttl;
	size_t options_len;
	unsigned char options[OPTIONS_MAX];
	struct udp udp;
};

/* All but what is in it. */
static void start(struct packet *packet, uint64_t *random)
{
	packet->random = random;
	packet->source = SENDER;
	packet->target = GROUP;
	packet->ttl = 1;
	packet->options_len = 0;
}

static void finish_udp(struct packet *packet)
{
	uint32_t addresses[2] = {
		htonl(packet->source), htonl(packet->target),
	};

	udp_finish(&packet->udp, checksum_add(IPPROTO_UDP, addresses,
					      sizeof(addresses)));
}

static void start_frame(struct frame *frame, uint32_t target)
{
	const uint8_t mac[ETH_ALEN] = {
		0x01, 0x00, 0x5e, target >> 16 & 0x7f, target >> 8, target,
	};

	frame_start(frame, mac, ETH_P_IP);
}

/* Puts the checksum of a header right. */
static void sum_header(unsigned char *header, size_t len)
{
	unsigned char *at = header + offsetof(struct iphdr, check);
	uint16_t check = 0;

	memcpy(at, &check, sizeof(check));
	check = htons(checksum_of(checksum_add(0, header, len)));
	memcpy(at, &check, sizeof(check));
}

/* A part of a packet, as a frame. */
static void put_part(struct frame *frame, const struct packet *packet,
		     uint16_t ident, const struct part *part)
{
	size_t header_len = sizeof(struct iphdr) + packet->options_len;
	struct iphdr header = {
		.version = 4,
		.ihl = header_len / 4,
		.tot_len = htons(header_len + part->len),
		.id = htons(ident),
		.frag_off = htons(part->more << 13 | part->offset >> 3),
		.ttl = packet->ttl,
		.protocol = IPPROTO_UDP,
		.saddr = htonl(packet->source),
		.daddr = htonl(packet->target),
	};

	start_frame(frame, packet->target);
	frame_put(frame, &header, sizeof(header));
	frame_put(frame, packet->options, packet->options_len);
	sum_header(frame->bytes + ETH_HLEN, header_len);
	frame_put(frame, packet->udp.data + part->offset, part->len);
}

static size_t put_whole(struct frame *frame, struct packet *packet)
{
	struct part whole = { .len = packet->udp.len };

	finish_udp(packet);
	put_part(frame, packet, random_next(packet->random), &whole);
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
	uint16_t ident = random_next(packet->random);
	struct part parts[FRAMES_MAX];
	size_t count;

	finish_udp(packet);
	count = parts_make(parts, packet->random, packet->udp.len);
	for (size_t i = 0; i < count; i++)
		put_part(&frames[i], packet, ident, &parts[i]);
	return count;
}

static size_t with_options(struct frame *frames, struct packet *packet)
{
	static const unsigned char types[] = {
		0, 1, 7, 68, 130, 131, 134, 136, 137, 148,
	};
	uint64_t *random = packet->random;
	size_t len = random_within(random, 1, 10) * 4;

	memset(packet->options, IPOPT_NOOP, sizeof(packet->options));
	if (random_one_in(random, 4))
		random_bytes(random, packet->options, len);
	packet->options[0] = types[random_below(random, ARRAY_SIZE(types))];
	packet->options[1] = random_one_in(random, 2) ? len :
			     random_below(random, 48);
	packet->options[2] = random_below(random, 48);
	packet->options_len = len;
	return put_whole(frames, packet);
}

/* A header of UDP or IP that says something else than the frame. */
static size_t mislabelled(struct frame *frames, struct packet *packet)
{
	static const uint32_t targets[] = {
		0xe0000001, 0xef020305, 0x0a010164, 0x0a0101ff, 0xffffffff,
		0xef020304, 0, 0x7f000001,
	};
	static const uint32_t sources[] = {
		0, 0x7f000001, 0x7f000002, 0x7f000003, 0x7f000004, 0xe0000001,
		0xef020304, 0xffffffff, 0x0a010164, 0x0a0101ff, 0x08080808,
		0x00000001, 0xf0000001,
	};
	uint64_t *random = packet->random;

	switch (random_below(random, 6)) {
	case 0:
		packet->target = targets[random_below(random,
						      ARRAY_SIZE(targets))];
		break;
	case 1:
		packet->source = sources[random_below(random,
						      ARRAY_SIZE(sources))];
		break;
	case 2:
		packet->ttl = random_next(random);
		break;
	default:
		udp_mislabel(&packet->udp, random);
		break;
	}
	return put_whole(frames, packet);
}

/* Bytes changed anywhere, and the IP header's checksum put right. */
static size_t mutated(struct frame *frames, struct packet *packet)
{
	unsigned char *header = frames->bytes + ETH_HLEN;
	uint64_t *random = packet->random;
	size_t len;

	if (random_one_in(random, 2))
		packet->udp.checksum = 0;
	put_whole(frames, packet);
	frame_mutate(frames, random, 60);
	len = (*header & 0xf) * 4;
	if (!random_one_in(random, 4) && len >= sizeof(struct iphdr) &&
	    ETH_HLEN + len <= frames->len)
		sum_header(header, len);
	return 1;
}

static size_t noise(struct frame *frames, struct packet *packet)
{
	start_frame(frames, packet->target);
	frame_noise(frames, packet->random);
	return 1;
}

static size_t offloaded(struct frame *frames, struct packet *packet)
{
	packet->udp.to_be_summed = random_one_in(packet->random, 2);
	put_whole(frames, packet);
	frame_offload(frames, packet->random, ETH_HLEN + sizeof(struct iphdr));
	return 1;
}

/**
 * inet4_make - make what is sent next
 * @frames: the frames
 * @random: the state of the random numbers
 * @names: names that mean something to the listener
 *
 * Return: how many frames.
 */
size_t inet4_make(struct frame frames[FRAMES_MAX], uint64_t *random,
		  const struct names *names)
{
	static size_t (*const kinds[])(struct frame *frames,
				       struct packet *packet) = {
		treated, treated, treated, treated, treated, treated, treated,
		fragmented, fragmented, with_options, mislabelled,
		mislabelled, mutated, mutated, mutated, noise, offloaded,
	};
	static struct packet packet;

	start(&packet, random);
	packet.source += random_one_in(random, 4);
	udp_make(&packet.udp, random, names);
	return kinds[random_below(random, ARRAY_SIZE(kinds))](frames, &packet);
}

/**
 * inet4_make_good - make an announcement with nothing wrong
 * @frame: the frame
 * @name: the name
 */
void inet4_make_good(struct frame *frame, const char *name)
{
	static struct packet packet;
	uint64_t random = 0;

	start(&packet, &random);
	udp_make_good(&packet.udp, name);
	put_whole(frame, &packet);
}
