// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <netinet/ip6.h>
#include <string.h>

#include "array.h"
#include "chain.h"
#include "random.h"

/* So that four fit into a chain, and one beside a fragment's. */
#define HEADER_MAX	64

/**
 * chain_start - have no extension header
 * @chain: the chain
 */
void chain_start(struct chain *chain)
{
	chain->first = IPPROTO_UDP;
	chain->last = 0;
	chain->len = 0;
}

/* Returns where it is, all zero but for its type and length. */
static unsigned char *add(struct chain *chain, uint8_t type, size_t len)
{
	unsigned char *header = chain->bytes + chain->len;

	if (chain->len)
		chain->bytes[chain->last] = type;
	else
		chain->first = type;
	chain->last = chain->len;
	chain->len += len;
	memset(header, 0, len);
	header[0] = IPPROTO_UDP;
	header[1] = len / 8 - 1;
	return header;
}

/**
 * chain_add_fragment - have it be a fragment
 * @chain: the chain
 * @ident: what the fragments of a packet have in common
 * @part: which one it is
 */
void chain_add_fragment(struct chain *chain, uint32_t ident,
			const struct part *part)
{
	unsigned char *at = add(chain, IPPROTO_FRAGMENT,
				sizeof(struct ip6_frag));
	struct ip6_frag header = {
		.ip6f_nxt = IPPROTO_UDP,
		.ip6f_offlg = htons((part->offset & ~7) | part->more),
		.ip6f_ident = htonl(ident),
	};

	memcpy(at, &header, sizeof(header));
}

/*
 * An option, cut to fit into a header. What lies behind the last one is
 * padding, as it is zero. Returns its length.
 */
static size_t put_option(unsigned char *at, uint8_t type, size_t size,
			 size_t room, uint64_t *random)
{
	if (size > room - 2)
		size = room - 2;
	at[0] = type;
	at[1] = size;
	if (type != IP6OPT_PADN)
		random_bytes(random, at + 2, size);
	return 2 + size;
}

/*
 * None with which IPv6 would not go on: the upper two bits of a type say what
 * is to become of the packet if it is not known, and of padding there must not
 * be much.
 */
static void fill_options(unsigned char *at, size_t len, uint64_t *random)
{
	uint8_t type = IP6OPT_PADN;

	while (len >= 2) {
		size_t done = put_option(at, type, random_below(random, 6), len,
					 random);

		type = type == IP6OPT_PADN ? 0x1e : IP6OPT_PADN;
		at += done;
		len -= done;
	}
}

/* Any, with lengths that may be wrong. */
static void fill_odd_options(unsigned char *at, size_t len, uint64_t *random)
{
	static const uint8_t types[] = {
		IP6OPT_PADN, IP6OPT_PAD1, IP6OPT_TUNNEL_LIMIT,
		IP6OPT_ROUTER_ALERT, 7 /* CALIPSO */, 0x1e, 0x31 /* IOAM */,
		0x3e, IP6OPT_JUMBO, 0xc9 /* home address */, 0x5e, 0x9e, 0xde,
	};

	while (len >= 2) {
		uint8_t type = types[random_below(random, ARRAY_SIZE(types))];
		size_t done = put_option(at, type, random_below(random, 21),
					 len, random);

		if (random_one_in(random, 8))
			at[1] = random_next(random);
		at += done;
		len -= done;
	}
}

static void fill_routing(unsigned char *at, uint64_t *random)
{
	static const uint8_t types[] = { 0, 1, 2, 3, 4, 253 };
	struct in6_addr next = { .s6_addr = { 0xfe, 0x80, [15] = 100 } };

	at[2] = types[random_below(random, ARRAY_SIZE(types))];
	at[3] = random_below(random, 4);
	for (size_t i = 8; i + sizeof(next) <= (at[1] + 1) * 8u;
	     i += sizeof(next))
		memcpy(at + i, &next, sizeof(next));
}

/* What is behind the type of the next one. */
static void fill(unsigned char *header, uint8_t type, size_t len,
		 uint64_t *random)
{
	switch (type) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_DSTOPTS:
		if (random_one_in(random, 3))
			fill_odd_options(header + 2, len - 2, random);
		else
			fill_options(header + 2, len - 2, random);
		break;
	case IPPROTO_ROUTING:
		fill_routing(header, random);
		break;
	default:
		if (random_one_in(random, 2))
			random_bytes(random, header + 1, len - 1);
		break;
	}
}

static uint8_t any_type(const struct chain *chain, uint64_t *random)
{
	static const uint8_t types[] = {
		IPPROTO_DSTOPTS, IPPROTO_ROUTING, IPPROTO_FRAGMENT,
		IPPROTO_HOPOPTS, IPPROTO_AH, IPPROTO_MH, IPPROTO_NONE,
		IPPROTO_ICMPV6, IPPROTO_IPV6,
	};

	/* Options for each hop may come first only. */
	if (random_one_in(random, 2))
		return chain->len ? IPPROTO_DSTOPTS : IPPROTO_HOPOPTS;
	if (random_one_in(random, 2))
		return IPPROTO_DSTOPTS;
	return types[random_below(random, ARRAY_SIZE(types))];
}

/* One of some type, or a header that is none. */
static void add_any(struct chain *chain, uint64_t *random)
{
	size_t len = random_within(random, 1, HEADER_MAX / 8) * 8;
	uint8_t type = any_type(chain, random);
	unsigned char *header;

	if (type == IPPROTO_FRAGMENT)
		len = sizeof(struct ip6_frag);
	header = add(chain, type, len);
	fill(header, type, len, random);
	if (random_one_in(random, 8))
		header[1] = random_one_in(random, 4) ?
			    random_next(random) :
			    random_below(random, CHAIN_MAX / 8);
	if (random_one_in(random, 32))
		header[0] = random_next(random);
}

/**
 * chain_add_any - add extension headers, most of them as they should be
 * @chain: the chain
 * @random: the state of the random numbers
 * @count: how many, at most 4
 */
void chain_add_any(struct chain *chain, uint64_t *random, unsigned int count)
{
	while (count--)
		add_any(chain, random);
}
