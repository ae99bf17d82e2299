// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink attributes into plain structures. Attributes that are not known
 * are passed over, attributes that are missing leave their mark of absence,
 * and attributes of the wrong form make the message -EBADMSG.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "decode.h"

static struct nla_policy peer_policy[MCPEER_A_PEER_MAX + 1] = {
	[MCPEER_A_PEER_GROUP]		= { .type = NLA_STRING },
	[MCPEER_A_PEER_NAME]		= { .type = NLA_STRING },
	[MCPEER_A_PEER_IFINDEX]		= { .type = NLA_U32 },
	[MCPEER_A_PEER_IFNAME]		= { .type = NLA_STRING },
	[MCPEER_A_PEER_VALUE]		= { .type = NLA_STRING },
	[MCPEER_A_PEER_SOURCE]		= { .type = NLA_U32 },
	[MCPEER_A_PEER_STATE]		= { .type = NLA_U32 },
	[MCPEER_A_PEER_AGE]		= { .type = NLA_U64 },
	[MCPEER_A_PEER_SILENT]		= { .type = NLA_U64 },
	[MCPEER_A_PEER_EXPIRES_IN]	= { .type = NLA_U64 },
	[MCPEER_A_PEER_HEARD]		= { .type = NLA_U64 },
	[MCPEER_A_PEER_PATH]		= { .type = NLA_NESTED },
};

static struct nla_policy path_policy[MCPEER_A_PATH_MAX + 1] = {
	[MCPEER_A_PATH_IFINDEX]		= { .type = NLA_U32 },
	[MCPEER_A_PATH_IFNAME]		= { .type = NLA_STRING },
	[MCPEER_A_PATH_SILENT]		= { .type = NLA_U64 },
};

static struct nla_policy event_policy[MCPEER_A_EVENT_MAX + 1] = {
	[MCPEER_A_EVENT_SEQ]		= { .type = NLA_U64 },
	[MCPEER_A_EVENT_TYPE]		= { .type = NLA_U32 },
	[MCPEER_A_EVENT_GROUP]		= { .type = NLA_STRING },
	[MCPEER_A_EVENT_AGO]		= { .type = NLA_U64 },
	[MCPEER_A_EVENT_PEER]		= { .type = NLA_NESTED },
	[MCPEER_A_EVENT_IFINDEX]	= { .type = NLA_U32 },
	[MCPEER_A_EVENT_IFNAME]		= { .type = NLA_STRING },
	[MCPEER_A_EVENT_FIRST]		= { .type = NLA_U64 },
	[MCPEER_A_EVENT_LOST]		= { .type = NLA_U64 },
	[MCPEER_A_EVENT_OWN]		= { .type = NLA_FLAG },
};

static struct nla_policy group_policy[MCPEER_A_GROUP_MAX + 1] = {
	[MCPEER_A_GROUP_NAME]		= { .type = NLA_STRING },
	[MCPEER_A_GROUP_PORT]		= { .type = NLA_U32 },
	[MCPEER_A_GROUP_PREFIX]		= { .type = NLA_STRING },
	[MCPEER_A_GROUP_TTL]		= { .type = NLA_U32 },
	[MCPEER_A_GROUP_INTERVAL]	= { .type = NLA_U32 },
	[MCPEER_A_GROUP_EXPIRY]		= { .type = NLA_U32 },
	[MCPEER_A_GROUP_MAX_PEERS]	= { .type = NLA_U32 },
	[MCPEER_A_GROUP_PER_SOURCE]	= { .type = NLA_U32 },
	[MCPEER_A_GROUP_JOIN_RATE]	= { .type = NLA_U32 },
	[MCPEER_A_GROUP_OFF_LINK]	= { .type = NLA_U32 },
	[MCPEER_A_GROUP_HOSTNAME]	= { .type = NLA_STRING },
	[MCPEER_A_GROUP_INTERFACES]	= { .type = NLA_STRING },
	[MCPEER_A_GROUP_LISTEN]		= { .type = NLA_STRING },
	[MCPEER_A_GROUP_TARGETS]	= { .type = NLA_STRING },
	[MCPEER_A_GROUP_REPEAT]		= { .type = NLA_U32 },
	[MCPEER_A_GROUP_PEERS]		= { .type = NLA_U32 },
	[MCPEER_A_GROUP_INTERFACE]	= { .type = NLA_NESTED },
	[MCPEER_A_GROUP_STATS]		= { .type = NLA_NESTED },
};

