// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>

#include "array.h"
#include "random.h"
#include "request.h"

#define HEADERS_LEN	(NLMSG_HDRLEN + GENL_HDRLEN)
#define HUGE_LEN	60000

/* --- values --------------------------------------------------------------- */

static size_t graphic(uint64_t *random, char *to, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = random_within(random, '!', '~');
	return len;
}

/* Lengths at which something may end. */
static size_t odd_len(uint64_t *random)
{
	static const size_t lens[] = {
		0, 1, 2, 15, 16, 31, 32, 33, 63, 64, 65, 255, 256, 257, 1000,
		4096,
	};

	return lens[random_below(random, ARRAY_SIZE(lens))];
}

static size_t likely_text(uint64_t *random, enum attr_about about, char *to)
{
	static const char *const patterns[] = {
		"*", "!*", "eth*,!eth9", "!lo", "[!a-d]*,e?h0", "[a", "a,,b",
	};
	static const char *const targets[] = {
		"10.1.1.7", "broadcast", "2001:db8::7,10.1.1.8", "10.1.1.255",
		"fe80::7%eth0", "fe80::7", "::1", "1.2.3", "10.1.1.7%eth0",
	};

	switch (about) {
	case PEER_NAME:
		return sprintf(to, "peer%u", random_below(random, 24));
	case GROUP_NAME:
		if (!random_one_in(random, 4))
			return sprintf(to, "default");
		return sprintf(to, "lab%u", random_below(random, 4));
	case HOST_NAME:
		return sprintf(to, "host%u", random_below(random, 4));
	case PREFIX:
		return sprintf(to, "prefix%u:", random_below(random, 4));
	case PATTERNS:
		return sprintf(to, "%s",
			       patterns[random_below(random,
						     ARRAY_SIZE(patterns))]);
	case TARGETS:
		return sprintf(to, "%s",
			       targets[random_below(random,
						    ARRAY_SIZE(targets))]);
	default:
		return sprintf(to, "v\xc3\xa4lue %u", random_below(random, 9));
	}
}

/* With the NUL that belongs to it, mostly. */
static size_t make_text(uint64_t *random, enum attr_about about, char *to)
{
	size_t len;

	switch (random_below(random, 24)) {
	case 0:
		len = graphic(random, to, odd_len(random));
		break;
	case 1:
		len = odd_len(random);
		memset(to, 'x', len);
		break;
	case 2:
		len = odd_len(random);
		random_bytes(random, to, len);
		break;
	case 3:
		len = likely_text(random, about, to);
		to[random_below(random, len)] = random_next(random);
		break;
	case 4:
		/* No NUL. */
		return likely_text(random, about, to);
	default:
		len = likely_text(random, about, to);
		break;
	}
	to[len++] = '\0';
	return len;
}

/* Of the family that is meant, with its usual length. */
static size_t likely_address(uint64_t *random, enum attr_about about, char *to)
{
	static const uint32_t v4[] = {
		0xef020304, 0xef020305, 0xe0000001, 0xe00000fb, 0x0a010107,
		0x7f000001, 0, 0xffffffff,
	};
	static const char *const v6[] = {
		"ff12::ef02:304", "ff12::ef02:305", "ff02::1", "ff01::1",
		"ff05::2", "ff0e::1", "fe80::1", "::", "::ffff:239.2.3.4",
	};
	uint32_t address;

	if (about == ADDRESS6) {
		inet_pton(AF_INET6, v6[random_below(random, ARRAY_SIZE(v6))],
			  to);
		return 16;
	}
	address = htonl(v4[random_below(random, ARRAY_SIZE(v4))]);
	memcpy(to, &address, sizeof(address));
	return sizeof(address);
}

static size_t make_address(uint64_t *random, enum attr_about about, char *to)
{
	static const size_t lens[] = { 0, 1, 3, 5, 8, 15, 17, 64 };
	size_t len;

	switch (random_below(random, 8)) {
	case 0:
		len = lens[random_below(random, ARRAY_SIZE(lens))];
		random_bytes(random, to, len);
		return len;
	case 1:
		random_bytes(random, to, 16);
		return 16;
	case 2:
		random_bytes(random, to, 4);
		return 4;
	default:
		return likely_address(random, about, to);
	}
}

