// SPDX-License-Identifier: GPL-2.0
/* What has to come of a request, by the specification. */
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>

#include "request.h"

static const struct attr_spec *find_attr(const struct op_spec *op,
					 unsigned int number)
{
	for (size_t i = 0; i < op->attr_count; i++)
		if (op->attrs[i].number == number)
			return &op->attrs[i];
	return NULL;
}

static bool is_conforming_attr(const struct attr_spec *attr,
			       const unsigned char *value, size_t len)
{
	uint32_t number;

	switch (attr->type) {
	case STRING:
		return len && memchr(value, '\0', len);
	case U32:
		if (len != sizeof(number))
			return false;
		memcpy(&number, value, sizeof(number));
		return number >= attr->least && number <= attr->most;
	case U64:
		return len == sizeof(uint64_t);
	case FLAG:
		return !len;
	default:
		return true;
	}
}

/* Nothing but attributes of the operation, each as it is specified. */
static bool is_conforming(const struct op_spec *op, const unsigned char *at,
			  size_t len)
{
	while (len) {
		const struct attr_spec *spec;
		struct nlattr attr;
		size_t whole;

		if (len < sizeof(attr))
			return false;
		memcpy(&attr, at, sizeof(attr));
		spec = find_attr(op, attr.nla_type & NLA_TYPE_MASK);
		if (!spec || attr.nla_type & NLA_F_NESTED ||
		    attr.nla_len < sizeof(attr) || attr.nla_len > len ||
		    !is_conforming_attr(spec, at + NLA_HDRLEN,
					attr.nla_len - NLA_HDRLEN))
			return false;
		whole = NLA_ALIGN(attr.nla_len);
		if (whole > len)
			whole = len;
		at += whole;
		len -= whole;
	}
	return true;
}

static const struct op_spec *find_op(const struct spec *spec,
				     unsigned int number)
{
	for (size_t i = 0; i < spec->op_count; i++)
		if (spec->ops[i].number == number)
			return &spec->ops[i];
	return NULL;
}

/* Flags and reserved bits as generic netlink wants them. */
static bool is_header_right(const struct op_spec *op, unsigned int flags,
			    unsigned int reserved)
{
	unsigned int right = NLM_F_REQUEST | NLM_F_ACK | NLM_F_ECHO;

	if (op->all_flags)
		right |= NLM_F_CREATE | NLM_F_EXCL | NLM_F_REPLACE;
	if ((flags & NLM_F_DUMP) == NLM_F_DUMP)
		right |= NLM_F_DUMP;
	return !reserved && !(flags & ~right);
}

/* Of a request to the family, by what generic netlink looks at first. */
static enum outcome outcome_of(const struct spec *spec, bool admin,
			       const struct nlmsghdr *header,
			       const unsigned char *data, size_t len)
{
	unsigned int flags = header->nlmsg_flags;
	bool dump = (flags & NLM_F_DUMP) == NLM_F_DUMP;
	const struct op_spec *op;
	struct genlmsghdr genl;
	bool right;

	if (len < GENL_HDRLEN)
		return REFUSED;
	memcpy(&genl, data, sizeof(genl));
	op = find_op(spec, genl.cmd);
	if (!op)
		return REFUSED;
	right = is_header_right(op, flags, genl.reserved);
	if (!right && !op->all_flags)
		return REFUSED;
	/* Linux before 6.2 asks first who wants it. */
	if (dump ? !op->can_dump : !op->can_do)
		return op->admin && !admin ? REFUSED : UNSUPPORTED;
	if (op->admin && !admin)
		return FORBIDDEN;
	if (!right || !is_conforming(op, data + GENL_HDRLEN,
				     len - GENL_HDRLEN))
		return REFUSED;
	return CONFORMING;
}

/**
 * request_expect - tell what has to come of a datagram
 * @expected: of each of its messages
 * @spec: the family
 * @admin: the sender has CAP_NET_ADMIN
 * @buf: the datagram
 * @len: its length
 *
 * Return: how many messages there are as netlink sees it; it passes over what
 * comes behind a length that cannot be.
 */
size_t request_expect(struct expectation expected[REQUESTS_MAX],
		      const struct spec *spec, bool admin,
		      const unsigned char *buf, size_t len)
{
	size_t count = 0;

	while (len >= NLMSG_HDRLEN && count < REQUESTS_MAX) {
		struct expectation *e = &expected[count];
		struct nlmsghdr header;
		size_t whole;

		memcpy(&header, buf, sizeof(header));
		if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > len)
			break;
		e->seq = header.nlmsg_seq;
		e->wants_ack = header.nlmsg_flags & NLM_F_ACK;
		if (!(header.nlmsg_flags & NLM_F_REQUEST) ||
		    header.nlmsg_type < NLMSG_MIN_TYPE)
			e->outcome = e->wants_ack ? ACCEPTED : IGNORED;
		else if (header.nlmsg_type != spec->family)
			e->outcome = REFUSED;
		else
			e->outcome = outcome_of(spec, admin, &header,
						buf + NLMSG_HDRLEN,
						header.nlmsg_len -
						NLMSG_HDRLEN);
		count++;
		whole = NLMSG_ALIGN(header.nlmsg_len);
		if (whole > len)
			whole = len;
		buf += whole;
		len -= whole;
	}
	return count;
}
