/* SPDX-License-Identifier: GPL-2.0 */
/* Frames of IPv4 for the group, most of them not as they should be. */
#ifndef MCPEER_FUZZ_INET4_H
#define MCPEER_FUZZ_INET4_H

#include "frame.h"
#include "payload.h"

size_t inet4_make(struct frame frames[FRAMES_MAX], uint64_t *random,
		  const struct names *names);
void inet4_make_good(struct frame *frame, const char *name);

#endif
