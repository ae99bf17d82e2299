/* SPDX-License-Identifier: GPL-2.0 */
/* Where announcements go besides the group's own addresses. */
#ifndef MCPEER_TARGET_H
#define MCPEER_TARGET_H

#include <linux/if.h>
#include <linux/mcpeer.h>
#include "addr.h"
#include "text.h"

struct net_device;
struct netlink_ext_ack;

/**
 * struct mcpeer_target - somebody who is told directly
 * @addr: a host's address or one of directed broadcast; 255.255.255.255 goes
 *	out by each interface that takes part
 * @ifname: the interface of an IPv6 address of link-local scope, else empty
 */
struct mcpeer_target {
	struct mcpeer_addr addr;
	char ifname[IFNAMSIZ];
};

/**
 * struct mcpeer_targets - the targets of a group
 * @count: of @target
 * @target: each of them once; what is not used is zero
 */
struct mcpeer_targets {
	unsigned int count;
	struct mcpeer_target target[MCPEER_TARGETS_MAX];
};

static inline bool
mcpeer_target_is_broadcast(const struct mcpeer_target *target)
{
	return target->addr.family == AF_INET &&
	       ipv4_is_lbcast(target->addr.v4);
}

int mcpeer_target_parse(struct mcpeer_text text, struct mcpeer_targets *targets,
			struct netlink_ext_ack *extack);
unsigned int mcpeer_target_text(const struct mcpeer_targets *targets, char *buf,
				size_t size);
bool mcpeer_target_has_family(const struct mcpeer_targets *targets,
			      enum mcpeer_family family);
bool mcpeer_target_has_broadcast(const struct mcpeer_targets *targets);
bool mcpeer_target_is_one(const struct mcpeer_targets *targets,
			  const struct net_device *dev,
			  const struct mcpeer_addr *addr);

#endif /* MCPEER_TARGET_H */
