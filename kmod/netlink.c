// SPDX-License-Identifier: GPL-2.0
/*
 * The family and its policies, as in uapi/specs/mcpeer.yaml. Written by hand
 * rather than generated, since the generator's split operations do not exist
 * in Linux 6.1; a test reads the policies back and compares them with the
 * specification.
 */
#include "netlink.h"

static const struct nla_policy
mcpeer_netlink_peer_new_policy[MCPEER_A_PEER_PERMANENT + 1] = {
	[MCPEER_A_PEER_GROUP] = { .type = NLA_NUL_STRING },
	[MCPEER_A_PEER_NAME] = { .type = NLA_NUL_STRING },
	[MCPEER_A_PEER_ADDRESS] = { .type = NLA_BINARY },
	[MCPEER_A_PEER_VALUE] = { .type = NLA_NUL_STRING },
	[MCPEER_A_PEER_LIFETIME] = NLA_POLICY_MIN(NLA_U32, 1),
	[MCPEER_A_PEER_PERMANENT] = { .type = NLA_FLAG },
};

static const struct nla_policy
mcpeer_netlink_peer_name_policy[MCPEER_A_PEER_NAME + 1] = {
	[MCPEER_A_PEER_GROUP] = { .type = NLA_NUL_STRING },
	[MCPEER_A_PEER_NAME] = { .type = NLA_NUL_STRING },
};

/* Not const, since Linux 6.1 does not take them so. */
static struct netlink_range_validation mcpeer_netlink_port_range = {
	.min = 1, .max = 65535,
};

static struct netlink_range_validation mcpeer_netlink_interval_range = {
	.min = 100, .max = 3600000,
};

static struct netlink_range_validation mcpeer_netlink_expiry_range = {
	.min = 150, .max = 86400000,
};

static struct netlink_range_validation mcpeer_netlink_most_range = {
	.min = 1, .max = 1048576,
};

static const struct nla_policy
mcpeer_netlink_group_settings_policy[MCPEER_A_GROUP_REPEAT + 1] = {
	[MCPEER_A_GROUP_NAME] = { .type = NLA_NUL_STRING },
	[MCPEER_A_GROUP_ADDRESS] = { .type = NLA_BINARY },
	[MCPEER_A_GROUP_ADDRESS6] = { .type = NLA_BINARY },
	[MCPEER_A_GROUP_PORT] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &mcpeer_netlink_port_range),
	[MCPEER_A_GROUP_PREFIX] = { .type = NLA_NUL_STRING },
	[MCPEER_A_GROUP_TTL] = NLA_POLICY_RANGE(NLA_U32, 1, 255),
	[MCPEER_A_GROUP_INTERVAL] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &mcpeer_netlink_interval_range),
	[MCPEER_A_GROUP_EXPIRY] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &mcpeer_netlink_expiry_range),
	[MCPEER_A_GROUP_MAX_PEERS] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &mcpeer_netlink_most_range),
	[MCPEER_A_GROUP_PER_SOURCE] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &mcpeer_netlink_most_range),
	[MCPEER_A_GROUP_JOIN_RATE] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &mcpeer_netlink_most_range),
	[MCPEER_A_GROUP_OFF_LINK] = NLA_POLICY_MAX(NLA_U32, 1),
	[MCPEER_A_GROUP_HOSTNAME] = { .type = NLA_NUL_STRING },
	[MCPEER_A_GROUP_INTERFACES] = { .type = NLA_NUL_STRING },
	[MCPEER_A_GROUP_LISTEN] = { .type = NLA_NUL_STRING },
	[MCPEER_A_GROUP_TARGETS] = { .type = NLA_NUL_STRING },
	[MCPEER_A_GROUP_REPEAT] = NLA_POLICY_RANGE(NLA_U32, 1, 3),
};

static const struct nla_policy
mcpeer_netlink_group_name_policy[MCPEER_A_GROUP_NAME + 1] = {
	[MCPEER_A_GROUP_NAME] = { .type = NLA_NUL_STRING },
};

static const struct nla_policy
mcpeer_netlink_event_policy[MCPEER_A_EVENT_SINCE + 1] = {
	[MCPEER_A_EVENT_SINCE] = { .type = NLA_U64 },
};

