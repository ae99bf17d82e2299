// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own words about a request. Its modules write sentences; where
 * only the policy was violated the sentence is a general one, and what names
 * the culprit is the offset of an attribute and the rule it broke.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <linux/mcpeer.h>

#include "extack.h"
#include "text.h"

/**
 * struct wording - an attribute of a request
 * @name: what users call it
 * @is_time: milliseconds, which users give in seconds
 */
struct wording {
	const char *name;
	bool is_time;
};

static const struct wording peer_wordings[MCPEER_A_PEER_MAX + 1] = {
	[MCPEER_A_PEER_GROUP]		= { .name = "group" },
	[MCPEER_A_PEER_NAME]		= { .name = "name" },
	[MCPEER_A_PEER_ADDRESS]		= { .name = "address" },
	[MCPEER_A_PEER_VALUE]		= { .name = "value" },
	[MCPEER_A_PEER_LIFETIME]	= { .name = "lifetime",
					    .is_time = true },
	[MCPEER_A_PEER_PERMANENT]	= { .name = "lifetime" },
};

static const struct wording group_wordings[MCPEER_A_GROUP_MAX + 1] = {
	[MCPEER_A_GROUP_NAME]		= { .name = "name" },
	[MCPEER_A_GROUP_ADDRESS]	= { .name = "address" },
	[MCPEER_A_GROUP_ADDRESS6]	= { .name = "address6" },
	[MCPEER_A_GROUP_PORT]		= { .name = "port" },
	[MCPEER_A_GROUP_PREFIX]		= { .name = "prefix" },
	[MCPEER_A_GROUP_TTL]		= { .name = "ttl" },
	[MCPEER_A_GROUP_INTERVAL]	= { .name = "interval",
					    .is_time = true },
	[MCPEER_A_GROUP_EXPIRY]		= { .name = "expiry",
					    .is_time = true },
	[MCPEER_A_GROUP_MAX_PEERS]	= { .name = "max-peers" },
	[MCPEER_A_GROUP_PER_SOURCE]	= { .name = "per-source" },
	[MCPEER_A_GROUP_JOIN_RATE]	= { .name = "join-rate" },
	[MCPEER_A_GROUP_OFF_LINK]	= { .name = "off-link" },
	[MCPEER_A_GROUP_HOSTNAME]	= { .name = "hostname" },
	[MCPEER_A_GROUP_INTERFACES]	= { .name = "interfaces" },
	[MCPEER_A_GROUP_LISTEN]		= { .name = "listen" },
	[MCPEER_A_GROUP_TARGETS]	= { .name = "targets" },
	[MCPEER_A_GROUP_REPEAT]		= { .name = "repeat" },
};

static const struct wording event_wordings[MCPEER_A_EVENT_MAX + 1] = {
	[MCPEER_A_EVENT_SINCE]		= { .name = "since" },
};

static const struct wording *find_wording(const struct nlmsghdr *request,
					  unsigned int type)
{
	const struct wording *wordings;
	unsigned int max;

	switch (genlmsg_hdr((struct nlmsghdr *)request)->cmd) {
	case MCPEER_CMD_PEER_NEW:
	case MCPEER_CMD_PEER_GET:
	case MCPEER_CMD_PEER_DEL:
	case MCPEER_CMD_PEER_EXPIRE:
		wordings = peer_wordings;
		max = MCPEER_A_PEER_MAX;
		break;
	case MCPEER_CMD_EVENT_GET:
		wordings = event_wordings;
		max = MCPEER_A_EVENT_MAX;
		break;
	default:
		wordings = group_wordings;
		max = MCPEER_A_GROUP_MAX;
		break;
	}
	if (type > max || !wordings[type].name)
		return NULL;
	return &wordings[type];
}

/* The attribute of our request that the kernel points to. */
static const struct wording *find_culprit(const struct nlmsghdr *request,
					  struct nlattr *offset)
{
	const struct nlattr *attr;
	uint32_t at;

	if (!offset)
		return NULL;
	at = nla_get_u32(offset);
	if (at < NLMSG_HDRLEN + GENL_HDRLEN || at % NLA_ALIGNTO ||
	    at > request->nlmsg_len - NLA_HDRLEN)
		return NULL;
	attr = (const struct nlattr *)((const char *)request + at);
	return find_wording(request, nla_type(attr));
}

static void write_bound(char *dst, uint64_t bound, bool is_time)
{
	if (is_time)
		mcpeer_text_seconds(dst, bound, 0);
	else
		mcpeer_text_number(dst, bound);
}

