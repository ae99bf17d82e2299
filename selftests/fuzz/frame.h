/* SPDX-License-Identifier: GPL-2.0 */
/* Frames for the group, most of them not as they should be. */
#ifndef MCPEER_FUZZ_FRAME_H
#define MCPEER_FUZZ_FRAME_H

#include <linux/virtio_net.h>
#include <stddef.h>
#include <stdint.h>

/* What the device takes, without the header of a frame. */
#define FRAME_MTU	9000

/* A datagram in so many fragments at most, and some twice. */
#define FRAMES_MAX	8

/**
 * struct names - names that mean something to the host that listens
 * @own: the one it announces
 * @local: one that is registered there
 */
struct names {
	const char *own;
	const char *local;
};

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

size_t frame_make(struct frame frames[FRAMES_MAX], uint64_t *random,
		  const struct names *names);
void frame_make_good(struct frame *frame, const char *name);

#endif
