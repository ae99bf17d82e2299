/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For peer_test.c: a table of peers on its own, and what becomes of it.
 *
 * The sources are included, as mcpeer.ko exports nothing; what they use of
 * other parts is made up for here.
 */
#ifndef _MCPEER_PEER_TEST_H
#define _MCPEER_PEER_TEST_H

#include <kunit/test.h>
#include <net/net_namespace.h>
#include "path.c"
#include "rival.c"
#include "peer.c"
#include "origin.c"
#include "roster.c"
#include "alarm.c"
#include "table.c"
#include "lifetime.c"
#include "dump.c"
#include "heard.c"

#define PEER_TEST_LIFETIME	(35 * (u64)NSEC_PER_SEC)
#define PEER_TEST_INTERVAL	(15 * (u64)NSEC_PER_SEC)
#define PEER_TEST_EVENTS	64

/**
 * struct peer_test - a table, and what became of it
 * @table: the table
 * @journal: hears of changes
 * @generation: moved by joins and removals
 * @count: number of events
 * @type: enum mcpeer_event_type of the first ones
 */
struct peer_test {
	struct mcpeer_table table;
	struct mcpeer_journal journal;
	atomic_t generation;
	unsigned int count;
	u32 type[PEER_TEST_EVENTS];
};

/* In place of event.c. */
void mcpeer_event_emit(struct mcpeer_journal *journal, u32 type,
		       const struct mcpeer_peer_info *peer, u64 now)
{
	struct peer_test *its = container_of(journal, struct peer_test,
					     journal);

	if (its->count < PEER_TEST_EVENTS)
		its->type[its->count] = type;
	its->count++;
}

/* In place of inet4.c and inet6.c: no address is this host's. */
static bool peer_test_is_here(struct net *net, const struct net_device *dev,
			      const struct mcpeer_addr *addr)
{
	return false;
}

static void peer_test_own(struct net *net, const struct net_device *dev,
			  const struct mcpeer_addr *towards,
			  struct mcpeer_addr *own)
{
	own->family = AF_UNSPEC;
}

const struct mcpeer_inet mcpeer_inet4 = {
	.family = AF_INET,
	.is_here = peer_test_is_here,
	.own = peer_test_own,
};

const struct mcpeer_inet mcpeer_inet6 = {
	.family = AF_INET6,
	.is_here = peer_test_is_here,
	.own = peer_test_own,
};

static u64 peer_test_stat(struct peer_test *its, unsigned int id)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += u64_stats_read(&per_cpu_ptr(its->table.stats,
						   cpu)->counter[id]);
	return sum;
}

static struct mcpeer_text peer_test_text(const char *text)
{
	return (struct mcpeer_text){ text, strlen(text) };
}

static struct mcpeer_heard peer_test_heard(struct peer_test *its,
					   const char *name)
{
	struct mcpeer_text text = peer_test_text(name);

	return (struct mcpeer_heard){
		.key = mcpeer_table_key(&its->table, text),
		.place = {
			.ifindex = 1,
			.addr = {
				.family = AF_INET,
				.v4 = cpu_to_be32(0x0a010102),
			},
		},
	};
}

/* Other names than those of mcpeer.ko's caches, which may be there as well. */
static int peer_test_suite_init(struct kunit_suite *suite)
{
	mcpeer_peer_cache = mcpeer_peer_make_cache("mcpeer_test_peer",
						   MCPEER_PEER_SHORT);
	mcpeer_peer_long_cache = mcpeer_peer_make_cache("mcpeer_test_peer_long",
							MCPEER_NAME_MAX);
	if (mcpeer_peer_cache && mcpeer_peer_long_cache)
		return 0;
	mcpeer_peer_module_exit();
	return -ENOMEM;
}

/* Complains if a peer is left. */
static void peer_test_suite_exit(struct kunit_suite *suite)
{
	mcpeer_peer_module_exit();
}

static int peer_test_init(struct kunit *test)
{
	struct peer_test *its = kunit_kzalloc(test, sizeof(*its), GFP_KERNEL);
	int cpu, err;

	if (!its)
		return -ENOMEM;
	its->table.stats = alloc_percpu(struct mcpeer_stats);
	if (!its->table.stats)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(its->table.stats, cpu)->syncp);
	its->table.limits.max = 1000;
	its->table.limits.per_source = 1000;
	its->table.limits.join_rate = 1000000;
	its->table.limits.expiry = PEER_TEST_LIFETIME;
	its->table.limits.interval = PEER_TEST_INTERVAL;
	its->table.journal = &its->journal;
	its->table.generation = &its->generation;
	its->table.net = &init_net;
	err = mcpeer_table_init(&its->table);
	if (err) {
		free_percpu(its->table.stats);
		return err;
	}
	test->priv = its;
	return 0;
}

static void peer_test_exit(struct kunit *test)
{
	struct peer_test *its = test->priv;

	if (!its)
		return;
	mcpeer_table_destroy(&its->table, false);
	free_percpu(its->table.stats);
}

/* As the receive hook does, in softirq. */
static unsigned int peer_test_hear(struct peer_test *its, const char *name)
{
	struct mcpeer_heard heard = peer_test_heard(its, name);
	unsigned int verdict = MCPEER_A_STATS_REFRESHED;

	local_bh_disable();
	rcu_read_lock();
	if (!mcpeer_refresh(&its->table, &heard.key, &heard.place))
		verdict = mcpeer_heard_accept(&its->table, &heard);
	rcu_read_unlock();
	local_bh_enable();
	return verdict;
}

/* Only good as long as the test itself does not remove the peer. */
static struct mcpeer_peer *peer_test_look(struct peer_test *its,
					  const char *name)
{
	struct mcpeer_key key = mcpeer_table_key(&its->table,
						 peer_test_text(name));
	struct mcpeer_peer *peer;

	rcu_read_lock();
	peer = mcpeer_lookup(&its->table, &key);
	rcu_read_unlock();
	return peer;
}

static struct mcpeer_peer *peer_test_join(struct kunit *test, const char *name)
{
	struct mcpeer_peer *peer;

	KUNIT_ASSERT_EQ(test, peer_test_hear(test->priv, name),
			MCPEER_A_STATS_JOINED);
	peer = peer_test_look(test->priv, name);
	KUNIT_ASSERT_NOT_NULL(test, peer);
	return peer;
}

static void peer_test_fire(struct mcpeer_peer *peer)
{
	local_bh_disable();
	mcpeer_lifetime_timer(&peer->timer);
	local_bh_enable();
}

static void peer_test_set_deadline(struct mcpeer_peer *peer, u64 deadline)
{
	spin_lock_bh(&peer->table->lock);
	peer->deadline = deadline;
	spin_unlock_bh(&peer->table->lock);
}

static void peer_test_arm(struct mcpeer_peer *peer, u64 deadline, u64 now)
{
	spin_lock_bh(&peer->table->lock);
	peer->deadline = deadline;
	mcpeer_lifetime_arm(peer, now);
	spin_unlock_bh(&peer->table->lock);
}

static void peer_test_remove(struct mcpeer_peer *peer)
{
	struct mcpeer_table *table = peer->table;

	spin_lock_bh(&table->lock);
	mcpeer_table_remove(peer, true, MCPEER_EVENT_TYPE_LEAVE);
	spin_unlock_bh(&table->lock);
}

#endif /* _MCPEER_PEER_TEST_H */
