/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The netlink family. Only the netlink files read attributes; requests come
 * in process context, in parallel, with their policies checked.
 */
#ifndef MCPEER_NETLINK_H
#define MCPEER_NETLINK_H

#include <net/genetlink.h>
#include <net/sock.h>
#include "groups.h"

extern struct genl_family mcpeer_netlink_family;

/**
 * struct mcpeer_netlink_msg - a message that is being written
 * @skb: to append to
 * @cb: of the dump that it belongs to, NULL for a single reply
 * @portid: of the reader
 * @seq: of the request
 * @cmd: MCPEER_CMD_
 */
struct mcpeer_netlink_msg {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	u32 portid;
	u32 seq;
	u8 cmd;
};

/**
 * struct mcpeer_netlink_cursor - how far a dump has come
 * @peer: id of the peer to go on with
 * @event: number of the event to go on with
 * @group: id of the group to go on with
 */
struct mcpeer_netlink_cursor {
	u64 peer;
	u64 event;
	u32 group;
};

static inline struct mcpeer_netlink_cursor *
mcpeer_netlink_cursor(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct mcpeer_netlink_cursor) > sizeof(cb->ctx));
	return (struct mcpeer_netlink_cursor *)cb->ctx;
}

struct mcpeer_text mcpeer_netlink_text(const struct nlattr *attr);
struct sk_buff *mcpeer_netlink_reply(size_t size, const struct genl_info *info);
void *mcpeer_netlink_begin(const struct mcpeer_netlink_msg *msg);
struct mcpeer_netlink_msg
mcpeer_netlink_dump_msg(struct sk_buff *skb, struct netlink_callback *cb,
			struct mcpeer_groups *set, u8 cmd);

int mcpeer_netlink_peer_new(struct sk_buff *skb, struct genl_info *info);
int mcpeer_netlink_peer_get(struct sk_buff *skb, struct genl_info *info);
int mcpeer_netlink_peer_dump(struct sk_buff *skb, struct netlink_callback *cb);
int mcpeer_netlink_peer_del(struct sk_buff *skb, struct genl_info *info);
int mcpeer_netlink_peer_expire(struct sk_buff *skb, struct genl_info *info);

int mcpeer_netlink_group_get(struct sk_buff *skb, struct genl_info *info);
int mcpeer_netlink_group_dump(struct sk_buff *skb, struct netlink_callback *cb);
int mcpeer_netlink_group_new(struct sk_buff *skb, struct genl_info *info);
int mcpeer_netlink_group_set(struct sk_buff *skb, struct genl_info *info);
int mcpeer_netlink_group_del(struct sk_buff *skb, struct genl_info *info);

int mcpeer_netlink_event_get(struct sk_buff *skb, struct genl_info *info);
int mcpeer_netlink_event_dump(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* MCPEER_NETLINK_H */
