/* SPDX-License-Identifier: GPL-2.0 */
/* What is in a datagram: announcements, most of them not as they should be. */
#ifndef MCPEER_FUZZ_PAYLOAD_H
#define MCPEER_FUZZ_PAYLOAD_H

#include <stddef.h>
#include <stdint.h>

#define PAYLOAD_PREFIX		"multitastic:"
#define PAYLOAD_PREFIX_LEN	(sizeof(PAYLOAD_PREFIX) - 1)

/* With the longest header of IPv4, a frame is full. */
#define PAYLOAD_MAX		(9000 - 60 - 8)

/**
 * struct names - names that mean something to the host that listens
 * @own: the one it announces
 * @local: one that is registered there
 */
struct names {
	const char *own;
	const char *local;
};

size_t payload_make(char to[PAYLOAD_MAX], uint64_t *random,
		    const struct names *names);
size_t payload_make_good(char to[PAYLOAD_MAX], const char *name);

#endif
