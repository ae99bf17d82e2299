// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "frame.h"
#include "random.h"

#define GROUP		0xef020304	/* 239.2.3.4 */
#define PORT		49001
#define PREFIX		"multitastic:"
#define PREFIX_LEN	(sizeof(PREFIX) - 1)
#define SENDER		0x0a010102	/* 10.1.1.2 */

#define POOL		2000		/* more than the table may hold */

#define IP_HEADER_MAX	60
#define PAYLOAD_MAX	(FRAME_MTU - IP_HEADER_MAX - sizeof(struct udphdr))

/**
 * struct packet - a datagram to be sent, and how
 * @random: where its random numbers come from
 * @names: names that mean something to the listener
 * @source: of the IP header
 * @target: of the IP header
 * @port: to which it goes
 * @ttl: of the IP header
 * @options_len: of @options
 * @options: of the IP header
 * @udp_len: of the UDP header, -1 for the right one
 * @checksum: of the UDP header, -1 for the right one
 * @len: of @data
 * @data: UDP header and payload
 */
struct packet {
	uint64_t *random;
	const struct names *names;
	uint32_t source;
	uint32_t target;
	uint16_t port;
	uint8_t ttl;
	size_t options_len;
	unsigned char options[IP_HEADER_MAX - 20];
	int udp_len;
	int checksum;
	size_t len;
	unsigned char data[FRAME_MTU];
};