static uint64_t make_number(uint64_t *random, const struct attr_spec *attr)
{
	uint64_t span = attr->most - attr->least;

	switch (random_below(random, 12)) {
	case 0:
		return attr->least;
	case 1:
		return attr->most;
	case 2:
		return attr->least - 1;
	case 3:
		return attr->most + 1;
	case 4:
		return 0;
	case 5:
		return random_next(random);
	case 6:
		return UINT64_MAX;
	default:
		/* Times are short, so that peers come and go. */
		if (span > 1000)
			span = random_one_in(random, 4) ? span / 8 : 1000;
		return attr->least + random_next(random) % (span + 1);
	}
}

/* Returns the length. */
static size_t make_value(uint64_t *random, const struct attr_spec *attr,
			 char *to)
{
	uint64_t number;
	size_t len = 0;

	switch (attr->type) {
	case STRING:
		return make_text(random, attr->about, to);
	case BINARY:
		return make_address(random, attr->about, to);
	case U32:
	case U64:
		number = make_number(random, attr);
		len = attr->type == U32 ? 4 : 8;
		memcpy(to, &number, sizeof(number));
		break;
	case FLAG:
		break;
	}
	if (random_one_in(random, 24)) {
		len = random_below(random, 12);
		random_bytes(random, to, len);
	}
	return len;
}

/* --- messages ------------------------------------------------------------- */

/**
 * struct builder - a message that is being made
 * @random: where its random numbers come from
 * @start: of the message
 * @len: of the message
 */
struct builder {
	uint64_t *random;
	unsigned char *start;
	size_t len;
};

static void add_attr(struct builder *to, unsigned int type, const void *value,
		     size_t len)
{
	struct nlattr attr = { .nla_len = NLA_HDRLEN + len, .nla_type = type };
	unsigned char *at = to->start + to->len;

	memset(at, 0, NLA_HDRLEN + NLA_ALIGN(len));
	memcpy(at, &attr, sizeof(attr));
	if (len)
		memcpy(at + NLA_HDRLEN, value, len);
	to->len += NLA_HDRLEN + NLA_ALIGN(len);
}

/* As it should be, or nearly so. */
static void add_known(struct builder *to, const struct attr_spec *attr)
{
	static const unsigned int bits[] = {
		NLA_F_NESTED, NLA_F_NET_BYTEORDER,
		NLA_F_NESTED | NLA_F_NET_BYTEORDER,
	};
	unsigned int type = attr->number;
	char value[8192];
	size_t len;

	len = make_value(to->random, attr, value);
	if (random_one_in(to->random, 32))
		type |= bits[random_below(to->random, ARRAY_SIZE(bits))];
	add_attr(to, type, value, len);
}

/* Of another operation, of none, or reserved; with a nest inside, or huge. */
static void add_strange(struct builder *to)
{
	static const unsigned int types[] = { 0, 15, 16, 99, 255, 0x3fff };
	static char value[HUGE_LEN];
	uint64_t *random = to->random;
	struct builder nest = { .random = random };
	unsigned int type, depth;
	size_t len = 0;

	type = random_one_in(random, 2) ? random_below(random, 24) :
	       types[random_below(random, ARRAY_SIZE(types))];
	switch (random_below(random, 4)) {
	case 0:
		nest.start = (unsigned char *)value;
		depth = random_within(random, 1, 20);
		while (depth--) {
			char inner[512];

			memcpy(inner, value, nest.len);
			len = nest.len;
			nest.len = 0;
			add_attr(&nest, random_below(random, 16) |
				 (random_one_in(random, 2) ? NLA_F_NESTED : 0),
				 inner, len);
		}
		len = nest.len;
		if (random_one_in(random, 2))
			type |= NLA_F_NESTED;
		break;
	case 1:
		len = random_one_in(random, 16) ? HUGE_LEN : odd_len(random);
		memset(value, 'h', len);
		break;
	default:
		len = random_below(random, 24);
		random_bytes(random, value, len);
		break;
	}
	add_attr(to, type, value, len);
}

static void add_attrs(struct builder *to, const struct op_spec *op, bool dump)
{
	uint64_t *random = to->random;

	for (size_t i = 0; i < op->attr_count; i++) {
		bool is_name = op->attrs[i].about == PEER_NAME ||
			       op->attrs[i].about == GROUP_NAME;

		/*
		 * Little happens without a name, or with all at once; but a
		 * dump is of all there are.
		 */
		if (is_name ? random_one_in(random, 24) == !dump :
			      random_below(random, op->attr_count) > 1)
			continue;
		add_known(to, &op->attrs[i]);
		if (random_one_in(random, 24))
			add_known(to, &op->attrs[i]);
	}
	if (random_one_in(random, 12))
		add_strange(to);
}

