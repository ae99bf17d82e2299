/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attributes of an answer. A list has a dozen for each peer: libnl, which calls
 * several functions for each of them, took as long to read a peer as the kernel
 * took to write it.
 */
#ifndef MCPEER_ATTR_H
#define MCPEER_ATTR_H

#include <stdint.h>
#include <string.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

/* Of which form an attribute has to be. */
enum mcpeer_attr_form {
	MCPEER_ATTR_ANY,
	MCPEER_ATTR_TEXT,	/* with a NUL at its end */
	MCPEER_ATTR_U32,
	MCPEER_ATTR_U64,
};

int mcpeer_attr_parse(const struct nlattr **table, int max, const void *attrs,
		      int len, const uint8_t *forms);
int mcpeer_attr_parse_nested(const struct nlattr **table, int max,
			     const struct nlattr *attr, const uint8_t *forms);
int mcpeer_attr_parse_msg(const struct nlattr **table, int max,
			  const struct nlmsghdr *msg, const uint8_t *forms);

static inline int mcpeer_attr_type(const struct nlattr *attr)
{
	return attr->nla_type & NLA_TYPE_MASK;
}

static inline const void *mcpeer_attr_data(const struct nlattr *attr)
{
	return (const char *)attr + NLA_HDRLEN;
}

static inline int mcpeer_attr_len(const struct nlattr *attr)
{
	return attr->nla_len - NLA_HDRLEN;
}

static inline uint32_t mcpeer_attr_u32(const struct nlattr *attr)
{
	uint32_t value;

	memcpy(&value, mcpeer_attr_data(attr), sizeof(value));
	return value;
}

/* Only aligned to four bytes. */
static inline uint64_t mcpeer_attr_u64(const struct nlattr *attr)
{
	uint64_t value;

	memcpy(&value, mcpeer_attr_data(attr), sizeof(value));
	return value;
}

/* The attributes of a message of generic netlink. */
static inline const void *mcpeer_attr_msg_data(const struct nlmsghdr *msg)
{
	return (const char *)msg + NLMSG_HDRLEN + GENL_HDRLEN;
}

/* How many bytes they take; less than 0 if the message is too short. */
static inline int mcpeer_attr_msg_len(const struct nlmsghdr *msg)
{
	return (int)msg->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
}

/* The first of so many bytes, or NULL if there is none. */
static inline const struct nlattr *mcpeer_attr_first(const void *attrs, int len)
{
	const struct nlattr *attr = attrs;

	if (len < NLA_HDRLEN || attr->nla_len < NLA_HDRLEN ||
	    attr->nla_len > len)
		return NULL;
	return attr;
}

/* The next one, of those that end at @end; or NULL. */
static inline const struct nlattr *mcpeer_attr_next(const struct nlattr *attr,
						    const void *end)
{
	const char *next = (const char *)attr + NLA_ALIGN(attr->nla_len);

	return mcpeer_attr_first(next, (const char *)end - next);
}

#endif
