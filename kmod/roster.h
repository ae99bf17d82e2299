/* SPDX-License-Identifier: GPL-2.0 */
/* The peers of a table in the order in which they joined. */
#ifndef MCPEER_ROSTER_H
#define MCPEER_ROSTER_H

#include <linux/xarray.h>

struct mcpeer_peer;
struct mcpeer_row;

/**
 * struct mcpeer_roster - all peers by their ids, guarded by the table's lock
 * @rows: those that have peers, and the last, by number
 * @last: the row into which the next peer goes, unless it is full; may be NULL
 * @next_id: id of the next peer; never comes again, on 32 bits until 2^36 joins
 */
struct mcpeer_roster {
	struct xarray rows;
	struct mcpeer_row *last;
	u64 next_id;
};

void mcpeer_roster_init(struct mcpeer_roster *roster);
void mcpeer_roster_destroy(struct mcpeer_roster *roster);
int mcpeer_roster_add(struct mcpeer_roster *roster, struct mcpeer_peer *peer);
void mcpeer_roster_remove(struct mcpeer_roster *roster,
			  const struct mcpeer_peer *peer);
struct mcpeer_peer *mcpeer_roster_next(struct mcpeer_roster *roster, u64 *id);

#endif /* MCPEER_ROSTER_H */
