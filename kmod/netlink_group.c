// SPDX-License-Identifier: GPL-2.0
/* Requests about groups. */
#include <linux/capability.h>
#include <linux/sizes.h>
#include "compat.h"
#include "netlink.h"

/* More than enough for the interfaces of any namespace, 68 bytes each. */
#define MCPEER_NETLINK_GROUP_MOST	SZ_4M

static int mcpeer_netlink_group_name(const struct genl_info *info,
				     struct mcpeer_text *name)
{
	if (!info->attrs[MCPEER_A_GROUP_NAME]) {
		NL_SET_ERR_MSG(info->extack,
			       "the request lacks the name of a group");
		return -EINVAL;
	}
	*name = mcpeer_netlink_text(info->attrs[MCPEER_A_GROUP_NAME]);
	return 0;
}

/* An address of no length stands for none. */
static int mcpeer_netlink_group_addrs(const struct genl_info *info,
				      struct mcpeer_choice *choice)
{
	const struct nlattr *v4 = info->attrs[MCPEER_A_GROUP_ADDRESS];
	const struct nlattr *v6 = info->attrs[MCPEER_A_GROUP_ADDRESS6];
	struct mcpeer_addr *addr;

	if (v4) {
		if (nla_len(v4) && nla_len(v4) != sizeof(addr->v4)) {
			NL_SET_ERR_MSG_ATTR(info->extack, v4,
					    "the address is not an IPv4 multicast address");
			return -EINVAL;
		}
		addr = &choice->addr[MCPEER_V4];
		memset(addr, 0, sizeof(*addr));
		addr->family = nla_len(v4) ? AF_INET : AF_UNSPEC;
		nla_memcpy(&addr->v4, v4, sizeof(addr->v4));
	}
	if (v6) {
		if (nla_len(v6) && nla_len(v6) != sizeof(addr->v6)) {
			NL_SET_ERR_MSG_ATTR(info->extack, v6,
					    "the IPv6 address is not a multicast address of link-local or wider scope");
			return -EINVAL;
		}
		addr = &choice->addr[MCPEER_V6];
		memset(addr, 0, sizeof(*addr));
		addr->family = nla_len(v6) ? AF_INET6 : AF_UNSPEC;
		nla_memcpy(&addr->v6, v6, sizeof(addr->v6));
	}
	return 0;
}

/* Returns false if the text is longer than @max. */
static bool mcpeer_netlink_group_copy(const struct nlattr *attr, char *to,
				      unsigned int *len, unsigned int max)
{
	struct mcpeer_text text = mcpeer_netlink_text(attr);

	if (!attr)
		return true;
	if (text.len > max)
		return false;
	memcpy(to, text.at, text.len);
	*len = text.len;
	return true;
}

/* Texts whose length the policy does not see to, so as to name the rule. */
static int mcpeer_netlink_group_texts(const struct genl_info *info,
				      struct mcpeer_settings *settings)
{
	struct mcpeer_choice *choice = &settings->choice;
	struct nlattr **attrs = info->attrs;

	if (!mcpeer_netlink_group_copy(attrs[MCPEER_A_GROUP_PREFIX],
				       settings->prefix, &settings->prefix_len,
				       MCPEER_PREFIX_MAX)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[MCPEER_A_GROUP_PREFIX],
				    "the prefix must be 1 to 32 bytes of printable ASCII without space");
		return -EINVAL;
	}
	settings->hostname_given = attrs[MCPEER_A_GROUP_HOSTNAME];
	if (!mcpeer_netlink_group_copy(attrs[MCPEER_A_GROUP_HOSTNAME],
				       settings->hostname,
				       &settings->hostname_len,
				       MCPEER_NAME_MAX)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    attrs[MCPEER_A_GROUP_HOSTNAME],
				    "a name must be 1 to 64 bytes of printable ASCII without space");
		return -EINVAL;
	}
	if (!mcpeer_netlink_group_copy(attrs[MCPEER_A_GROUP_INTERFACES],
				       choice->interfaces,
				       &choice->interfaces_len,
				       MCPEER_PATTERNS_MAX) ||
	    !mcpeer_netlink_group_copy(attrs[MCPEER_A_GROUP_LISTEN],
				       choice->listen, &choice->listen_len,
				       MCPEER_PATTERNS_MAX)) {
		NL_SET_ERR_MSG(info->extack,
			       "patterns of interfaces must be no longer than 256 bytes");
		return -EINVAL;
	}
	return 0;
}

