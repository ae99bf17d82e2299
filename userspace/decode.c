// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink attributes into plain structures. Attributes that are not known
 * are passed over, attributes that are missing leave their mark of absence,
 * and attributes of the wrong form make the message -EBADMSG.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "decode.h"

static const uint8_t peer_forms[MCPEER_A_PEER_MAX + 1] = {
	[MCPEER_A_PEER_GROUP]		= MCPEER_ATTR_TEXT,
	[MCPEER_A_PEER_NAME]		= MCPEER_ATTR_TEXT,
	[MCPEER_A_PEER_IFINDEX]		= MCPEER_ATTR_U32,
	[MCPEER_A_PEER_IFNAME]		= MCPEER_ATTR_TEXT,
	[MCPEER_A_PEER_VALUE]		= MCPEER_ATTR_TEXT,
	[MCPEER_A_PEER_SOURCE]		= MCPEER_ATTR_U32,
	[MCPEER_A_PEER_STATE]		= MCPEER_ATTR_U32,
	[MCPEER_A_PEER_AGE]		= MCPEER_ATTR_U64,
	[MCPEER_A_PEER_SILENT]		= MCPEER_ATTR_U64,
	[MCPEER_A_PEER_EXPIRES_IN]	= MCPEER_ATTR_U64,
	[MCPEER_A_PEER_HEARD]		= MCPEER_ATTR_U64,
};

static const uint8_t path_forms[MCPEER_A_PATH_MAX + 1] = {
	[MCPEER_A_PATH_IFINDEX]		= MCPEER_ATTR_U32,
	[MCPEER_A_PATH_IFNAME]		= MCPEER_ATTR_TEXT,
	[MCPEER_A_PATH_SILENT]		= MCPEER_ATTR_U64,
};

static const uint8_t event_forms[MCPEER_A_EVENT_MAX + 1] = {
	[MCPEER_A_EVENT_SEQ]		= MCPEER_ATTR_U64,
	[MCPEER_A_EVENT_TYPE]		= MCPEER_ATTR_U32,
	[MCPEER_A_EVENT_GROUP]		= MCPEER_ATTR_TEXT,
	[MCPEER_A_EVENT_AGO]		= MCPEER_ATTR_U64,
	[MCPEER_A_EVENT_IFINDEX]	= MCPEER_ATTR_U32,
	[MCPEER_A_EVENT_IFNAME]		= MCPEER_ATTR_TEXT,
	[MCPEER_A_EVENT_FIRST]		= MCPEER_ATTR_U64,
	[MCPEER_A_EVENT_LOST]		= MCPEER_ATTR_U64,
};

static const uint8_t group_forms[MCPEER_A_GROUP_MAX + 1] = {
	[MCPEER_A_GROUP_NAME]		= MCPEER_ATTR_TEXT,
	[MCPEER_A_GROUP_PORT]		= MCPEER_ATTR_U32,
	[MCPEER_A_GROUP_PREFIX]		= MCPEER_ATTR_TEXT,
	[MCPEER_A_GROUP_TTL]		= MCPEER_ATTR_U32,
	[MCPEER_A_GROUP_INTERVAL]	= MCPEER_ATTR_U32,
	[MCPEER_A_GROUP_EXPIRY]		= MCPEER_ATTR_U32,
	[MCPEER_A_GROUP_MAX_PEERS]	= MCPEER_ATTR_U32,
	[MCPEER_A_GROUP_PER_SOURCE]	= MCPEER_ATTR_U32,
	[MCPEER_A_GROUP_JOIN_RATE]	= MCPEER_ATTR_U32,
	[MCPEER_A_GROUP_OFF_LINK]	= MCPEER_ATTR_U32,
	[MCPEER_A_GROUP_HOSTNAME]	= MCPEER_ATTR_TEXT,
	[MCPEER_A_GROUP_INTERFACES]	= MCPEER_ATTR_TEXT,
	[MCPEER_A_GROUP_LISTEN]		= MCPEER_ATTR_TEXT,
	[MCPEER_A_GROUP_TARGETS]	= MCPEER_ATTR_TEXT,
	[MCPEER_A_GROUP_REPEAT]		= MCPEER_ATTR_U32,
	[MCPEER_A_GROUP_PEERS]		= MCPEER_ATTR_U32,
};

