// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: the life of a peer, at the moments that from outside only luck
 * meets: a timer that fired and has to wait, a refresh that finds its peer
 * dead, a deadline that has passed unseen, a dump that goes on at a gap.
 */
#include "peer_test.h"

/* --- the timer --- */

/* A timer that fires before the deadline, as the steps do, is armed again. */
static void peer_test_timer_early(struct kunit *test)
{
	struct mcpeer_peer *peer = peer_test_join(test, "anna");
	struct peer_test *its = test->priv;
	unsigned long before = jiffies;

	timer_delete_sync(&peer->timer);
	peer_test_fire(peer);
	KUNIT_EXPECT_TRUE(test, timer_pending(&peer->timer));
	KUNIT_EXPECT_TRUE(test, time_after(peer->timer.expires, before));
	KUNIT_EXPECT_TRUE(test, time_before(peer->timer.expires,
					    jiffies + 35 * HZ));
	KUNIT_EXPECT_PTR_EQ(test, peer_test_look(its, "anna"), peer);
	KUNIT_EXPECT_EQ(test, its->count, 1);
}

static void peer_test_timer_due(struct kunit *test)
{
	struct mcpeer_peer *peer = peer_test_join(test, "anna");
	struct peer_test *its = test->priv;

	peer_test_set_deadline(peer, mcpeer_deadline_now());
	peer_test_fire(peer);
	KUNIT_EXPECT_NULL(test, peer_test_look(its, "anna"));
	KUNIT_EXPECT_EQ(test, mcpeer_table_count(&its->table), 0);
	KUNIT_EXPECT_EQ(test, peer_test_stat(its, MCPEER_A_STATS_EXPIRED), 1);
	KUNIT_EXPECT_EQ(test, its->count, 2);
	KUNIT_EXPECT_EQ(test, its->type[1], MCPEER_EVENT_TYPE_EXPIRE);
}

/* A timer that had fired gets the lock when another has removed the peer. */
static void peer_test_timer_late(struct kunit *test)
{
	struct mcpeer_peer *peer = peer_test_join(test, "anna");
	struct peer_test *its = test->priv;
	bool pending;

	peer_test_set_deadline(peer, mcpeer_deadline_now());
	rcu_read_lock();
	peer_test_remove(peer);
	peer_test_fire(peer);
	pending = timer_pending(&peer->timer);
	rcu_read_unlock();
	KUNIT_EXPECT_FALSE(test, pending);
	KUNIT_EXPECT_EQ(test, mcpeer_table_count(&its->table), 0);
	KUNIT_EXPECT_EQ(test, peer_test_stat(its, MCPEER_A_STATS_EXPIRED), 0);
	KUNIT_EXPECT_EQ(test, its->count, 2);
	KUNIT_EXPECT_EQ(test, its->type[1], MCPEER_EVENT_TYPE_LEAVE);
}

/* Whoever arms a removed peer arms nothing: its timer is shut down. */
static void peer_test_timer_shut(struct kunit *test)
{
	struct mcpeer_peer *peer = peer_test_join(test, "anna");
	u64 now = mcpeer_deadline_now();
	bool pending;

	rcu_read_lock();
	peer_test_remove(peer);
	peer_test_arm(peer, mcpeer_deadline_after(now, PEER_TEST_LIFETIME),
		      now);
	pending = timer_pending(&peer->timer);
	rcu_read_unlock();
	KUNIT_EXPECT_FALSE(test, pending);
}

