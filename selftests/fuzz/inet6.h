/* SPDX-License-Identifier: GPL-2.0 */
/* Frames of IPv6 for the group, most of them not as they should be. */
#ifndef MCPEER_FUZZ_INET6_H
#define MCPEER_FUZZ_INET6_H

#include "frame.h"
#include "payload.h"

size_t inet6_make(struct frame frames[FRAMES_MAX], uint64_t *random,
		  const struct names *names);
void inet6_make_good(struct frame *frame, const char *name);

#endif
