/* SPDX-License-Identifier: GPL-2.0 */
/* Between the files that know libnl; nobody else includes this. */
#ifndef MCPEER_DECODE_H
#define MCPEER_DECODE_H

#include <linux/netlink.h>

#include "client.h"

int mcpeer_decode_peer(struct nlmsghdr *msg, struct mcpeer_peer_info *peer,
		       struct mcpeer_path_info paths[MCPEER_PATHS_MAX]);
int mcpeer_decode_event(struct nlmsghdr *msg, struct mcpeer_event_info *event,
			struct mcpeer_path_info paths[MCPEER_PATHS_MAX]);
int mcpeer_decode_journal(struct nlmsghdr *msg,
			  struct mcpeer_journal_info *journal);
int mcpeer_decode_group(struct nlmsghdr *msg, struct mcpeer_group_info *group);
int mcpeer_decode_interfaces(struct nlmsghdr *msg,
			     struct mcpeer_interface_info **interfaces,
			     size_t *count);

#endif
