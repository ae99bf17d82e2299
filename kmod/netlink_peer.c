// SPDX-License-Identifier: GPL-2.0
/* Requests about peers. */
#include "compat.h"
#include "deadline.h"
#include "dump.h"
#include "lifetime.h"
#include "netlink.h"
#include "registration.h"
#include "wire.h"

/* What a peer-new request may carry; with the two last it would be a dump. */
#define MCPEER_NETLINK_NEW_FLAGS					\
	(NLM_F_REQUEST | NLM_F_ACK | NLM_F_ECHO | NLM_F_CREATE |	\
	 NLM_F_REPLACE | NLM_F_EXCL)

/* The group that a request is about; called with the set's lock held. */
static struct mcpeer_group *
mcpeer_netlink_peer_group(struct mcpeer_groups *set, const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	struct mcpeer_text name = {
		MCPEER_GROUP_DEFAULT, sizeof(MCPEER_GROUP_DEFAULT) - 1
	};

	if (attr)
		name = mcpeer_netlink_text(attr);
	return mcpeer_groups_find(set, name, extack);
}

static int mcpeer_netlink_peer_name(const struct genl_info *info,
				    struct mcpeer_text *name)
{
	const struct nlattr *attr = info->attrs[MCPEER_A_PEER_NAME];

	if (!attr) {
		NL_SET_ERR_MSG(info->extack,
			       "the request lacks the name of a peer");
		return -EINVAL;
	}
	*name = mcpeer_netlink_text(attr);
	if (!mcpeer_wire_is_name(*name)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "a name must be 1 to 64 bytes of printable ASCII without space");
		return -EINVAL;
	}
	return 0;
}

static int mcpeer_netlink_peer_addr(const struct genl_info *info,
				    struct mcpeer_addr *addr)
{
	const struct nlattr *attr = info->attrs[MCPEER_A_PEER_ADDRESS];
	bool host;

	addr->family = AF_UNSPEC;
	if (!attr)
		return 0;
	switch (nla_len(attr)) {
	case sizeof(addr->v4):
		addr->family = AF_INET;
		addr->v4 = nla_get_in_addr(attr);
		host = !ipv4_is_multicast(addr->v4) &&
		       !ipv4_is_zeronet(addr->v4) && !ipv4_is_lbcast(addr->v4);
		break;
	case sizeof(addr->v6):
		addr->family = AF_INET6;
		addr->v6 = nla_get_in6_addr(attr);
		host = !ipv6_addr_is_multicast(&addr->v6) &&
		       !ipv6_addr_any(&addr->v6);
		break;
	default:
		host = false;
	}
	if (!host) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "the address must be the IPv4 or IPv6 address of a host");
		return -EINVAL;
	}
	return 0;
}

static int mcpeer_netlink_peer_value(const struct genl_info *info,
				     struct mcpeer_text *value)
{
	const struct nlattr *attr = info->attrs[MCPEER_A_PEER_VALUE];

	*value = mcpeer_netlink_text(attr);
	if (value->len > MCPEER_VALUE_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "a value must be no longer than 256 bytes");
		return -EINVAL;
	}
	if (!mcpeer_text_is_utf8(*value)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "a value must be well-formed UTF-8 without NUL");
		return -EINVAL;
	}
	return 0;
}

static int mcpeer_netlink_peer_lifetime(const struct genl_info *info,
					u64 *lifetime)
{
	const struct nlattr *attr = info->attrs[MCPEER_A_PEER_LIFETIME];

	*lifetime = 0;
	if (attr)
		*lifetime = (u64)nla_get_u32(attr) * NSEC_PER_MSEC;
	if (!info->attrs[MCPEER_A_PEER_PERMANENT])
		return 0;
	if (attr) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "a permanent registration has no lifetime");
		return -EINVAL;
	}
	*lifetime = MCPEER_DEADLINE_NEVER;
	return 0;
}

/* Generic netlink leaves the request's header to us, see resv_start_op. */
static int mcpeer_netlink_peer_flags(const struct genl_info *info,
				     struct mcpeer_registration *reg)
{
	u16 flags = info->nlhdr->nlmsg_flags;

	if (flags & ~MCPEER_NETLINK_NEW_FLAGS || info->genlhdr->reserved) {
		NL_SET_ERR_MSG(info->extack,
			       "unknown flags, or reserved bits set, in the header");
		return -EINVAL;
	}
	reg->exclusive = flags & NLM_F_EXCL;
	reg->replace = flags & NLM_F_REPLACE && !(flags & NLM_F_CREATE);
	return 0;
}

static int mcpeer_netlink_peer_read(const struct genl_info *info,
				    struct mcpeer_registration *reg)
{
	int err;

	err = mcpeer_netlink_peer_flags(info, reg);
	if (!err)
		err = mcpeer_netlink_peer_name(info, &reg->name);
	if (!err)
		err = mcpeer_netlink_peer_addr(info, &reg->addr);
	if (!err)
		err = mcpeer_netlink_peer_value(info, &reg->value);
	if (!err)
		err = mcpeer_netlink_peer_lifetime(info, &reg->lifetime);
	return err;
}

