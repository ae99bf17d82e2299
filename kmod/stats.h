/* SPDX-License-Identifier: GPL-2.0 */
/* The counters of a group, one set for each CPU. */
#ifndef MCPEER_STATS_H
#define MCPEER_STATS_H

#include <linux/mcpeer.h>
#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>

/* A counter is named by its attribute, MCPEER_A_STATS_RX and so on. */
#define MCPEER_STATS_COUNT	MCPEER_A_STATS_PAD

/**
 * struct mcpeer_stats - the counters of one CPU
 * @counter: indexed by attribute
 * @syncp: lets 32-bit machines read whole values
 */
struct mcpeer_stats {
	u64_stats_t counter[MCPEER_STATS_COUNT];
	struct u64_stats_sync syncp;
};

struct mcpeer_stats __percpu *mcpeer_stats_alloc(void);
void mcpeer_stats_free(struct mcpeer_stats __percpu *stats);
void mcpeer_stats_sum(struct mcpeer_stats __percpu *stats,
		      u64 sum[MCPEER_STATS_COUNT]);

/**
 * mcpeer_stats_count - count one more
 * @stats: counters of the group
 * @id: which, an MCPEER_A_STATS_ attribute
 *
 * Context: Bottom halves are off: two writers on one CPU must not meet.
 */
static inline void mcpeer_stats_count(struct mcpeer_stats __percpu *stats,
				      unsigned int id)
{
	struct mcpeer_stats *mine = this_cpu_ptr(stats);

	u64_stats_update_begin(&mine->syncp);
	u64_stats_inc(&mine->counter[id]);
	u64_stats_update_end(&mine->syncp);
}

#endif /* MCPEER_STATS_H */
