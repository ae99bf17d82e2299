/* SPDX-License-Identifier: GPL-2.0 */
/* Frames of Ethernet, and what can happen to one whatever is in it. */
#ifndef MCPEER_FUZZ_FRAME_H
#define MCPEER_FUZZ_FRAME_H

#include <linux/if_ether.h>
#include <linux/virtio_net.h>
#include <stddef.h>
#include <stdint.h>

/* What the device takes, without the header of a frame. */
#define FRAME_MTU	9000

/* A datagram in so many fragments at most, and some twice. */
#define FRAMES_MAX	8

/**
 * struct frame - a frame with the header that packet sockets take before it
 * @vnet: offloads, and how much is to be in one piece
 * @len: of @bytes
 * @bytes: from the MAC addresses on
 */
struct frame {
	struct virtio_net_hdr vnet;
	size_t len;
	unsigned char bytes[FRAME_MTU + 64];
};

void frame_start(struct frame *frame, const uint8_t target[ETH_ALEN],
		 uint16_t protocol);
void frame_put(struct frame *frame, const void *bytes, size_t len);
void frame_noise(struct frame *frame, uint64_t *random);
void frame_mutate(struct frame *frame, uint64_t *random, size_t headers);
void frame_treat(struct frame *frame, uint64_t *random);
void frame_offload(struct frame *frame, uint64_t *random, size_t at);

#endif
