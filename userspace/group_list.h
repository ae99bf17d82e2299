/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_GROUP_LIST_H
#define MCPEER_GROUP_LIST_H

#include <stddef.h>

#include "client.h"

/**
 * struct mcpeer_group_list - groups, copied while they come in
 * @groups: sorted by name
 * @count: of @groups
 * @room: for so many of them
 */
struct mcpeer_group_list {
	struct mcpeer_group_info *groups;
	size_t count;
	size_t room;
};

int mcpeer_group_list_read(struct mcpeer_group_list *list,
			   struct mcpeer_client *client);
int mcpeer_group_list_complete(struct mcpeer_group_list *list,
			       struct mcpeer_client *client);
void mcpeer_group_list_free(struct mcpeer_group_list *list);

#endif
