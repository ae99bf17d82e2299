/* SPDX-License-Identifier: GPL-2.0 */
/* The set of groups of a network namespace. */
#ifndef MCPEER_GROUPS_H
#define MCPEER_GROUPS_H

#include "group.h"

struct genl_family;

extern unsigned int mcpeer_groups_net_id;

struct mcpeer_groups *mcpeer_groups_of(struct net *net);
void mcpeer_groups_init(struct net *net, const struct genl_family *family);
void mcpeer_groups_destroy(struct net *net);

int mcpeer_groups_add(struct mcpeer_groups *set, struct mcpeer_text name,
		      const struct mcpeer_settings *settings, bool autostart,
		      struct netlink_ext_ack *extack);
int mcpeer_groups_change(struct mcpeer_group *group,
			 const struct mcpeer_settings *settings,
			 struct netlink_ext_ack *extack);
void mcpeer_groups_remove(struct mcpeer_group *group);
struct mcpeer_group *mcpeer_groups_find(struct mcpeer_groups *set,
					struct mcpeer_text name,
					struct netlink_ext_ack *extack);
struct mcpeer_group *mcpeer_groups_next(struct mcpeer_groups *set, u32 id);

#endif /* MCPEER_GROUPS_H */