static uint32_t sum(uint32_t start, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	for (; len > 1; len -= 2, at += 2)
		start += at[0] << 8 | at[1];
	if (len)
		start += at[0] << 8;
	return start;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static size_t put(char *to, const char *text)
{
	size_t len = strlen(text);

	memcpy(to, text, len);
	return len;
}

static size_t fill(uint64_t *random, char *to, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = random_within(random, '!', '~');
	return len;
}

/* What comes behind the prefix. */
static size_t make_name(struct packet *packet, char *to)
{
	static const char *const odd[] = {
		" ", "\n", "host\n", "host\r\n", "a b", "h\xc3\xb6st",
		"\x1b[2J", "\x7f", "\xff", "\xe2\x80\xaehost", "host\t",
	};
	uint64_t *random = packet->random;
	size_t len;

	switch (random_below(random, 16)) {
	default:
		return sprintf(to, "fuzz%u", random_below(random, POOL));
	case 0:
		return fill(random, to, random_within(random, 0, 70));
	case 1:
		return fill(random, to, random_within(random, 63, 66));
	case 2:
		len = random_below(random, 130);
		random_bytes(random, to, len);
		return len;
	case 3:
		return put(to, packet->names->own);
	case 4:
		return put(to, packet->names->local);
	case 5:
		return put(to, odd[random_below(random, ARRAY_SIZE(odd))]);
	case 6:
		len = fill(random, to, random_within(random, 1, 64));
		to[random_below(random, len)] = random_next(random);
		return len;
	case 7:
		return 0;
	}
}

static size_t make_payload(struct packet *packet, char *to)
{
	uint64_t *random = packet->random;
	size_t len;

	len = put(to, PREFIX);
	len += make_name(packet, to + len);
	switch (random_below(random, 16)) {
	case 0:
		to[random_below(random, PREFIX_LEN)] ^=
			1 << random_below(random, 8);
		return len;
	case 1:
		return random_below(random, len + 1);
	case 2:
		len = random_below(random, 200);
		random_bytes(random, to, len);
		return len;
	case 3:
		return PREFIX_LEN + fill(random, to + PREFIX_LEN,
					 random_below(random, 1400));
	case 4:
		return PREFIX_LEN + fill(random, to + PREFIX_LEN,
					 random_within(random, 4000,
						       PAYLOAD_MAX -
						       PREFIX_LEN));
	default:
		return len;
	}
}

static void make_packet(struct packet *packet, uint64_t *random,
			const struct names *names)
{
	packet->random = random;
	packet->names = names;
	packet->source = SENDER + random_one_in(random, 4);
	packet->target = GROUP;
	packet->port = PORT;
	packet->ttl = 1;
	packet->options_len = 0;
	packet->udp_len = -1;
	packet->checksum = -1;
	packet->len = sizeof(struct udphdr);
	packet->len += make_payload(packet, (char *)packet->data + packet->len);
}

static void finish_udp(struct packet *packet)
{
	uint16_t len = packet->udp_len < 0 ? (int)packet->len :
					     packet->udp_len;
	struct udphdr header = {
		.source = htons(40000),
		.dest = htons(packet->port),
		.len = htons(len),
	};
	uint32_t pseudo[3] = {
		htonl(packet->source), htonl(packet->target),
		htonl(IPPROTO_UDP << 16 | len),
	};
	uint16_t right;

	memcpy(packet->data, &header, sizeof(header));
	right = fold(sum(sum(0, pseudo, sizeof(pseudo)), packet->data,
			 packet->len));
	if (!right)
		right = 0xffff;
	header.check = htons(packet->checksum < 0 ? right : packet->checksum);
	memcpy(packet->data, &header, sizeof(header));
}

static unsigned char *put_ethernet(struct frame *frame, uint32_t target)
{
	unsigned char *to = frame->bytes;
	struct ethhdr header = {
		.h_dest = { 0x01, 0x00, 0x5e, target >> 16 & 0x7f, target >> 8,
			    target },
		.h_source = { 0x02, 0, 0, 0, 0, 2 },
		.h_proto = htons(ETH_P_IP),
	};

	return mempcpy(to, &header, sizeof(header));
}

/* The part of a packet from @offset on, as a frame. */
static void put_part(struct frame *frame, const struct packet *packet,
		     uint16_t ident, size_t offset, size_t len, bool more)
{
	size_t header_len = sizeof(struct iphdr) + packet->options_len;
	unsigned char *start = put_ethernet(frame, packet->target), *to;
	struct iphdr header = {
		.version = 4,
		.ihl = header_len / 4,
		.tot_len = htons(header_len + len),
		.id = htons(ident),
		.frag_off = htons(more << 13 | offset >> 3),
		.ttl = packet->ttl,
		.protocol = IPPROTO_UDP,
		.saddr = htonl(packet->source),
		.daddr = htonl(packet->target),
	};

	memset(&frame->vnet, 0, sizeof(frame->vnet));
	to = mempcpy(start, &header, sizeof(header));
	memcpy(to, packet->options, packet->options_len);
	header.check = htons(fold(sum(0, start, header_len)));
	memcpy(start, &header, sizeof(header));
	to = mempcpy(start + header_len, packet->data + offset, len);
	frame->len = to - frame->bytes;
}

static size_t put_whole(struct frame *frame, struct packet *packet)
{
	finish_udp(packet);
	put_part(frame, packet, random_next(packet->random), 0, packet->len,
		 false);
	return 1;
}

/* In pieces that may be missing, come twice, overlap or be out of order. */
static size_t fragmented(struct frame *frames, struct packet *packet)
{
	uint64_t *random = packet->random;
	uint16_t ident = random_next(random);
	size_t offset = 0, count = 0, piece;

	finish_udp(packet);
	piece = random_within(random, 1, 1 + packet->len / 24) * 8;
	while (offset < packet->len && count < FRAMES_MAX) {
		size_t len = packet->len - offset;
		bool more = len > piece && count < FRAMES_MAX - 1;

		if (more)
			len = piece;
		if (len > FRAME_MTU - IP_HEADER_MAX)
			len = FRAME_MTU - IP_HEADER_MAX;
		put_part(&frames[count], packet, ident, offset, len, more);
		offset += len;
		if (random_one_in(random, 12))
			offset -= offset > 8 ? 8 : 0;
		if (!random_one_in(random, 12))
			count++;
	}
	for (size_t i = 1; i < count && random_one_in(random, 3); i++) {
		struct frame other = frames[i];

		frames[i] = frames[0];
		frames[0] = other;
	}
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
	if (packet->len > FRAME_MTU - IP_HEADER_MAX)
		packet->len = FRAME_MTU - IP_HEADER_MAX;
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
	static const int lens[] = { 0, 7, 8, 9, 20, 21, 65535 };
	uint64_t *random = packet->random;

	switch (random_below(random, 6)) {
	case 0:
		packet->checksum = random_below(random, 3) ?
				   (int)random_below(random, 65536) : 0;
		break;
	case 1:
		packet->udp_len = lens[random_below(random, ARRAY_SIZE(lens))];
		if (random_one_in(random, 2))
			packet->checksum = 0;
		break;
	case 2:
		packet->port += random_within(random, 0, 2) - 1;
		break;
	case 3:
		packet->target = targets[random_below(random,
						      ARRAY_SIZE(targets))];
		break;
	case 4:
		packet->source = sources[random_below(random,
						      ARRAY_SIZE(sources))];
		break;
	default:
		packet->ttl = random_next(random);
		break;
	}
	return put_whole(frames, packet);
}

static size_t tagged(struct frame *frames, struct packet *packet)
{
	static const uint16_t tags[] = { ETH_P_8021Q, ETH_P_8021AD };
	uint64_t *random = packet->random;
	unsigned int count = random_within(random, 1, 3);
	struct frame *frame = frames;

	put_whole(frame, packet);
	while (count--) {
		unsigned char *at = frame->bytes + 2 * ETH_ALEN;
		uint16_t tag[2] = {
			htons(tags[random_below(random, 2)]),
			htons(random_one_in(random, 2) ? 0 :
			      random_next(random)),
		};

		memmove(at + sizeof(tag), at, frame->len - 2 * ETH_ALEN);
		memcpy(at, tag, sizeof(tag));
		frame->len += sizeof(tag);
	}
	return 1;
}

static size_t cut_short(struct frame *frames, struct packet *packet)
{
	struct frame *frame = frames;

	put_whole(frame, packet);
	if (random_one_in(packet->random, 3)) {
		/* Or too long: padded. There is always room for this much. */
		size_t pad = random_below(packet->random, 16);

		random_bytes(packet->random, frame->bytes + frame->len, pad);
		frame->len += pad;
	} else {
		frame->len = random_within(packet->random, ETH_HLEN,
					   frame->len);
	}
	return 1;
}

/* Bytes changed anywhere, and the IP header's checksum put right. */
static size_t mutated(struct frame *frames, struct packet *packet)
{
	unsigned int count = random_within(packet->random, 1, 6);
	uint64_t *random = packet->random;
	struct frame *frame = frames;
	struct iphdr header;
	size_t len;

	if (random_one_in(random, 2))
		packet->checksum = 0;
	put_whole(frame, packet);
	while (count--) {
		size_t end = random_one_in(random, 2) ? 60 : frame->len;

		if (end > frame->len)
			end = frame->len;
		frame->bytes[random_below(random, end)] =
			random_next(random);
	}
	memcpy(&header, frame->bytes + ETH_HLEN, sizeof(header));
	len = header.ihl * 4;
	if (random_one_in(random, 4) || len < sizeof(header) ||
	    ETH_HLEN + len > frame->len)
		return 1;
	header.check = 0;
	memcpy(frame->bytes + ETH_HLEN, &header, sizeof(header));
	header.check = htons(fold(sum(0, frame->bytes + ETH_HLEN, len)));
	memcpy(frame->bytes + ETH_HLEN, &header, sizeof(header));
	return 1;
}

static size_t noise(struct frame *frames, struct packet *packet)
{
	struct frame *frame = frames;

	put_ethernet(frame, packet->target);
	memset(&frame->vnet, 0, sizeof(frame->vnet));
	frame->len = random_within(packet->random, ETH_HLEN, 200);
	random_bytes(packet->random, frame->bytes + ETH_HLEN,
		     frame->len - ETH_HLEN);
	return 1;
}

/* As a device with offloads hands it up: not summed yet, or many in one. */
static size_t offloaded(struct frame *frames, struct packet *packet)
{
	static const uint8_t types[] = {
		VIRTIO_NET_HDR_GSO_NONE, VIRTIO_NET_HDR_GSO_UDP,
		5 /* VIRTIO_NET_HDR_GSO_UDP_L4, since Linux 6.2 */,
	};
	struct virtio_net_hdr *vnet = &frames->vnet;
	uint64_t *random = packet->random;

	put_whole(frames, packet);
	vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vnet->csum_start = ETH_HLEN + sizeof(struct iphdr);
	vnet->csum_offset = offsetof(struct udphdr, check);
	vnet->hdr_len = vnet->csum_start + sizeof(struct udphdr);
	vnet->gso_type = types[random_below(random, ARRAY_SIZE(types))];
	if (vnet->gso_type != VIRTIO_NET_HDR_GSO_NONE)
		vnet->gso_size = random_within(random, 1, 200);
	return 1;
}

static size_t plain(struct frame *frames, struct packet *packet)
{
	put_whole(frames, packet);
	/* More than a page: the rest is in pages of its own. */
	if (random_one_in(packet->random, 2))
		frames->vnet.hdr_len = random_within(packet->random, 0,
						     frames->len);
	return 1;
}

/**
 * frame_make - make what is sent next
 * @frames: the frames
 * @random: the state of the random numbers
 * @names: names that mean something to the listener
 *
 * Return: how many frames.
 */
size_t frame_make(struct frame frames[FRAMES_MAX], uint64_t *random,
		  const struct names *names)
{
	static size_t (*const kinds[])(struct frame *frames,
				       struct packet *packet) = {
		plain, plain, plain, plain, plain, fragmented, fragmented,
		with_options, mislabelled, mislabelled, tagged, cut_short,
		mutated, mutated, mutated, noise, offloaded,
	};
	static struct packet packet;

	make_packet(&packet, random, names);
	return kinds[random_below(random, ARRAY_SIZE(kinds))](frames, &packet);
}

/**
 * frame_make_good - make an announcement with nothing wrong
 * @frame: the frame
 * @name: the name
 */
void frame_make_good(struct frame *frame, const char *name)
{
	uint64_t random = 0;
	struct packet packet = {
		.random = &random,
		.source = SENDER,
		.target = GROUP,
		.port = PORT,
		.ttl = 1,
		.udp_len = -1,
		.checksum = -1,
		.len = sizeof(struct udphdr),
	};

	packet.len += sprintf((char *)packet.data + packet.len, PREFIX "%s",
			      name);
	put_whole(frame, &packet);
}
