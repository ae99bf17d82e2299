// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <string.h>

#include "array.h"
#include "checksum.h"
#include "random.h"
#include "udp.h"

#define PORT	49001

static void start(struct udp *udp)
{
	udp->port = PORT;
	udp->header_len = -1;
	udp->checksum = -1;
	udp->to_be_summed = false;
	udp->len = sizeof(struct udphdr);
}

/**
 * udp_make - make a datagram, whatever is in it
 * @udp: the datagram, to be finished
 * @random: the state of the random numbers
 * @names: names that mean something to the listener
 */
void udp_make(struct udp *udp, uint64_t *random, const struct names *names)
{
	start(udp);
	udp->len += payload_make((char *)udp->data + udp->len, random, names);
}

/**
 * udp_make_good - make a datagram with nothing wrong
 * @udp: the datagram, to be finished
 * @name: the name that it announces
 */
void udp_make_good(struct udp *udp, const char *name)
{
	start(udp);
	udp->len += payload_make_good((char *)udp->data + udp->len, name);
}

/**
 * udp_mislabel - have the header say something else than the datagram
 * @udp: the datagram, to be finished
 * @random: the state of the random numbers
 */
void udp_mislabel(struct udp *udp, uint64_t *random)
{
	static const int lens[] = { 0, 7, 8, 9, 20, 21, 65535 };

	switch (random_below(random, 3)) {
	case 0:
		udp->checksum = random_below(random, 3) ?
				(int)random_below(random, 65536) : 0;
		break;
	case 1:
		udp->header_len = lens[random_below(random, ARRAY_SIZE(lens))];
		if (random_one_in(random, 3))
			udp->checksum = 0;
		break;
	default:
		udp->port += random_within(random, 0, 2) - 1;
		break;
	}
}

/**
 * udp_sum - put the checksum right
 * @data: header of UDP and all that its checksum covers
 * @len: of @data
 * @pseudo: sum of the pseudo header but for the length
 */
void udp_sum(unsigned char *data, size_t len, uint32_t pseudo)
{
	uint16_t checksum = 0;

	memcpy(data + offsetof(struct udphdr, check), &checksum,
	       sizeof(checksum));
	checksum = checksum_of(checksum_add(pseudo + len, data, len));
	checksum = htons(checksum ?: 0xffff);
	memcpy(data + offsetof(struct udphdr, check), &checksum,
	       sizeof(checksum));
}

/**
 * udp_finish - make the header
 * @udp: the datagram
 * @pseudo: sum of the pseudo header but for the length
 *
 * A length that is too short cuts the datagram: the right checksum is that of
 * what is left. One of 0 does not, to IPv6.
 */
void udp_finish(struct udp *udp, uint32_t pseudo)
{
	bool cut = udp->header_len >= (int)sizeof(struct udphdr) &&
		   udp->header_len < (int)udp->len;
	size_t covered = cut ? (size_t)udp->header_len : udp->len;
	struct udphdr header = {
		.source = htons(40000),
		.dest = htons(udp->port),
		.len = htons(udp->header_len < 0 ? (int)udp->len :
						   udp->header_len),
		.check = htons(udp->checksum),
	};

	if (udp->to_be_summed)
		header.check = htons(~checksum_of(pseudo + covered));
	memcpy(udp->data, &header, sizeof(header));
	if (udp->checksum < 0 && !udp->to_be_summed)
		udp_sum(udp->data, covered, pseudo);
}
