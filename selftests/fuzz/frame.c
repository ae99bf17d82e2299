// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <netinet/udp.h>
#include <string.h>

#include "array.h"
#include "frame.h"
#include "random.h"

/**
 * frame_start - make the header of a frame
 * @frame: the frame, to be filled
 * @target: MAC address it goes to
 * @protocol: of what is to come behind the header
 */
void frame_start(struct frame *frame, const uint8_t target[ETH_ALEN],
		 uint16_t protocol)
{
	struct ethhdr header = {
		.h_source = { 0x02, 0, 0, 0, 0, 2 },
		.h_proto = htons(protocol),
	};

	memcpy(header.h_dest, target, ETH_ALEN);
	memset(&frame->vnet, 0, sizeof(frame->vnet));
	frame->len = 0;
	frame_put(frame, &header, sizeof(header));
}

/**
 * frame_put - put bytes at the end of a frame
 * @frame: the frame, with room for them
 * @bytes: the bytes
 * @len: how many
 */
void frame_put(struct frame *frame, const void *bytes, size_t len)
{
	memcpy(frame->bytes + frame->len, bytes, len);
	frame->len += len;
}

/**
 * frame_noise - put anything behind the header
 * @frame: the frame, with a header only
 * @random: the state of the random numbers
 */
void frame_noise(struct frame *frame, uint64_t *random)
{
	size_t len = random_within(random, 0, 200 - ETH_HLEN);

	random_bytes(random, frame->bytes + frame->len, len);
	frame->len += len;
}

/**
 * frame_mutate - change bytes anywhere
 * @frame: the frame
 * @random: the state of the random numbers
 * @headers: where headers end, which are changed more often
 */
void frame_mutate(struct frame *frame, uint64_t *random, size_t headers)
{
	unsigned int count = random_within(random, 1, 6);

	while (count--) {
		size_t end = random_one_in(random, 2) ? headers : frame->len;

		if (end > frame->len)
			end = frame->len;
		frame->bytes[random_below(random, end)] =
			random_next(random);
	}
}

/* Short, or too long. */
static void cut(struct frame *frame, uint64_t *random)
{
	if (random_one_in(random, 3)) {
		/* There is always room for this much. */
		size_t pad = random_below(random, 16);

		random_bytes(random, frame->bytes + frame->len, pad);
		frame->len += pad;
	} else {
		frame->len = random_within(random, ETH_HLEN, frame->len);
	}
}

/* With tags of VLANs. */
static void tag(struct frame *frame, uint64_t *random)
{
	static const uint16_t tags[] = { ETH_P_8021Q, ETH_P_8021AD };
	unsigned int count = random_within(random, 1, 3);

	while (count--) {
		unsigned char *at = frame->bytes + 2 * ETH_ALEN;
		uint16_t put[2] = {
			htons(tags[random_below(random, 2)]),
			htons(random_one_in(random, 2) ? 0 :
			      random_next(random)),
		};

		memmove(at + sizeof(put), at, frame->len - 2 * ETH_ALEN);
		memcpy(at, put, sizeof(put));
		frame->len += sizeof(put);
	}
}

/* Its front in one piece; if it is more than a page the rest is in others. */
static void split(struct frame *frame, uint64_t *random)
{
	frame->vnet.hdr_len = random_within(random, 0, frame->len);
}

/**
 * frame_treat - do to a frame what can happen to it as a whole
 * @frame: the frame
 * @random: the state of the random numbers
 */
void frame_treat(struct frame *frame, uint64_t *random)
{
	switch (random_below(random, 14)) {
	case 0:
	case 1:
		tag(frame, random);
		break;
	case 2:
	case 3:
		cut(frame, random);
		break;
	case 4 ... 8:
		split(frame, random);
		break;
	default:
		break;
	}
}

/**
 * frame_offload - make it one as a device with offloads hands up
 * @frame: the frame
 * @random: the state of the random numbers
 * @at: where its UDP header is
 *
 * It is not summed yet, or many in one.
 */
void frame_offload(struct frame *frame, uint64_t *random, size_t at)
{
	static const uint8_t types[] = {
		VIRTIO_NET_HDR_GSO_NONE, VIRTIO_NET_HDR_GSO_UDP,
		5 /* VIRTIO_NET_HDR_GSO_UDP_L4, since Linux 6.2 */,
	};
	struct virtio_net_hdr *vnet = &frame->vnet;

	vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vnet->csum_start = at;
	vnet->csum_offset = offsetof(struct udphdr, check);
	vnet->hdr_len = vnet->csum_start + sizeof(struct udphdr);
	vnet->gso_type = types[random_below(random, ARRAY_SIZE(types))];
	if (vnet->gso_type != VIRTIO_NET_HDR_GSO_NONE)
		vnet->gso_size = random_within(random, 1, 200);
}
