// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: which orders of announcements show that two hosts have one name, and
 * which do not. What is tested is linked from peer_test.c, which includes it.
 */
#include <kunit/test.h>
#include "rival.h"

#define RIVAL_TEST_INTERVAL	(15 * (u64)NSEC_PER_SEC)
#define RIVAL_TEST_EXPIRY	(35 * (u64)NSEC_PER_SEC)
#define RIVAL_TEST_BEGIN	(1000 * (u64)NSEC_PER_SEC)
#define RIVAL_TEST_STEPS	16

/**
 * struct rival_test_step - an announcement
 * @who: A to D are of one interface, a to d the same addresses of another one;
 *	1 to 4 are of the first one, by IPv6
 * @at: when, in tenths of a second
 */
struct rival_test_step {
	char who;
	unsigned int at;
};

/**
 * struct rival_test_case - announcements, and what they show
 * @what: says it
 * @found: at which of them, from 0 on, it shows; -1 for at none
 * @step: the announcements
 */
struct rival_test_case {
	const char *what;
	int found;
	struct rival_test_step step[RIVAL_TEST_STEPS];
};

static const struct rival_test_case rival_test_cases_of[] = {
	{ "two in turn", 3,
	  { {'A', 10}, {'B', 80}, {'A', 150}, {'B', 220}, {'A', 290} } },
	{ "three in turn", 4,
	  { {'A', 10}, {'B', 60}, {'C', 110}, {'A', 150}, {'B', 200} } },
	{ "by IPv6", 3,
	  { {'1', 10}, {'2', 80}, {'1', 150}, {'2', 220} } },
	{ "two that speak by both families", 6,
	  { {'A', 10}, {'1', 10}, {'B', 80}, {'2', 80}, {'A', 150},
	    {'1', 150}, {'B', 220}, {'2', 220} } },
	{ "one of which a datagram is lost", 6,
	  { {'A', 10}, {'B', 80}, {'A', 150}, {'A', 300}, {'B', 220 + 150},
	    {'A', 430}, {'B', 500}, {'A', 570} } },
	{ "as late as may be", 3,
	  { {'A', 10}, {'B', 30}, {'A', 178}, {'B', 198} } },
	{ "two in turn, each heard twice", 6,
	  { {'A', 10}, {'A', 12}, {'B', 80}, {'B', 82}, {'A', 150},
	    {'A', 152}, {'B', 220}, {'B', 222}, {'A', 290}, {'A', 292} } },
	{ "an address after another", -1,
	  { {'A', 10}, {'A', 150}, {'B', 220}, {'B', 360}, {'B', 500} } },
	{ "there and back", -1,
	  { {'A', 10}, {'B', 80}, {'A', 150}, {'A', 290}, {'A', 430} } },
	{ "there and back, and there", -1,
	  { {'A', 10}, {'B', 80}, {'B', 220}, {'A', 290}, {'A', 430},
	    {'B', 500}, {'B', 640}, {'A', 710} } },
	{ "both at once", -1,
	  { {'A', 10}, {'B', 10}, {'A', 150}, {'B', 151}, {'B', 290},
	    {'A', 291}, {'A', 430}, {'B', 430} } },
	{ "both at once, one of the two lost each time", -1,
	  { {'A', 10}, {'B', 130}, {'A', 250}, {'B', 370}, {'A', 490} } },
	{ "a reflection a second later", -1,
	  { {'A', 10}, {'B', 20}, {'A', 150}, {'B', 160}, {'A', 300},
	    {'B', 310} } },
	{ "two interfaces", -1,
	  { {'A', 10}, {'b', 80}, {'A', 150}, {'b', 220}, {'A', 290} } },
	{ "two families", -1,
	  { {'A', 10}, {'1', 80}, {'A', 150}, {'1', 220}, {'A', 290} } },
	{ "too late", -1,
	  { {'A', 10}, {'B', 90}, {'A', 180}, {'B', 265}, {'A', 360} } },
};

static struct mcpeer_place rival_test_place(char who)
{
	struct mcpeer_place place = { .ifindex = who >= 'a' ? 2 : 1 };

	if (who < 'A') {
		place.addr.family = AF_INET6;
		place.addr.v6.s6_addr[15] = who;
	} else {
		place.addr.family = AF_INET;
		place.addr.v4 = htonl(who & 0x1f);
	}
	return place;
}

/* Heard, as heard.c does it. */
static bool rival_test_hear(struct kunit *test, struct mcpeer_paths *paths,
			    const struct rival_test_step *step)
{
	u64 now = RIVAL_TEST_BEGIN + step->at * (u64)(NSEC_PER_SEC / 10);
	struct mcpeer_place place = rival_test_place(step->who);
	struct mcpeer_path *path;
	bool shows = false;

	if (!paths->count) {
		mcpeer_path_set(paths, &place, now);
		return false;
	}
	path = mcpeer_path_find(paths, &place);
	if (path && paths->count > 1) {
		shows = mcpeer_rival_heard(paths, path, RIVAL_TEST_INTERVAL,
					   now);
	} else if (!path) {
		path = mcpeer_path_add(paths, &place);
		KUNIT_ASSERT_NOT_NULL(test, path);
	}
	path->heard_at = now;
	return shows;
}