static const uint8_t interface_forms[MCPEER_A_INTERFACE_MAX + 1] = {
	[MCPEER_A_INTERFACE_IFINDEX]	= MCPEER_ATTR_U32,
	[MCPEER_A_INTERFACE_IFNAME]	= MCPEER_ATTR_TEXT,
	[MCPEER_A_INTERFACE_STATE]	= MCPEER_ATTR_U32,
	[MCPEER_A_INTERFACE_IPV4]	= MCPEER_ATTR_U32,
	[MCPEER_A_INTERFACE_IPV6]	= MCPEER_ATTR_U32,
	[MCPEER_A_INTERFACE_ERROR]	= MCPEER_ATTR_U32,
};

static const char *text_of(const struct nlattr *attr)
{
	return attr ? mcpeer_attr_data(attr) : NULL;
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
	return attr ? mcpeer_attr_u32(attr) : 0;
}

static uint64_t number_of(const struct nlattr *attr)
{
	return attr ? mcpeer_attr_u32(attr) : MCPEER_CLIENT_NONE;
}

static uint64_t u64_of(const struct nlattr *attr)
{
	return attr ? mcpeer_attr_u64(attr) : MCPEER_CLIENT_NONE;
}

static struct mcpeer_address address_of(const struct nlattr *attr)
{
	struct mcpeer_address address = { .len = 0 };
	int len = attr ? mcpeer_attr_len(attr) : 0;

	if (len == 4 || len == 16) {
		address.len = len;
		memcpy(address.bytes, mcpeer_attr_data(attr), len);
	}
	return address;
}

static int fill_path(const struct nlattr *attr, struct mcpeer_path_info *path)
{
	const struct nlattr *tb[MCPEER_A_PATH_MAX + 1];

	if (mcpeer_attr_parse_nested(tb, MCPEER_A_PATH_MAX, attr, path_forms))
		return -EBADMSG;
	path->ifname = text_of(tb[MCPEER_A_PATH_IFNAME]);
	path->address = address_of(tb[MCPEER_A_PATH_ADDRESS]);
	path->ifindex = u32_of(tb[MCPEER_A_PATH_IFINDEX]);
	path->silent = u64_of(tb[MCPEER_A_PATH_SILENT]);
	return 0;
}

/* From the first path on; those beyond what this side knows are passed over. */
static int fill_paths(const struct nlattr *attr, const void *end,
		      struct mcpeer_peer_info *peer,
		      struct mcpeer_path_info *paths)
{
	size_t count = 0;

	for (; attr && count < MCPEER_PATHS_MAX;
	     attr = mcpeer_attr_next(attr, end)) {
		if (mcpeer_attr_type(attr) != MCPEER_A_PEER_PATH)
			continue;
		if (fill_path(attr, &paths[count]))
			return -EBADMSG;
		count++;
	}
	peer->paths = paths;
	peer->path_count = count;
	return 0;
}

static int fill_peer(const void *attrs, int len,
		     struct mcpeer_peer_info *peer,
		     struct mcpeer_path_info *paths)
{
	const struct nlattr *tb[MCPEER_A_PEER_MAX + 1];