int mcpeer_netlink_peer_new(struct sk_buff *skb, struct genl_info *info)
{
	struct mcpeer_groups *set = mcpeer_groups_of(genl_info_net(info));
	struct mcpeer_registration reg;
	struct mcpeer_group *group;
	int err;

	err = mcpeer_netlink_peer_read(info, &reg);
	if (err)
		return err;

	down_read(&set->lock);
	group = mcpeer_netlink_peer_group(set, info->attrs[MCPEER_A_PEER_GROUP],
					  info->extack);
	err = group ? mcpeer_registration_add(&group->table, &reg,
					      info->extack) : -ENOENT;
	up_read(&set->lock);
	return err;
}

/* A request that takes a name, and does something with the table. */
static int mcpeer_netlink_peer_do(struct genl_info *info,
				  int (*verb)(struct mcpeer_table *table,
					      struct mcpeer_text name,
					      struct netlink_ext_ack *extack))
{
	struct mcpeer_groups *set = mcpeer_groups_of(genl_info_net(info));
	struct mcpeer_group *group;
	struct mcpeer_text name;
	int err;

	err = mcpeer_netlink_peer_name(info, &name);
	if (err)
		return err;

	down_read(&set->lock);
	group = mcpeer_netlink_peer_group(set, info->attrs[MCPEER_A_PEER_GROUP],
					  info->extack);
	err = group ? verb(&group->table, name, info->extack) : -ENOENT;
	up_read(&set->lock);
	return err;
}

int mcpeer_netlink_peer_del(struct sk_buff *skb, struct genl_info *info)
{
	return mcpeer_netlink_peer_do(info, mcpeer_registration_remove);
}

int mcpeer_netlink_peer_expire(struct sk_buff *skb, struct genl_info *info)
{
	return mcpeer_netlink_peer_do(info, mcpeer_lifetime_expire);
}

static int mcpeer_netlink_peer_put(const struct mcpeer_peer_info *peer,
				   void *ctx)
{
	const struct mcpeer_netlink_msg *msg = ctx;
	void *header = mcpeer_netlink_begin(msg);

	if (!header)
		return -EMSGSIZE;
	if (mcpeer_attrs_put_peer(msg->skb, peer)) {
		genlmsg_cancel(msg->skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(msg->skb, header);
	return 0;
}

static int mcpeer_netlink_peer_show(struct mcpeer_groups *set,
				    struct genl_info *info,
				    struct mcpeer_text name,
				    struct mcpeer_netlink_msg *msg)
{
	struct mcpeer_group *group;
	int err;

	group = mcpeer_netlink_peer_group(set, info->attrs[MCPEER_A_PEER_GROUP],
					  info->extack);
	if (!group)
		return -ENOENT;
	err = mcpeer_dump_one(&group->table, name, mcpeer_netlink_peer_put,
			      msg);
	if (err == -ENOENT)
		NL_SET_ERR_MSG(info->extack, "there is no peer of that name");
	return err;
}

int mcpeer_netlink_peer_get(struct sk_buff *skb, struct genl_info *info)
{
	struct mcpeer_groups *set = mcpeer_groups_of(genl_info_net(info));
	struct mcpeer_netlink_msg msg = {
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = MCPEER_CMD_PEER_GET,
	};
	struct mcpeer_text name;
	int err;

	err = mcpeer_netlink_peer_name(info, &name);
	if (err)
		return err;
	msg.skb = mcpeer_netlink_reply(NLMSG_GOODSIZE, info);
	if (!msg.skb)
		return -ENOMEM;

	down_read(&set->lock);
	err = mcpeer_netlink_peer_show(set, info, name, &msg);
	up_read(&set->lock);
	if (err) {
		nlmsg_free(msg.skb);
		return err;
	}
	return genlmsg_reply(msg.skb, info);
}

/* All peers of the groups from the cursor on, or of the one group @only. */
static void mcpeer_netlink_peer_dump_set(struct mcpeer_groups *set,
					 const struct mcpeer_group *only,
					 struct mcpeer_netlink_cursor *cursor,
					 struct mcpeer_netlink_msg *msg)
{
	struct mcpeer_group *group;

	while ((group = mcpeer_groups_next(set, cursor->group))) {
		if (group->id != cursor->group)
			cursor->peer = 0;
		cursor->group = group->id;
		if ((!only || only == group) &&
		    mcpeer_dump_all(&group->table, &cursor->peer,
				    mcpeer_netlink_peer_put, msg))
			return;
		cursor->group++;
		cursor->peer = 0;
	}
}

int mcpeer_netlink_peer_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mcpeer_groups *set = mcpeer_groups_of(sock_net(skb->sk));
	struct mcpeer_netlink_cursor *cursor = mcpeer_netlink_cursor(cb);
	struct nlattr **attrs = mcpeer_compat_dump_attrs(cb);
	struct mcpeer_group *only = NULL;
	struct mcpeer_netlink_msg msg;

	if (attrs[MCPEER_A_PEER_NAME]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[MCPEER_A_PEER_NAME],
				    "a dump of peers takes no name");
		return -EINVAL;
	}
	down_read(&set->lock);
	if (attrs[MCPEER_A_PEER_GROUP]) {
		only = mcpeer_netlink_peer_group(set,
						 attrs[MCPEER_A_PEER_GROUP],
						 cb->extack);
		if (!only) {
			up_read(&set->lock);
			return -ENOENT;
		}
	}
	msg = mcpeer_netlink_dump_msg(skb, cb, set, MCPEER_CMD_PEER_GET);
	mcpeer_netlink_peer_dump_set(set, only, cursor, &msg);
	up_read(&set->lock);
	return skb->len;
}