/* The very moment for which a timer is armed, near; or a bit before, far. */
static void peer_test_arm_delay(struct kunit *test)
{
	static const unsigned int ticks[] = { 2, 63, 64, 8750, 21600000 };
	struct mcpeer_peer *peer = peer_test_join(test, "anna");
	unsigned long before, expires, after, delay, early;
	unsigned int i;
	u64 now;

	for (i = 0; i < ARRAY_SIZE(ticks); i++) {
		delay = ticks[i] <= 63 ? ticks[i] - 1 : ticks[i] - ticks[i] / 7;
		early = ticks[i] <= 64 ? 0 : delay / 4;
		local_bh_disable();
		now = mcpeer_deadline_now();
		before = jiffies;
		peer_test_arm(peer, now + ticks[i] * (u64)TICK_NSEC, now);
		expires = peer->timer.expires;
		after = jiffies;
		/* Before it may run: this is about arming only. */
		peer_test_arm(peer, MCPEER_DEADLINE_NEVER, now);
		local_bh_enable();
		KUNIT_EXPECT_TRUE_MSG(test,
				      time_in_range(expires - delay,
						    before - early, after),
				      "%u ticks", ticks[i]);
	}
}

/* A peer that is overdue is not forgotten: its timer fires at once. */
static void peer_test_arm_overdue(struct kunit *test)
{
	struct mcpeer_peer *peer = peer_test_join(test, "anna");
	u64 now = mcpeer_deadline_now();
	unsigned long before, expires;

	local_bh_disable();
	before = jiffies;
	peer_test_arm(peer, now - NSEC_PER_SEC, now);
	expires = peer->timer.expires;
	peer_test_arm(peer, MCPEER_DEADLINE_NEVER, now);
	local_bh_enable();
	KUNIT_EXPECT_TRUE(test, time_in_range(expires, before, jiffies));
}

static void peer_test_arm_never(struct kunit *test)
{
	struct mcpeer_peer *peer = peer_test_join(test, "anna");
	struct mcpeer_peer_info info = {};
	u64 now = mcpeer_deadline_now();

	peer_test_arm(peer, MCPEER_DEADLINE_NEVER, now);
	KUNIT_EXPECT_FALSE(test, timer_pending(&peer->timer));
	mcpeer_peer_describe(peer, &info, mcpeer_deadline_now());
	KUNIT_EXPECT_EQ(test, info.expires_in, U64_MAX);
	peer_test_arm(peer, mcpeer_deadline_after(now, PEER_TEST_LIFETIME),
		      now);
	KUNIT_EXPECT_TRUE(test, timer_pending(&peer->timer));
}

/* --- deadlines that have passed before the timer runs --- */

static int peer_test_count_put(const struct mcpeer_peer_info *peer, void *ctx)
{
	unsigned int *count = ctx;

	(*count)++;
	return 0;
}

/* The timer does not get to run as long as bottom halves are off. */
static void peer_test_overdue_is_absent(struct kunit *test)
{
	struct mcpeer_peer *peer = peer_test_join(test, "anna");
	struct peer_test *its = test->priv;
	unsigned int count = 0;
	u64 next = 0;

	peer_test_join(test, "bob");
	peer_test_set_deadline(peer, mcpeer_deadline_now());
	KUNIT_EXPECT_EQ(test,
			mcpeer_dump_all(&its->table, &next,
					peer_test_count_put, &count), 0);
	KUNIT_EXPECT_EQ(test, count, 1);
	KUNIT_EXPECT_EQ(test, mcpeer_table_count(&its->table), 2);
	/* Who asks for it by name ends it. */
	KUNIT_EXPECT_EQ(test,
			mcpeer_dump_one(&its->table, peer_test_text("anna"),
					peer_test_count_put, &count),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, count, 1);
	KUNIT_EXPECT_EQ(test, mcpeer_table_count(&its->table), 1);
	KUNIT_EXPECT_EQ(test, its->type[2], MCPEER_EVENT_TYPE_EXPIRE);
}