/* " (1 to 255)", or nothing if the rule is of another kind. */
static void write_rule(char *dst, size_t size, struct nlattr *rule,
		       bool is_time)
{
	struct nlattr *tb[NL_POLICY_TYPE_ATTR_MAX + 1] = { NULL };
	static struct nla_policy policy[NL_POLICY_TYPE_ATTR_MAX + 1] = {
		[NL_POLICY_TYPE_ATTR_MIN_VALUE_U] = { .type = NLA_U64 },
		[NL_POLICY_TYPE_ATTR_MAX_VALUE_U] = { .type = NLA_U64 },
		[NL_POLICY_TYPE_ATTR_MAX_LENGTH] = { .type = NLA_U32 },
	};
	char least[MCPEER_TEXT_SECONDS_MAX], most[MCPEER_TEXT_SECONDS_MAX];

	dst[0] = '\0';
	if (nla_parse_nested(tb, NL_POLICY_TYPE_ATTR_MAX, rule, policy) < 0)
		return;
	if (tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_U] &&
	    tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_U]) {
		write_bound(least,
			    nla_get_u64(tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_U]),
			    is_time);
		write_bound(most,
			    nla_get_u64(tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_U]),
			    is_time);
		snprintf(dst, size, " (%s to %s%s)", least, most,
			 is_time ? " seconds" : "");
	} else if (tb[NL_POLICY_TYPE_ATTR_MAX_LENGTH]) {
		snprintf(dst, size, " (at most %u bytes)",
			 nla_get_u32(tb[NL_POLICY_TYPE_ATTR_MAX_LENGTH]));
	}
}

static void write_sentence(struct nlattr *attrs, int len,
			   const struct nlmsghdr *request,
			   char *sentence, size_t size)
{
	static struct nla_policy policy[NLMSGERR_ATTR_MAX + 1] = {
		[NLMSGERR_ATTR_MSG] = { .type = NLA_STRING },
		[NLMSGERR_ATTR_OFFS] = { .type = NLA_U32 },
		[NLMSGERR_ATTR_POLICY] = { .type = NLA_NESTED },
		[NLMSGERR_ATTR_MISS_TYPE] = { .type = NLA_U32 },
	};
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1] = { NULL };
	const struct wording *wording = NULL;
	const char *message = NULL;
	char rule[96] = "";
	uint32_t type;

	if (nla_parse(tb, NLMSGERR_ATTR_MAX, attrs, len, policy) < 0)
		return;
	if (tb[NLMSGERR_ATTR_MSG])
		message = nla_get_string(tb[NLMSGERR_ATTR_MSG]);

	/* Only a general sentence needs to be told what it is about. */
	if (tb[NLMSGERR_ATTR_POLICY] || !message)
		wording = find_culprit(request, tb[NLMSGERR_ATTR_OFFS]);
	if (!wording && !message && tb[NLMSGERR_ATTR_MISS_TYPE]) {
		type = nla_get_u32(tb[NLMSGERR_ATTR_MISS_TYPE]);
		wording = find_wording(request, type);
		message = "missing";
	}
	if (wording && tb[NLMSGERR_ATTR_POLICY])
		write_rule(rule, sizeof(rule), tb[NLMSGERR_ATTR_POLICY],
			   wording->is_time);
	if (wording)
		snprintf(sentence, size, "%s: %s%s", wording->name,
			 message ? message : "not accepted", rule);
	else if (message)
		snprintf(sentence, size, "%s", message);
}

static void read_tlvs(const struct nlmsghdr *answer, size_t skip,
		      const struct nlmsghdr *request,
		      char *sentence, size_t size)
{
	size_t start = NLMSG_HDRLEN + NLMSG_ALIGN(skip);

	sentence[0] = '\0';
	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    answer->nlmsg_len <= start)
		return;
	write_sentence((struct nlattr *)((char *)answer + start),
		       answer->nlmsg_len - start, request, sentence, size);
}

/**
 * mcpeer_extack_read_error - read what the kernel says to a request
 * @answer: message of the type NLMSG_ERROR, an ACK included
 * @request: what was sent
 * @sentence: the kernel's sentence, empty if there is none
 * @size: of @sentence
 */
void mcpeer_extack_read_error(const struct nlmsghdr *answer,
			      const struct nlmsghdr *request,
			      char *sentence, size_t size)
{
	const struct nlmsgerr *error = NLMSG_DATA(answer);
	size_t skip = sizeof(*error);

	/* Unless capped, the answer repeats the request. */
	if (!(answer->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(error->msg.nlmsg_len) - NLMSG_HDRLEN;
	read_tlvs(answer, skip, request, sentence, size);
}

/**
 * mcpeer_extack_read_done - read how a dump ended
 * @answer: message of the type NLMSG_DONE
 * @request: what was sent
 * @sentence: the kernel's sentence, empty if there is none
 * @size: of @sentence
 *
 * Return: 0, or the error number by which the dump was cut short.
 */
int mcpeer_extack_read_done(const struct nlmsghdr *answer,
			    const struct nlmsghdr *request,
			    char *sentence, size_t size)
{
	int err;

	if (answer->nlmsg_len < NLMSG_LENGTH(sizeof(err)))
		return 0;
	err = *(const int *)NLMSG_DATA(answer);
	read_tlvs(answer, sizeof(err), request, sentence, size);
	return err < 0 ? err : 0;
}
