/* SPDX-License-Identifier: GPL-2.0 */
/* UDP's part of a packet, in either family. */
#ifndef MCPEER_FUZZ_UDP_H
#define MCPEER_FUZZ_UDP_H

#include <netinet/udp.h>
#include <stdbool.h>

#include "payload.h"

/**
 * struct udp - a header of UDP and what is behind it
 * @port: to which it goes
 * @header_len: the length in the header, -1 for the right one
 * @checksum: in the header, -1 for the right one
 * @to_be_summed: the checksum is that of the pseudo header alone
 * @len: of @data
 * @data: the header, good once finished, and the payload
 */
struct udp {
	uint16_t port;
	int header_len;
	int checksum;
	bool to_be_summed;
	size_t len;
	unsigned char data[sizeof(struct udphdr) + PAYLOAD_MAX];
};

void udp_make(struct udp *udp, uint64_t *random, const struct names *names);
void udp_make_good(struct udp *udp, const char *name);
void udp_mislabel(struct udp *udp, uint64_t *random);
void udp_finish(struct udp *udp, uint32_t pseudo);
void udp_sum(unsigned char *data, size_t len, uint32_t pseudo);

#endif
