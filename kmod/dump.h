/* SPDX-License-Identifier: GPL-2.0 */
/* Showing the peers of a table, one or all. */
#ifndef MCPEER_DUMP_H
#define MCPEER_DUMP_H

#include "attrs.h"

struct mcpeer_table;

/* Shows a peer, under the table's lock; returns non-zero if it could not. */
typedef int mcpeer_dump_put_t(const struct mcpeer_peer_info *peer, void *ctx);

int mcpeer_dump_one(struct mcpeer_table *table, struct mcpeer_text name,
		    mcpeer_dump_put_t *put, void *ctx);
int mcpeer_dump_all(struct mcpeer_table *table, u64 *next,
		    mcpeer_dump_put_t *put, void *ctx);

#endif /* MCPEER_DUMP_H */
