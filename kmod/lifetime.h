/* SPDX-License-Identifier: GPL-2.0 */
/* How the peers of a table end. */
#ifndef MCPEER_LIFETIME_H
#define MCPEER_LIFETIME_H

#include "table.h"

struct netlink_ext_ack;

struct mcpeer_peer *mcpeer_lifetime_new_peer(struct mcpeer_table *table,
					     const struct mcpeer_key *key,
					     gfp_t gfp);
struct mcpeer_peer *mcpeer_lifetime_find(struct mcpeer_table *table,
					 const struct mcpeer_key *key);
void mcpeer_lifetime_arm(struct mcpeer_peer *peer, u64 now);
int mcpeer_lifetime_expire(struct mcpeer_table *table, struct mcpeer_text name,
			   struct netlink_ext_ack *extack);
void mcpeer_lifetime_sweep(struct mcpeer_table *table);
void mcpeer_lifetime_set_limits(struct mcpeer_table *table,
				const struct mcpeer_limits *limits);

#endif /* MCPEER_LIFETIME_H */
