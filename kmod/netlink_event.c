// SPDX-License-Identifier: GPL-2.0
/* Requests about events: the journal. */
#include "compat.h"
#include "netlink.h"

static int mcpeer_netlink_event_put(const struct mcpeer_event_info *event,
				    void *ctx)
{
	const struct mcpeer_netlink_msg *msg = ctx;
	void *header = mcpeer_netlink_begin(msg);

	if (!header)
		return -EMSGSIZE;
	if (mcpeer_attrs_put_event(msg->skb, event)) {
		genlmsg_cancel(msg->skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(msg->skb, header);
	return 0;
}

int mcpeer_netlink_event_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mcpeer_groups *set = mcpeer_groups_of(sock_net(skb->sk));
	struct mcpeer_netlink_cursor *cursor = mcpeer_netlink_cursor(cb);
	struct nlattr **attrs = mcpeer_compat_dump_attrs(cb);
	const struct nlattr *since = attrs[MCPEER_A_EVENT_SINCE];
	struct mcpeer_netlink_msg msg = {
		.skb = skb,
		.cb = cb,
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.cmd = MCPEER_CMD_EVENT_GET,
	};

	/* Numbers start at 1: 0 says that this is the first call. */
	if (!cursor->event)
		cursor->event = max_t(u64, since ? nla_get_u64(since) : 1, 1);
	mcpeer_event_dump(&set->journal, &cursor->event,
			  mcpeer_netlink_event_put, &msg);
	return skb->len;
}

int mcpeer_netlink_event_get(struct sk_buff *skb, struct genl_info *info)
{
	struct mcpeer_groups *set = mcpeer_groups_of(genl_info_net(info));
	struct mcpeer_netlink_msg msg = {
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = MCPEER_CMD_EVENT_GET,
	};
	u64 seq, first, lost;
	void *header;

	if (info->attrs[MCPEER_A_EVENT_SINCE]) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[MCPEER_A_EVENT_SINCE],
				    "since belongs to a dump of events");
		return -EINVAL;
	}
	msg.skb = mcpeer_netlink_reply(NLMSG_GOODSIZE, info);
	if (!msg.skb)
		return -ENOMEM;
	mcpeer_event_reach(&set->journal, &seq, &first, &lost);
	header = mcpeer_netlink_begin(&msg);
	if (!header || mcpeer_attrs_put_journal(msg.skb, seq, first, lost)) {
		nlmsg_free(msg.skb);
		return -EMSGSIZE;
	}
	genlmsg_end(msg.skb, header);
	return genlmsg_reply(msg.skb, info);
}
