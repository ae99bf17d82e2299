/* SPDX-License-Identifier: GPL-2.0 */
/* The Internet's checksum. */
#ifndef MCPEER_FUZZ_CHECKSUM_H
#define MCPEER_FUZZ_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* The sum so far, and that of these bytes. */
static inline uint32_t checksum_add(uint32_t sum, const void *bytes,
				    size_t len)
{
	const unsigned char *at = bytes;

	for (; len > 1; len -= 2, at += 2)
		sum += at[0] << 8 | at[1];
	if (len)
		sum += at[0] << 8;
	return sum;
}

/* What goes into a header. */
static inline uint16_t checksum_of(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

#endif