/* Too late: the host expires, and joins as a new peer. */
static void peer_test_overdue_is_not_refreshed(struct kunit *test)
{
	struct mcpeer_peer *peer = peer_test_join(test, "anna");
	struct peer_test *its = test->priv;
	u64 id = peer->id;

	peer_test_set_deadline(peer, mcpeer_deadline_now());
	KUNIT_EXPECT_EQ(test, peer_test_hear(its, "anna"),
			MCPEER_A_STATS_JOINED);
	peer = peer_test_look(its, "anna");
	KUNIT_ASSERT_NOT_NULL(test, peer);
	KUNIT_EXPECT_GT(test, peer->id, id);
	KUNIT_EXPECT_EQ(test, peer->heard, 1);
	KUNIT_EXPECT_EQ(test, its->count, 3);
	KUNIT_EXPECT_EQ(test, its->type[1], MCPEER_EVENT_TYPE_EXPIRE);
	KUNIT_EXPECT_EQ(test, its->type[2], MCPEER_EVENT_TYPE_JOIN);
}

static void peer_test_describe_overdue(struct kunit *test)
{
	struct mcpeer_peer *peer = peer_test_join(test, "anna");
	struct mcpeer_peer_info info = {};
	u64 now;

	local_bh_disable();
	now = mcpeer_deadline_now();
	peer->deadline = now;
	mcpeer_peer_describe(peer, &info, mcpeer_deadline_now());
	peer->deadline = now + PEER_TEST_LIFETIME;
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, info.expires_in, 0);
}

/* --- refreshes --- */

/* A refresh moves the deadline, and leaves the timer alone. */
static void peer_test_refresh(struct kunit *test)
{
	struct mcpeer_peer *peer = peer_test_join(test, "anna");
	unsigned long expires = peer->timer.expires;
	struct peer_test *its = test->priv;

	peer_test_set_deadline(peer, peer->deadline - 10 * NSEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, peer_test_hear(its, "anna"),
			MCPEER_A_STATS_REFRESHED);
	KUNIT_EXPECT_EQ(test, peer->heard, 2);
	KUNIT_EXPECT_EQ(test, peer->deadline,
			mcpeer_deadline_after(peer->paths.first.heard_at,
					      PEER_TEST_LIFETIME));
	KUNIT_EXPECT_EQ(test, peer->timer.expires, expires);
	KUNIT_EXPECT_EQ(test, its->count, 1);
}

/* Found under RCU, dead when the lock is there: that is no refresh. */
static void peer_test_refresh_of_dead(struct kunit *test)
{
	struct mcpeer_peer *peer = peer_test_join(test, "anna");
	struct peer_test *its = test->priv;
	struct mcpeer_heard heard = peer_test_heard(its, "anna");
	u64 deadline = peer->deadline;
	bool known;

	local_bh_disable();
	rcu_read_lock();
	peer->dead = true;
	known = mcpeer_refresh(&its->table, &heard.key, &heard.place);
	peer->dead = false;
	rcu_read_unlock();
	local_bh_enable();
	KUNIT_EXPECT_FALSE(test, known);
	KUNIT_EXPECT_EQ(test, peer->heard, 1);
	KUNIT_EXPECT_EQ(test, peer->deadline, deadline);
}

/* Two datagrams of a new host on two CPUs: the second has lost the race. */
static void peer_test_refresh_by_accept(struct kunit *test)
{
	struct mcpeer_peer *peer = peer_test_join(test, "anna");
	struct peer_test *its = test->priv;
	struct mcpeer_heard heard = peer_test_heard(its, "anna");
	unsigned int verdict;

	peer_test_set_deadline(peer, peer->deadline - 10 * NSEC_PER_SEC);
	local_bh_disable();
	verdict = mcpeer_heard_accept(&its->table, &heard);
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, verdict, MCPEER_A_STATS_REFRESHED);
	KUNIT_EXPECT_EQ(test, peer->heard, 2);
	KUNIT_EXPECT_EQ(test, peer->deadline,
			mcpeer_deadline_after(peer->paths.first.heard_at,
					      PEER_TEST_LIFETIME));
	KUNIT_EXPECT_EQ(test, its->count, 1);
}

/* --- order and hash --- */