static void rival_test_shows(struct kunit *test)
{
	const struct rival_test_case *it;
	struct mcpeer_paths paths;
	unsigned int i, step;
	int found;

	for (i = 0; i < ARRAY_SIZE(rival_test_cases_of); i++) {
		it = &rival_test_cases_of[i];
		memset(&paths, 0, sizeof(paths));
		found = -1;
		for (step = 0; it->step[step].who && found < 0; step++)
			if (rival_test_hear(test, &paths, &it->step[step]))
				found = step;
		KUNIT_EXPECT_EQ_MSG(test, found, it->found, "%s", it->what);
		mcpeer_path_free(&paths);
	}
}

/* A and B are rivals; then other paths go, and one of the two. */
static void rival_test_ends(struct kunit *test)
{
	static const struct rival_test_step steps[] = {
		{'a', 10}, {'A', 10}, {'B', 80}, {'A', 150}, {'B', 220},
	};
	struct mcpeer_paths paths = { };
	u64 now = RIVAL_TEST_BEGIN + 22 * (u64)NSEC_PER_SEC;
	unsigned int i;
	bool shows = false;

	for (i = 0; i < ARRAY_SIZE(steps); i++)
		shows = rival_test_hear(test, &paths, &steps[i]);
	KUNIT_ASSERT_TRUE(test, shows);
	KUNIT_EXPECT_FALSE(test, mcpeer_rival_over(&paths, RIVAL_TEST_EXPIRY,
						   now));
	KUNIT_EXPECT_TRUE(test, mcpeer_rival_begin(&paths, &paths.more[1],
						   RIVAL_TEST_EXPIRY, now));
	KUNIT_EXPECT_EQ(test, paths.rivals, BIT(1) | BIT(2));
	KUNIT_EXPECT_FALSE_MSG(test,
			       mcpeer_rival_begin(&paths, &paths.more[1],
						  RIVAL_TEST_EXPIRY, now),
			       "one at a time");

	/* The first is the other interface's. */
	now += 15 * (u64)NSEC_PER_SEC;
	KUNIT_EXPECT_FALSE(test, mcpeer_rival_over(&paths, RIVAL_TEST_EXPIRY,
						   now));
	KUNIT_EXPECT_EQ(test, mcpeer_path_prune(&paths, RIVAL_TEST_EXPIRY, now),
			1);
	KUNIT_EXPECT_EQ(test, paths.rivals, BIT(0) | BIT(1));

	now += 15 * (u64)NSEC_PER_SEC;
	KUNIT_EXPECT_TRUE(test, mcpeer_rival_over(&paths, RIVAL_TEST_EXPIRY,
						  now));
	KUNIT_EXPECT_EQ(test, mcpeer_path_prune(&paths, RIVAL_TEST_EXPIRY, now),
			1);
	KUNIT_EXPECT_EQ(test, paths.rivals, 0);
	KUNIT_EXPECT_EQ(test, paths.turned, 0);
	mcpeer_path_free(&paths);
}

/* None begins within a lifetime of another one's begin. */
static void rival_test_is_told_seldom(struct kunit *test)
{
	static const struct rival_test_step steps[] = {
		{'A', 10}, {'B', 80}, {'A', 150}, {'B', 220},
	};
	struct mcpeer_paths paths = { };
	u64 now = RIVAL_TEST_BEGIN + 22 * (u64)NSEC_PER_SEC;
	struct mcpeer_place place = rival_test_place('C');
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(steps); i++)
		rival_test_hear(test, &paths, &steps[i]);
	KUNIT_EXPECT_TRUE(test, mcpeer_rival_begin(&paths, &paths.more[0],
						   RIVAL_TEST_EXPIRY, now));
	/* Another path takes the place of one: it has taken no turn yet. */
	mcpeer_path_replace(&paths, &paths.first, &place);
	paths.first.heard_at = now;
	KUNIT_EXPECT_EQ(test, paths.rivals, BIT(1));
	KUNIT_EXPECT_EQ(test, paths.turned, BIT(1));
	paths.rivals = 0;
	paths.turned = BIT(0) | BIT(1);
	KUNIT_EXPECT_FALSE(test,
			   mcpeer_rival_begin(&paths, &paths.first,
					      RIVAL_TEST_EXPIRY,
					      now + RIVAL_TEST_EXPIRY));
	KUNIT_EXPECT_TRUE(test,
			  mcpeer_rival_begin(&paths, &paths.first,
					     RIVAL_TEST_EXPIRY,
					     now + RIVAL_TEST_EXPIRY +
					     NSEC_PER_SEC));
	mcpeer_path_free(&paths);
}

static struct kunit_case rival_test_cases[] = {
	KUNIT_CASE(rival_test_shows),
	KUNIT_CASE(rival_test_ends),
	KUNIT_CASE(rival_test_is_told_seldom),
	{}
};

static struct kunit_suite rival_test_suite = {
	.name = "mcpeer_rival",
	.test_cases = rival_test_cases,
};

kunit_test_suite(rival_test_suite);