/* Overwrite the settings that the request gives. */
static int mcpeer_netlink_group_read(struct sk_buff *skb,
				     const struct genl_info *info,
				     struct mcpeer_settings *settings)
{
	struct nlattr **attrs = info->attrs;
	u32 max_peers = settings->max_peers;
	const struct nlattr *attr;
	int err;

	attr = attrs[MCPEER_A_GROUP_PORT];
	if (attr)
		settings->port = nla_get_u32(attr);
	attr = attrs[MCPEER_A_GROUP_TTL];
	if (attr)
		settings->ttl = nla_get_u32(attr);
	attr = attrs[MCPEER_A_GROUP_INTERVAL];
	if (attr)
		settings->interval = nla_get_u32(attr);
	attr = attrs[MCPEER_A_GROUP_EXPIRY];
	if (attr)
		settings->expiry = nla_get_u32(attr);
	attr = attrs[MCPEER_A_GROUP_PER_SOURCE];
	if (attr)
		settings->per_source = nla_get_u32(attr);
	attr = attrs[MCPEER_A_GROUP_JOIN_RATE];
	if (attr)
		settings->join_rate = nla_get_u32(attr);
	attr = attrs[MCPEER_A_GROUP_OFF_LINK];
	if (attr)
		settings->off_link = nla_get_u32(attr);
	attr = attrs[MCPEER_A_GROUP_REPEAT];
	if (attr)
		settings->repeat = nla_get_u32(attr);
	attr = attrs[MCPEER_A_GROUP_MAX_PEERS];
	if (attr)
		settings->max_peers = nla_get_u32(attr);

	if (settings->max_peers > MCPEER_SETTINGS_MAX_PEERS &&
	    settings->max_peers > max_peers &&
	    !netlink_capable(skb, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "max-peers above 4096 takes CAP_NET_ADMIN in the initial user namespace");
		return -EPERM;
	}
	err = mcpeer_netlink_group_addrs(info, &settings->choice);
	if (!err)
		err = mcpeer_netlink_group_texts(info, settings);
	attr = attrs[MCPEER_A_GROUP_TARGETS];
	if (!err && attr)
		err = mcpeer_target_parse(mcpeer_netlink_text(attr),
					  &settings->targets, info->extack);
	return err;
}

/*
 * A group with an address of its own shall not hear what the default one does
 * by the other family, unless it is told to.
 */
static void mcpeer_netlink_group_apart(const struct genl_info *info,
				       struct mcpeer_choice *choice)
{
	const struct nlattr *v4 = info->attrs[MCPEER_A_GROUP_ADDRESS];
	const struct nlattr *v6 = info->attrs[MCPEER_A_GROUP_ADDRESS6];

	if (v4 && nla_len(v4) && !v6)
		choice->addr[MCPEER_V6].family = AF_UNSPEC;
	if (v6 && nla_len(v6) && !v4)
		choice->addr[MCPEER_V4].family = AF_UNSPEC;
}

int mcpeer_netlink_group_new(struct sk_buff *skb, struct genl_info *info)
{
	struct mcpeer_groups *set = mcpeer_groups_of(genl_info_net(info));
	struct mcpeer_settings settings = mcpeer_settings_default;
	struct mcpeer_text name;
	int err;

	mcpeer_netlink_group_apart(info, &settings.choice);
	err = mcpeer_netlink_group_name(info, &name);
	if (!err)
		err = mcpeer_netlink_group_read(skb, info, &settings);
	if (err)
		return err;

	down_write(&set->lock);
	err = mcpeer_groups_add(set, name, &settings, false, info->extack);
	up_write(&set->lock);
	return err;
}

int mcpeer_netlink_group_set(struct sk_buff *skb, struct genl_info *info)
{
	struct mcpeer_groups *set = mcpeer_groups_of(genl_info_net(info));
	struct mcpeer_settings settings;
	struct mcpeer_group *group;
	struct mcpeer_text name;
	int err;

	err = mcpeer_netlink_group_name(info, &name);
	if (err)
		return err;

	down_write(&set->lock);
	group = mcpeer_groups_find(set, name, info->extack);
	if (group) {
		settings = group->settings;
		err = mcpeer_netlink_group_read(skb, info, &settings);
		if (!err)
			err = mcpeer_groups_change(group, &settings,
						   info->extack);
	} else {
		err = -ENOENT;
	}
	up_write(&set->lock);
	return err;
}