/* Six rows and a piece of one; a prime, so that each stride meets all. */
#define PEER_TEST_MANY	197

/* From any id on, the next peer is the first that is left. */
static void peer_test_expect_left(struct kunit *test, u64 first,
				  struct mcpeer_peer *left[PEER_TEST_MANY])
{
	struct peer_test *its = test->priv;
	struct mcpeer_peer *wanted = NULL;
	unsigned int i;
	u64 id;

	for (i = PEER_TEST_MANY; i; i--) {
		wanted = left[i - 1] ?: wanted;
		id = first + i - 1;
		KUNIT_EXPECT_PTR_EQ(test,
				    mcpeer_roster_next(&its->table.roster, &id),
				    wanted);
		if (wanted)
			KUNIT_EXPECT_EQ(test, id, wanted->id);
	}
}

/* Whoever goes first, the oldest, the youngest or any, across 32 bits too. */
static void peer_test_roster(struct kunit *test)
{
	static const unsigned int strides[] = { 1, PEER_TEST_MANY - 1, 7, 31 };
	struct mcpeer_peer *left[PEER_TEST_MANY];
	struct peer_test *its = test->priv;
	unsigned int round, i, at = 0;
	char name[8];
	u64 first;

	/* The first of a row. */
	its->table.roster.next_id = U32_MAX / MCPEER_ROSTER_ROW *
				    (u64)MCPEER_ROSTER_ROW;
	for (round = 0; round < ARRAY_SIZE(strides); round++) {
		first = its->table.roster.next_id;
		for (i = 0; i < PEER_TEST_MANY; i++) {
			scnprintf(name, sizeof(name), "p%u", i);
			left[i] = peer_test_join(test, name);
			KUNIT_EXPECT_EQ(test, left[i]->id, first + i);
		}
		for (i = 0; i < PEER_TEST_MANY; i++) {
			if (i % 16 == 0)
				peer_test_expect_left(test, first, left);
			at = (at + strides[round]) % PEER_TEST_MANY;
			peer_test_remove(left[at]);
			left[at] = NULL;
		}
		peer_test_expect_left(test, first, left);
	}
}

static int peer_test_refuse_put(const struct mcpeer_peer_info *peer, void *ctx)
{
	return -EMSGSIZE;
}

/* A dump that stops at a peer goes on there, or behind it if it has left. */
static void peer_test_dump_stops(struct kunit *test)
{
	struct peer_test *its = test->priv;
	struct mcpeer_peer *anna = peer_test_join(test, "anna");
	struct mcpeer_peer *bob = peer_test_join(test, "bob");
	unsigned int count = 0;
	u64 next = 0;

	KUNIT_EXPECT_EQ(test,
			mcpeer_dump_all(&its->table, &next,
					peer_test_refuse_put, NULL),
			-EMSGSIZE);
	KUNIT_EXPECT_EQ(test, next, anna->id);
	peer_test_remove(anna);
	KUNIT_EXPECT_EQ(test,
			mcpeer_dump_all(&its->table, &next,
					peer_test_refuse_put, NULL),
			-EMSGSIZE);
	KUNIT_EXPECT_EQ(test, next, bob->id);
	KUNIT_EXPECT_EQ(test,
			mcpeer_dump_all(&its->table, &next,
					peer_test_count_put, &count), 0);
	KUNIT_EXPECT_EQ(test, count, 1);
}

