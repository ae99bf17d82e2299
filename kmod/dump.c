// SPDX-License-Identifier: GPL-2.0
#include <linux/sched.h>
#include "deadline.h"
#include "dump.h"
#include "lifetime.h"

/**
 * mcpeer_dump_one - show one peer
 * @table: the table
 * @name: name of the peer
 * @put: shows it
 * @ctx: for @put
 *
 * Context: Process context. Takes the table's lock.
 * Return: -ENOENT, or what @put returned.
 */
int mcpeer_dump_one(struct mcpeer_table *table, struct mcpeer_text name,
		    mcpeer_dump_put_t *put, void *ctx)
{
	const struct mcpeer_key key = mcpeer_table_key(table, name);
	struct mcpeer_peer_info info;
	struct mcpeer_peer *peer;
	int err = -ENOENT;

	spin_lock_bh(&table->lock);
	peer = mcpeer_lifetime_find(table, &key);
	if (peer) {
		mcpeer_table_describe(peer, &info, mcpeer_deadline_now());
		err = put(&info, ctx);
	}
	spin_unlock_bh(&table->lock);
	return err;
}

/**
 * mcpeer_dump_all - show all peers, in the order in which they joined
 * @table: the table
 * @next: id of the first peer wanted; moved to the one that @put refused
 * @put: shows a peer
 * @ctx: for @put
 *
 * A peer keeps its id for its life: who lives from the first call to the last
 * is shown exactly once, whoever comes and goes meanwhile. Peers whose
 * deadline has passed are left out.
 *
 * Context: Process context. Takes the table's lock for each peer.
 * Return: 0 when all were shown, otherwise what @put returned.
 */
int mcpeer_dump_all(struct mcpeer_table *table, u64 *next,
		    mcpeer_dump_put_t *put, void *ctx)
{
	struct mcpeer_peer_info info;
	struct mcpeer_peer *peer;
	int err = 0;
	u64 now;

	do {
		spin_lock_bh(&table->lock);
		peer = mcpeer_roster_next(&table->roster, next);
		now = mcpeer_deadline_now();
		if (peer && !mcpeer_deadline_passed(peer->deadline, now)) {
			mcpeer_table_describe(peer, &info, now);
			err = put(&info, ctx);
		}
		spin_unlock_bh(&table->lock);
		if (err)
			return err;
		(*next)++;
		/* The message may take long to fill if most are overdue. */
		cond_resched();
	} while (peer);
	return 0;
}