/* Lengths that lie, and bytes that are none of ours. */
static void spoil_attrs(struct builder *to)
{
	struct nlattr *attr = (void *)(to->start + HEADERS_LEN);
	size_t len = to->len - HEADERS_LEN;
	uint64_t *random = to->random;

	switch (random_below(random, 4)) {
	case 0:
		if (len >= sizeof(*attr))
			attr->nla_len = random_one_in(random, 2) ?
					random_below(random, 8) :
					random_next(random);
		break;
	case 1:
		to->len += random_within(random, 1, 7);
		break;
	case 2:
		to->len -= random_below(random, len + 1);
		break;
	default:
		if (len)
			to->start[HEADERS_LEN + random_below(random, len)] ^=
				1 << random_below(random, 8);
		break;
	}
}

static unsigned int make_flags(uint64_t *random, const struct op_spec *op)
{
	unsigned int flags = NLM_F_REQUEST | NLM_F_ACK;

	if (random_one_in(random, op && op->can_dump ? 3 : 40))
		flags |= NLM_F_DUMP;
	if (random_one_in(random, 10))
		flags &= ~NLM_F_ACK;
	if (op && op->all_flags && random_one_in(random, 4)) {
		flags |= NLM_F_CREATE;
		flags |= random_one_in(random, 2) ? NLM_F_EXCL : NLM_F_REPLACE;
	}
	if (random_one_in(random, 30))
		flags |= 1 << random_below(random, 16);
	if (random_one_in(random, 200))
		flags &= ~NLM_F_REQUEST;
	return flags;
}

/* What only takes a group away is asked for less often. */
static const struct op_spec *choose_op(const struct spec *spec,
				       uint64_t *random)
{
	const struct op_spec *op;

	do {
		op = &spec->ops[random_below(random, spec->op_count)];
	} while (op->admin && op->attr_count == 1 &&
		 !random_one_in(random, 6));
	return op;
}

static void make_message(struct builder *to, const struct spec *spec,
			 uint32_t seq)
{
	uint64_t *random = to->random;
	const struct op_spec *op = choose_op(spec, random);
	struct nlmsghdr header = { .nlmsg_type = spec->family,
				   .nlmsg_seq = seq };
	struct genlmsghdr genl = { .cmd = op->number, .version = 1 };

	if (random_one_in(random, 32))
		genl.cmd = random_next(random);
	if (random_one_in(random, 32))
		genl.version = random_next(random);
	if (random_one_in(random, 48))
		genl.reserved = random_next(random);
	if (random_one_in(random, 64))
		header.nlmsg_type = random_one_in(random, 2) ?
				    random_below(random, 16) :
				    random_within(random, 1000, 65535);
	header.nlmsg_flags = make_flags(random, op);

	to->len = HEADERS_LEN;
	add_attrs(to, op, (header.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP);
	if (random_one_in(random, 16))
		spoil_attrs(to);
	if (random_one_in(random, 64))
		to->len = random_within(random, NLMSG_HDRLEN, HEADERS_LEN);
	header.nlmsg_len = to->len;
	if (random_one_in(random, 128))
		header.nlmsg_len = random_one_in(random, 2) ?
				   random_below(random, 24) :
				   random_next(random);
	memcpy(to->start, &header, sizeof(header));
	if (to->len >= HEADERS_LEN)
		memcpy(to->start + NLMSG_HDRLEN, &genl, sizeof(genl));
}

/**
 * request_make - make what is sent next
 * @buf: room for REQUEST_ROOM bytes
 * @spec: the family
 * @random: the state of the random numbers
 * @seq: number of the first message
 *
 * Return: the length of the datagram.
 */
size_t request_make(unsigned char *buf, const struct spec *spec,
		    uint64_t *random, uint32_t seq)
{
	unsigned int count = random_one_in(random, 5) ?
			     random_within(random, 2, REQUESTS_MAX) : 1;
	size_t len = 0;

	while (count--) {
		struct builder message = {
			.random = random,
			.start = buf + len,
		};

		memset(message.start, 0, HEADERS_LEN);
		make_message(&message, spec, seq++);
		len += message.len;
		/* The last one need not be padded. */
		while (count && len % NLMSG_ALIGNTO)
			buf[len++] = 0;
	}
	return len;
}