static struct nla_policy interface_policy[MCPEER_A_INTERFACE_MAX + 1] = {
	[MCPEER_A_INTERFACE_IFINDEX]	= { .type = NLA_U32 },
	[MCPEER_A_INTERFACE_IFNAME]	= { .type = NLA_STRING },
	[MCPEER_A_INTERFACE_STATE]	= { .type = NLA_U32 },
	[MCPEER_A_INTERFACE_IPV4]	= { .type = NLA_U32 },
	[MCPEER_A_INTERFACE_IPV6]	= { .type = NLA_U32 },
	[MCPEER_A_INTERFACE_LISTEN]	= { .type = NLA_FLAG },
	[MCPEER_A_INTERFACE_ERROR]	= { .type = NLA_U32 },
};

static const char *text_of(const struct nlattr *attr)
{
	return attr ? nla_data(attr) : NULL;
}

static void copy_text(char *dst, size_t size, const struct nlattr *attr)
{
	const char *text = text_of(attr);

	dst[0] = '\0';
	if (text)
		strncat(dst, text, size - 1);
}

/* An enum or an index, where 0 stands for none. */
static uint32_t u32_of(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static uint64_t number_of(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : MCPEER_CLIENT_NONE;
}

static uint64_t u64_of(const struct nlattr *attr)
{
	return attr ? nla_get_u64(attr) : MCPEER_CLIENT_NONE;
}

static struct mcpeer_address address_of(const struct nlattr *attr)
{
	struct mcpeer_address address = { .len = 0 };

	if (!attr || (nla_len(attr) != 4 && nla_len(attr) != 16))
		return address;
	address.len = nla_len(attr);
	memcpy(address.bytes, nla_data(attr), address.len);
	return address;
}

static int fill_path(struct nlattr *attr, struct mcpeer_path_info *path)
{
	struct nlattr *tb[MCPEER_A_PATH_MAX + 1];

	if (nla_parse_nested(tb, MCPEER_A_PATH_MAX, attr, path_policy) < 0)
		return -EBADMSG;
	path->ifname = text_of(tb[MCPEER_A_PATH_IFNAME]);
	path->address = address_of(tb[MCPEER_A_PATH_ADDRESS]);
	path->ifindex = u32_of(tb[MCPEER_A_PATH_IFINDEX]);
	path->silent = u64_of(tb[MCPEER_A_PATH_SILENT]);
	return 0;
}

/* Those beyond what this side knows of are passed over. */
static int fill_paths(struct nlattr *attrs, int len,
		      struct mcpeer_peer_info *peer,
		      struct mcpeer_path_info *paths)
{
	struct nlattr *attr;
	size_t count = 0;
	int left;

	nla_for_each_attr(attr, attrs, len, left) {
		if (nla_type(attr) != MCPEER_A_PEER_PATH)
			continue;
		if (count == MCPEER_PATHS_MAX)
			break;
		if (fill_path(attr, &paths[count]))
			return -EBADMSG;
		count++;
	}
	peer->paths = count ? paths : NULL;
	peer->path_count = count;
	return 0;
}

static int fill_peer(struct nlattr *attrs, int len,
		     struct mcpeer_peer_info *peer,
		     struct mcpeer_path_info *paths)
{
	struct nlattr *tb[MCPEER_A_PEER_MAX + 1];

	if (nla_parse(tb, MCPEER_A_PEER_MAX, attrs, len, peer_policy) < 0 ||
	    !tb[MCPEER_A_PEER_NAME])
		return -EBADMSG;
	*peer = (struct mcpeer_peer_info) {
		.group = text_of(tb[MCPEER_A_PEER_GROUP]),
		.name = text_of(tb[MCPEER_A_PEER_NAME]),
		.ifname = text_of(tb[MCPEER_A_PEER_IFNAME]),
		.value = text_of(tb[MCPEER_A_PEER_VALUE]),
		.address = address_of(tb[MCPEER_A_PEER_ADDRESS]),
		.ifindex = u32_of(tb[MCPEER_A_PEER_IFINDEX]),
		.source = u32_of(tb[MCPEER_A_PEER_SOURCE]),
		.state = u32_of(tb[MCPEER_A_PEER_STATE]),
		.age = u64_of(tb[MCPEER_A_PEER_AGE]),
		.silent = u64_of(tb[MCPEER_A_PEER_SILENT]),
		.expires_in = u64_of(tb[MCPEER_A_PEER_EXPIRES_IN]),
		.heard = u64_of(tb[MCPEER_A_PEER_HEARD]),
	};
	return fill_paths(attrs, len, peer, paths);
}

/**
 * mcpeer_decode_peer - read a peer
 * @msg: answer of peer-get
 * @peer: the peer, pointing into @msg and at @paths
 * @paths: room for its paths, pointing into @msg
 *
 * Return: 0 or -EBADMSG.
 */
int mcpeer_decode_peer(struct nlmsghdr *msg, struct mcpeer_peer_info *peer,
		       struct mcpeer_path_info paths[MCPEER_PATHS_MAX])
{
	struct genlmsghdr *header = nlmsg_data(msg);

	if (!genlmsg_valid_hdr(msg, 0))
		return -EBADMSG;
	return fill_peer(genlmsg_attrdata(header, 0),
			 genlmsg_attrlen(header, 0), peer, paths);
}

/**
 * mcpeer_decode_event - read an event
 * @msg: answer of an event-get dump, or an event as it happens
 * @event: the event, pointing into @msg and at @paths
 * @paths: room for the peer's paths, pointing into @msg
 *
 * Return: 0 or -EBADMSG.
 */
int mcpeer_decode_event(struct nlmsghdr *msg, struct mcpeer_event_info *event,
			struct mcpeer_path_info paths[MCPEER_PATHS_MAX])
{
	struct nlattr *tb[MCPEER_A_EVENT_MAX + 1];
	struct nlattr *peer;

	if (genlmsg_parse(msg, 0, tb, MCPEER_A_EVENT_MAX, event_policy) < 0 ||
	    !tb[MCPEER_A_EVENT_SEQ] || !tb[MCPEER_A_EVENT_TYPE])
		return -EBADMSG;

	peer = tb[MCPEER_A_EVENT_PEER];
	*event = (struct mcpeer_event_info) {
		.seq = nla_get_u64(tb[MCPEER_A_EVENT_SEQ]),
		.type = u32_of(tb[MCPEER_A_EVENT_TYPE]),
		.group = text_of(tb[MCPEER_A_EVENT_GROUP]),
		.ifname = text_of(tb[MCPEER_A_EVENT_IFNAME]),
		.ifindex = u32_of(tb[MCPEER_A_EVENT_IFINDEX]),
		.has_peer = peer,
		.own = tb[MCPEER_A_EVENT_OWN],
	};
	if (tb[MCPEER_A_EVENT_AGO])
		event->ago = nla_get_u64(tb[MCPEER_A_EVENT_AGO]);
	if (!peer)
		return 0;
	return fill_peer(nla_data(peer), nla_len(peer), &event->peer, paths);
}

/**
 * mcpeer_decode_journal - read how far the journal reaches
 * @msg: answer of event-get
 * @journal: what it says
 *
 * Return: 0 or -EBADMSG.
 */
int mcpeer_decode_journal(struct nlmsghdr *msg,
			  struct mcpeer_journal_info *journal)
{
	struct nlattr *tb[MCPEER_A_EVENT_MAX + 1];

	if (genlmsg_parse(msg, 0, tb, MCPEER_A_EVENT_MAX, event_policy) < 0 ||
	    !tb[MCPEER_A_EVENT_SEQ] || !tb[MCPEER_A_EVENT_FIRST])
		return -EBADMSG;
	journal->seq = nla_get_u64(tb[MCPEER_A_EVENT_SEQ]);
	journal->first = nla_get_u64(tb[MCPEER_A_EVENT_FIRST]);
	journal->lost = 0;
	if (tb[MCPEER_A_EVENT_LOST])
		journal->lost = nla_get_u64(tb[MCPEER_A_EVENT_LOST]);
	return 0;
}

static int fill_stats(struct nlattr *attr, uint64_t *stats)
{
	struct nla_policy policy[MCPEER_A_STATS_MAX + 1] = { };
	struct nlattr *tb[MCPEER_A_STATS_MAX + 1] = { NULL };
	int i;

	for (i = 1; i <= MCPEER_A_STATS_MAX; i++)
		if (i != MCPEER_A_STATS_PAD)
			policy[i].type = NLA_U64;
	if (attr && nla_parse_nested(tb, MCPEER_A_STATS_MAX, attr, policy) < 0)
		return -EBADMSG;
	for (i = 0; i <= MCPEER_A_STATS_MAX; i++)
		stats[i] = policy[i].type ? u64_of(tb[i]) : MCPEER_CLIENT_NONE;
	return 0;
}

/**
 * mcpeer_decode_group - read a group, except for its interfaces
 * @msg: answer of group-get
 * @group: the group
 *
 * Return: 0 or -EBADMSG.
 */
int mcpeer_decode_group(struct nlmsghdr *msg, struct mcpeer_group_info *group)
{
	struct nlattr *tb[MCPEER_A_GROUP_MAX + 1];

	if (genlmsg_parse(msg, 0, tb, MCPEER_A_GROUP_MAX, group_policy) < 0 ||
	    !tb[MCPEER_A_GROUP_NAME])
		return -EBADMSG;

	copy_text(group->name, sizeof(group->name), tb[MCPEER_A_GROUP_NAME]);
	copy_text(group->prefix, sizeof(group->prefix),
		  tb[MCPEER_A_GROUP_PREFIX]);
	copy_text(group->hostname, sizeof(group->hostname),
		  tb[MCPEER_A_GROUP_HOSTNAME]);
	copy_text(group->interface_patterns, sizeof(group->interface_patterns),
		  tb[MCPEER_A_GROUP_INTERFACES]);
	copy_text(group->listen_patterns, sizeof(group->listen_patterns),
		  tb[MCPEER_A_GROUP_LISTEN]);
	copy_text(group->targets, sizeof(group->targets),
		  tb[MCPEER_A_GROUP_TARGETS]);
	group->address = address_of(tb[MCPEER_A_GROUP_ADDRESS]);
	group->address6 = address_of(tb[MCPEER_A_GROUP_ADDRESS6]);
	group->port = number_of(tb[MCPEER_A_GROUP_PORT]);
	group->ttl = number_of(tb[MCPEER_A_GROUP_TTL]);
	group->interval = number_of(tb[MCPEER_A_GROUP_INTERVAL]);
	group->expiry = number_of(tb[MCPEER_A_GROUP_EXPIRY]);
	group->max_peers = number_of(tb[MCPEER_A_GROUP_MAX_PEERS]);
	group->per_source = number_of(tb[MCPEER_A_GROUP_PER_SOURCE]);
	group->join_rate = number_of(tb[MCPEER_A_GROUP_JOIN_RATE]);
	group->off_link = number_of(tb[MCPEER_A_GROUP_OFF_LINK]);
	group->repeat = number_of(tb[MCPEER_A_GROUP_REPEAT]);
	group->peers = number_of(tb[MCPEER_A_GROUP_PEERS]);
	group->interfaces = NULL;
	group->interface_count = 0;
	return fill_stats(tb[MCPEER_A_GROUP_STATS], group->stats);
}

static int fill_interface(struct nlattr *attr,
			  struct mcpeer_interface_info *interface)
{
	struct nlattr *tb[MCPEER_A_INTERFACE_MAX + 1];

	if (nla_parse_nested(tb, MCPEER_A_INTERFACE_MAX, attr,
			     interface_policy) < 0)
		return -EBADMSG;
	interface->ifname = text_of(tb[MCPEER_A_INTERFACE_IFNAME]);
	interface->ifindex = u32_of(tb[MCPEER_A_INTERFACE_IFINDEX]);
	interface->state = u32_of(tb[MCPEER_A_INTERFACE_STATE]);
	interface->ipv4 = u32_of(tb[MCPEER_A_INTERFACE_IPV4]);
	interface->ipv6 = u32_of(tb[MCPEER_A_INTERFACE_IPV6]);
	interface->listen = tb[MCPEER_A_INTERFACE_LISTEN];
	interface->error = u32_of(tb[MCPEER_A_INTERFACE_ERROR]);
	return 0;
}

/**
 * mcpeer_decode_interfaces - read the interfaces of a group
 * @msg: answer of group-get for one group
 * @interfaces: an array to be freed by the caller, whatever is returned
 * @count: of @interfaces
 *
 * Return: 0, -EBADMSG or -ENOMEM.
 */
int mcpeer_decode_interfaces(struct nlmsghdr *msg,
			     struct mcpeer_interface_info **interfaces,
			     size_t *count)
{
	struct genlmsghdr *header = nlmsg_data(msg);
	struct nlattr *attr;
	size_t sum = 0;
	int left;

	*count = 0;
	*interfaces = NULL;
	nla_for_each_attr(attr, genlmsg_attrdata(header, 0),
			  genlmsg_attrlen(header, 0), left)
		if (nla_type(attr) == MCPEER_A_GROUP_INTERFACE)
			sum++;
	if (!sum)
		return 0;
	*interfaces = calloc(sum, sizeof(**interfaces));
	if (!*interfaces)
		return -ENOMEM;

	nla_for_each_attr(attr, genlmsg_attrdata(header, 0),
			  genlmsg_attrlen(header, 0), left) {
		if (nla_type(attr) != MCPEER_A_GROUP_INTERFACE)
			continue;
		if (fill_interface(attr, &(*interfaces)[*count]))
			return -EBADMSG;
		++*count;
	}
	return 0;
}