#define MCPEER_NETLINK_POLICY(name)					\
	.policy = mcpeer_netlink_##name##_policy,			\
	.maxattr = ARRAY_SIZE(mcpeer_netlink_##name##_policy) - 1

/* Reading is open to all; GENL_UNS_ADMIN_PERM asks for CAP_NET_ADMIN. */
static const struct genl_ops mcpeer_netlink_ops[] = {
	{
		.cmd = MCPEER_CMD_PEER_NEW,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = mcpeer_netlink_peer_new,
		MCPEER_NETLINK_POLICY(peer_new),
	}, {
		.cmd = MCPEER_CMD_PEER_GET,
		.doit = mcpeer_netlink_peer_get,
		.dumpit = mcpeer_netlink_peer_dump,
		MCPEER_NETLINK_POLICY(peer_name),
	}, {
		.cmd = MCPEER_CMD_PEER_DEL,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = mcpeer_netlink_peer_del,
		MCPEER_NETLINK_POLICY(peer_name),
	}, {
		.cmd = MCPEER_CMD_PEER_EXPIRE,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = mcpeer_netlink_peer_expire,
		MCPEER_NETLINK_POLICY(peer_name),
	}, {
		.cmd = MCPEER_CMD_GROUP_GET,
		.doit = mcpeer_netlink_group_get,
		.dumpit = mcpeer_netlink_group_dump,
		MCPEER_NETLINK_POLICY(group_name),
	}, {
		.cmd = MCPEER_CMD_GROUP_NEW,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = mcpeer_netlink_group_new,
		MCPEER_NETLINK_POLICY(group_settings),
	}, {
		.cmd = MCPEER_CMD_GROUP_SET,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = mcpeer_netlink_group_set,
		MCPEER_NETLINK_POLICY(group_settings),
	}, {
		.cmd = MCPEER_CMD_GROUP_DEL,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = mcpeer_netlink_group_del,
		MCPEER_NETLINK_POLICY(group_name),
	}, {
		.cmd = MCPEER_CMD_EVENT_GET,
		.doit = mcpeer_netlink_event_get,
		.dumpit = mcpeer_netlink_event_dump,
		MCPEER_NETLINK_POLICY(event),
	},
};

static const struct genl_multicast_group mcpeer_netlink_mcgrps[] = {
	{ .name = MCPEER_MCGRP_EVENTS },
};

struct genl_family mcpeer_netlink_family __ro_after_init = {
	.name = MCPEER_FAMILY_NAME,
	.version = MCPEER_FAMILY_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,
	.ops = mcpeer_netlink_ops,
	.n_ops = ARRAY_SIZE(mcpeer_netlink_ops),
	/*
	 * From this operation on generic netlink refuses all flags of a
	 * request but the common ones. peer-new, below it, takes NLM_F_EXCL
	 * and NLM_F_REPLACE, and sees to the rest itself.
	 */
	.resv_start_op = MCPEER_CMD_PEER_NEW + 1,
	.mcgrps = mcpeer_netlink_mcgrps,
	.n_mcgrps = ARRAY_SIZE(mcpeer_netlink_mcgrps),
};

/**
 * mcpeer_netlink_text - the bytes of a string attribute
 * @attr: an NLA_NUL_STRING, or NULL
 *
 * A NUL in the midst is a byte of the text, and refused with other bad bytes.
 *
 * Context: Any.
 * Return: its text without the NUL at its end; empty for NULL.
 */
struct mcpeer_text mcpeer_netlink_text(const struct nlattr *attr)
{
	struct mcpeer_text text = { NULL, 0 };

	if (attr) {
		text.at = nla_data(attr);
		text.len = nla_len(attr);
		if (text.len && !text.at[text.len - 1])
			text.len--;
	}
	return text;
}

/**
 * mcpeer_netlink_reply - make room for the reply to a request
 * @size: of the attributes
 * @info: of the request
 *
 * Context: Process context, may sleep.
 * Return: an empty message, NULL if there is no memory.
 */
struct sk_buff *mcpeer_netlink_reply(size_t size, const struct genl_info *info)
{
	struct sk_buff *skb = genlmsg_new(size, GFP_KERNEL);

	if (!skb)
		NL_SET_ERR_MSG(info->extack, "there is no memory for a reply");
	return skb;
}

/**
 * mcpeer_netlink_begin - begin a message
 * @msg: what and where
 *
 * Context: Any.
 * Return: its header for genlmsg_end() or genlmsg_cancel(), NULL if there is
 * no room.
 */
void *mcpeer_netlink_begin(const struct mcpeer_netlink_msg *msg)
{
	void *header;

	header = genlmsg_put(msg->skb, msg->portid, msg->seq,
			     &mcpeer_netlink_family,
			     msg->cb ? NLM_F_MULTI : 0, msg->cmd);
	if (header && msg->cb)
		genl_dump_check_consistent(msg->cb, header);
	return header;
}

/**
 * mcpeer_netlink_dump_msg - prepare the messages of a dump
 * @skb: to append to
 * @cb: of the dump
 * @set: groups of the namespace, locked: the dump is of one piece as long as
 *	their generation stays
 * @cmd: MCPEER_CMD_
 *
 * Context: Process context.
 * Return: what mcpeer_netlink_begin() needs.
 */
struct mcpeer_netlink_msg
mcpeer_netlink_dump_msg(struct sk_buff *skb, struct netlink_callback *cb,
			struct mcpeer_groups *set, u8 cmd)
{
	struct mcpeer_netlink_msg msg = {
		.skb = skb,
		.cb = cb,
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.cmd = cmd,
	};

	/* Zero would mean that nothing is known of consistency. */
	cb->seq = (u32)atomic_read(&set->generation) << 1 | 1;
	return msg;
}
