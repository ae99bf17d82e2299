/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel answers, as text and as JSON, on stdout. All of these
 * return 0 or a negative error number; whether all could be written is known
 * when stdout is flushed.
 */
#ifndef MCPEER_PRINT_H
#define MCPEER_PRINT_H

#include <stddef.h>

#include "client.h"
#include "commands.h"

int mcpeer_print_peer(const struct mcpeer_context *context,
		      const struct mcpeer_peer_info *peer);
int mcpeer_print_event(const struct mcpeer_context *context,
		       const struct mcpeer_event_info *event);
int mcpeer_print_lost(const struct mcpeer_context *context,
		      uint64_t first, uint64_t last);

int mcpeer_print_groups(const struct mcpeer_context *context,
			const struct mcpeer_group_info *groups, size_t count);
int mcpeer_print_whole_groups(const struct mcpeer_context *context,
			      const struct mcpeer_group_info *groups,
			      size_t count);
int mcpeer_print_group(const struct mcpeer_context *context,
		       const struct mcpeer_group_info *group);
int mcpeer_print_stats(const struct mcpeer_context *context,
		       const struct mcpeer_group_info *group);

#endif