/* Another expiry reaches all peers of the network. */
static void peer_test_limits(struct kunit *test)
{
	struct peer_test *its = test->priv;
	struct mcpeer_peer *last, *local, *first = peer_test_join(test, "anna");
	struct mcpeer_limits limits;
	u64 deadline;

	last = peer_test_join(test, "bob");
	local = peer_test_join(test, "cleo");
	local->source = MCPEER_SOURCE_LOCAL;
	deadline = local->deadline;

	limits = its->table.limits;
	limits.max = 10;
	limits.expiry = 2 * PEER_TEST_LIFETIME;
	mcpeer_lifetime_set_limits(&its->table, &limits);
	KUNIT_EXPECT_EQ(test, first->deadline,
			mcpeer_deadline_after(first->paths.first.heard_at,
					      2 * PEER_TEST_LIFETIME));
	KUNIT_EXPECT_EQ(test, last->deadline,
			mcpeer_deadline_after(last->paths.first.heard_at,
					      2 * PEER_TEST_LIFETIME));
	KUNIT_EXPECT_EQ(test, local->deadline, deadline);
	KUNIT_EXPECT_EQ(test, its->table.limits.max, 10);
}

/*
 * Names that are each other's beginning, and enough of them that the hash
 * grows, shrinks and has several in a bucket.
 */
static void peer_test_names(struct kunit *test)
{
	struct peer_test *its = test->priv;
	struct mcpeer_peer *peer;
	struct mcpeer_text text;
	unsigned int i, wrong = 0;
	char name[MCPEER_NAME_MAX + 1];

	for (i = 1; i <= MCPEER_NAME_MAX; i++) {
		memset(name, 'n', i);
		name[i] = '\0';
		wrong += peer_test_hear(its, name) != MCPEER_A_STATS_JOINED;
	}
	for (i = 0; i < 900; i++) {
		snprintf(name, sizeof(name), "host%u", i);
		wrong += peer_test_hear(its, name) != MCPEER_A_STATS_JOINED;
	}
	KUNIT_ASSERT_EQ(test, wrong, 0);
	KUNIT_EXPECT_EQ(test, mcpeer_table_count(&its->table),
			900 + MCPEER_NAME_MAX);

	for (i = 0; i < 900; i += 2) {
		snprintf(name, sizeof(name), "host%u", i);
		text = peer_test_text(name);
		wrong += mcpeer_lifetime_expire(&its->table, text, NULL) != 0;
	}
	for (i = 0; i < 900; i++) {
		snprintf(name, sizeof(name), "host%u", i);
		peer = peer_test_look(its, name);
		wrong += i % 2 ? !peer : !!peer;
		if (peer)
			wrong += !mcpeer_text_equal(peer_test_text(name),
						    mcpeer_peer_name(peer));
	}
	for (i = 1; i <= MCPEER_NAME_MAX; i++) {
		memset(name, 'n', i);
		name[i] = '\0';
		peer = peer_test_look(its, name);
		wrong += !peer || peer->name_len != i;
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&its->generation),
			900 + MCPEER_NAME_MAX + 450);
}

static struct kunit_case peer_test_cases[] = {
	KUNIT_CASE(peer_test_timer_early),
	KUNIT_CASE(peer_test_timer_due),
	KUNIT_CASE(peer_test_timer_late),
	KUNIT_CASE(peer_test_timer_shut),
	KUNIT_CASE(peer_test_arm_delay),
	KUNIT_CASE(peer_test_arm_overdue),
	KUNIT_CASE(peer_test_arm_never),
	KUNIT_CASE(peer_test_overdue_is_absent),
	KUNIT_CASE(peer_test_overdue_is_not_refreshed),
	KUNIT_CASE(peer_test_describe_overdue),
	KUNIT_CASE(peer_test_refresh),
	KUNIT_CASE(peer_test_refresh_of_dead),
	KUNIT_CASE(peer_test_refresh_by_accept),
	KUNIT_CASE(peer_test_roster),
	KUNIT_CASE(peer_test_dump_stops),
	KUNIT_CASE(peer_test_limits),
	KUNIT_CASE(peer_test_names),
	{}
};

static struct kunit_suite peer_test_suite = {
	.name = "mcpeer_peer",
	.suite_init = peer_test_suite_init,
	.suite_exit = peer_test_suite_exit,
	.init = peer_test_init,
	.exit = peer_test_exit,
	.test_cases = peer_test_cases,
};

kunit_test_suite(peer_test_suite);