	if (mcpeer_attr_parse(tb, MCPEER_A_PEER_MAX, attrs, len, peer_forms) ||
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
	if (!tb[MCPEER_A_PEER_PATH])
		return 0;
	return fill_paths(mcpeer_attr_first(attrs, len),
			  (const char *)attrs + len, peer, paths);
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
	int len = mcpeer_attr_msg_len(msg);

	if (len < 0)
		return -EBADMSG;
	return fill_peer(mcpeer_attr_msg_data(msg), len, peer, paths);
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
	const struct nlattr *tb[MCPEER_A_EVENT_MAX + 1];
	const struct nlattr *peer;

	if (mcpeer_attr_parse_msg(tb, MCPEER_A_EVENT_MAX, msg, event_forms) ||
	    !tb[MCPEER_A_EVENT_SEQ] || !tb[MCPEER_A_EVENT_TYPE])
		return -EBADMSG;

	peer = tb[MCPEER_A_EVENT_PEER];
	*event = (struct mcpeer_event_info) {
		.seq = mcpeer_attr_u64(tb[MCPEER_A_EVENT_SEQ]),
		.type = u32_of(tb[MCPEER_A_EVENT_TYPE]),
		.group = text_of(tb[MCPEER_A_EVENT_GROUP]),
		.ifname = text_of(tb[MCPEER_A_EVENT_IFNAME]),
		.ifindex = u32_of(tb[MCPEER_A_EVENT_IFINDEX]),
		.has_peer = peer,
		.own = tb[MCPEER_A_EVENT_OWN],
	};
	if (tb[MCPEER_A_EVENT_AGO])
		event->ago = mcpeer_attr_u64(tb[MCPEER_A_EVENT_AGO]);
	if (!peer)
		return 0;
	return fill_peer(mcpeer_attr_data(peer), mcpeer_attr_len(peer),
			 &event->peer, paths);
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
	const struct nlattr *tb[MCPEER_A_EVENT_MAX + 1];

	if (mcpeer_attr_parse_msg(tb, MCPEER_A_EVENT_MAX, msg, event_forms) ||
	    !tb[MCPEER_A_EVENT_SEQ] || !tb[MCPEER_A_EVENT_FIRST])
		return -EBADMSG;
	journal->seq = mcpeer_attr_u64(tb[MCPEER_A_EVENT_SEQ]);
	journal->first = mcpeer_attr_u64(tb[MCPEER_A_EVENT_FIRST]);
	journal->lost = 0;
	if (tb[MCPEER_A_EVENT_LOST])
		journal->lost = mcpeer_attr_u64(tb[MCPEER_A_EVENT_LOST]);
	return 0;
}

static int fill_stats(const struct nlattr *attr, uint64_t *stats)
{
	uint8_t forms[MCPEER_A_STATS_MAX + 1] = { };
	const struct nlattr *tb[MCPEER_A_STATS_MAX + 1] = { NULL };
	int i;

	for (i = 1; i <= MCPEER_A_STATS_MAX; i++)
		if (i != MCPEER_A_STATS_PAD)
			forms[i] = MCPEER_ATTR_U64;
	if (attr &&
	    mcpeer_attr_parse_nested(tb, MCPEER_A_STATS_MAX, attr, forms))
		return -EBADMSG;
	for (i = 0; i <= MCPEER_A_STATS_MAX; i++)
		stats[i] = forms[i] ? u64_of(tb[i]) : MCPEER_CLIENT_NONE;
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
	const struct nlattr *tb[MCPEER_A_GROUP_MAX + 1];

	if (mcpeer_attr_parse_msg(tb, MCPEER_A_GROUP_MAX, msg, group_forms) ||
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

static int fill_interface(const struct nlattr *attr,
			  struct mcpeer_interface_info *interface)
{
	const struct nlattr *tb[MCPEER_A_INTERFACE_MAX + 1];

	if (mcpeer_attr_parse_nested(tb, MCPEER_A_INTERFACE_MAX, attr,
				     interface_forms))
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
	const struct nlattr *first, *attr;
	const void *end;
	size_t sum = 0;

	*count = 0;
	*interfaces = NULL;
	first = mcpeer_attr_first(mcpeer_attr_msg_data(msg),
				  mcpeer_attr_msg_len(msg));
	end = (const char *)msg + msg->nlmsg_len;
	for (attr = first; attr; attr = mcpeer_attr_next(attr, end))
		if (mcpeer_attr_type(attr) == MCPEER_A_GROUP_INTERFACE)
			sum++;
	if (!sum)
		return 0;
	*interfaces = calloc(sum, sizeof(**interfaces));
	if (!*interfaces)
		return -ENOMEM;

	for (attr = first; attr; attr = mcpeer_attr_next(attr, end)) {
		if (mcpeer_attr_type(attr) != MCPEER_A_GROUP_INTERFACE)
			continue;
		if (fill_interface(attr, &(*interfaces)[*count]))
			return -EBADMSG;
		++*count;
	}
	return 0;
}