int mcpeer_netlink_group_del(struct sk_buff *skb, struct genl_info *info)
{
	struct mcpeer_groups *set = mcpeer_groups_of(genl_info_net(info));
	struct mcpeer_group *group;
	struct mcpeer_text name;
	int err;

	err = mcpeer_netlink_group_name(info, &name);
	if (err)
		return err;

	down_write(&set->lock);
	group = mcpeer_groups_find(set, name, info->extack);
	if (group)
		mcpeer_groups_remove(group);
	up_write(&set->lock);
	return group ? 0 : -ENOENT;
}

static int mcpeer_netlink_group_put_iface(const struct mcpeer_iface_info *iface,
					  void *ctx)
{
	return mcpeer_attrs_put_iface(ctx, iface);
}

static int mcpeer_netlink_group_put(struct mcpeer_group *group,
				    const struct mcpeer_netlink_msg *msg)
{
	struct mcpeer_group_info info;
	char hostname[MCPEER_NAME_MAX];
	void *header;
	int err;

	mcpeer_group_describe(group, &info, hostname);
	header = mcpeer_netlink_begin(msg);
	if (!header)
		return -EMSGSIZE;
	err = mcpeer_attrs_put_group(msg->skb, &info);
	/* Their number is not bounded: they are in no dump. */
	if (!err && !msg->cb)
		err = mcpeer_iface_dump(&group->ifaces,
					mcpeer_netlink_group_put_iface,
					msg->skb);
	if (err) {
		genlmsg_cancel(msg->skb, header);
		return err;
	}
	genlmsg_end(msg->skb, header);
	return 0;
}

static int mcpeer_netlink_group_show(struct mcpeer_groups *set,
				     const struct genl_info *info,
				     struct mcpeer_text name,
				     struct mcpeer_netlink_msg *msg)
{
	struct mcpeer_group *group;
	size_t size;
	int err;

	group = mcpeer_groups_find(set, name, info->extack);
	if (!group)
		return -ENOENT;
	for (size = NLMSG_GOODSIZE; size <= MCPEER_NETLINK_GROUP_MOST;
	     size *= 2) {
		msg->skb = mcpeer_netlink_reply(size, info);
		if (!msg->skb)
			return -ENOMEM;
		err = mcpeer_netlink_group_put(group, msg);
		if (!err)
			return 0;
		nlmsg_free(msg->skb);
	}
	return err;
}

int mcpeer_netlink_group_get(struct sk_buff *skb, struct genl_info *info)
{
	struct mcpeer_groups *set = mcpeer_groups_of(genl_info_net(info));
	struct mcpeer_netlink_msg msg = {
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = MCPEER_CMD_GROUP_GET,
	};
	struct mcpeer_text name;
	int err;

	err = mcpeer_netlink_group_name(info, &name);
	if (err)
		return err;

	down_read(&set->lock);
	err = mcpeer_netlink_group_show(set, info, name, &msg);
	up_read(&set->lock);
	return err ?: genlmsg_reply(msg.skb, info);
}

int mcpeer_netlink_group_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mcpeer_groups *set = mcpeer_groups_of(sock_net(skb->sk));
	struct mcpeer_netlink_cursor *cursor = mcpeer_netlink_cursor(cb);
	struct nlattr **attrs = mcpeer_compat_dump_attrs(cb);
	struct mcpeer_netlink_msg msg;
	struct mcpeer_group *group;

	if (attrs[MCPEER_A_GROUP_NAME]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[MCPEER_A_GROUP_NAME],
				    "a dump of groups takes no name");
		return -EINVAL;
	}
	down_read(&set->lock);
	msg = mcpeer_netlink_dump_msg(skb, cb, set, MCPEER_CMD_GROUP_GET);
	while ((group = mcpeer_groups_next(set, cursor->group))) {
		cursor->group = group->id;
		if (mcpeer_netlink_group_put(group, &msg))
			break;
		cursor->group++;
	}
	up_read(&set->lock);
	return skb->len;
}
