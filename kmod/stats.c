// SPDX-License-Identifier: GPL-2.0
#include "stats.h"

/**
 * mcpeer_stats_alloc - make counters, all zero
 *
 * Context: Process context, may sleep.
 * Return: the counters, NULL if there is no memory.
 */
struct mcpeer_stats __percpu *mcpeer_stats_alloc(void)
{
	struct mcpeer_stats __percpu *stats;
	int cpu;

	stats = alloc_percpu_gfp(struct mcpeer_stats, GFP_KERNEL_ACCOUNT);
	if (!stats)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(stats, cpu)->syncp);
	return stats;
}

/**
 * mcpeer_stats_free - undo mcpeer_stats_alloc()
 * @stats: nobody counts any more
 *
 * Context: Process context.
 */
void mcpeer_stats_free(struct mcpeer_stats __percpu *stats)
{
	free_percpu(stats);
}

/**
 * mcpeer_stats_sum - read all counters
 * @stats: counters of the group
 * @sum: set to the sum over all CPUs, indexed by attribute; rx to the sum of
 *	what became of the datagrams
 *
 * Context: Any.
 */
void mcpeer_stats_sum(struct mcpeer_stats __percpu *stats,
		      u64 sum[MCPEER_STATS_COUNT])
{
	u64 value[MCPEER_STATS_COUNT];
	unsigned int start, id;
	int cpu;

	memset(sum, 0, sizeof(value));
	for_each_possible_cpu(cpu) {
		struct mcpeer_stats *its = per_cpu_ptr(stats, cpu);

		do {
			start = u64_stats_fetch_begin(&its->syncp);
			for (id = 0; id < MCPEER_STATS_COUNT; id++)
				value[id] = u64_stats_read(&its->counter[id]);
		} while (u64_stats_fetch_retry(&its->syncp, start));

		for (id = 0; id < MCPEER_STATS_COUNT; id++)
			sum[id] += value[id];
	}

	/* Not counted, so that it is the sum at every moment. */
	for (id = MCPEER_A_STATS_REFRESHED; id <= MCPEER_A_STATS_DROP_NOMEM;
	     id++)
		sum[MCPEER_A_STATS_RX] += sum[id];
}
