// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: the paths of a peer, in every order, and the patterns of interfaces.
 * What is tested of paths is linked from peer_test.c, which includes it.
 */
#include <kunit/test.h>
#include <linux/slab.h>
#include "deadline.h"
#include "path.h"
#include "pattern.c"

#define PATH_TEST_EXPIRY	(35 * (u64)NSEC_PER_SEC)
#define PATH_TEST_NOW		(1000 * (u64)NSEC_PER_SEC)

static struct mcpeer_place path_test_place(unsigned int number)
{
	return (struct mcpeer_place){
		.ifindex = 1 + number / 2,
		.addr = { .family = AF_INET, .v4 = htonl(number) },
	};
}

/* Path number i was last heard so many seconds ago. */
static void path_test_fill(struct kunit *test, struct mcpeer_paths *paths,
			   const unsigned int *ago, unsigned int count)
{
	struct mcpeer_place place = path_test_place(0);
	struct mcpeer_path *path;
	unsigned int i;

	memset(paths, 0, sizeof(*paths));
	mcpeer_path_set(paths, &place, PATH_TEST_NOW - ago[0] * NSEC_PER_SEC);
	for (i = 1; i < count; i++) {
		place = path_test_place(i);
		path = mcpeer_path_add(paths, &place);
		KUNIT_ASSERT_NOT_NULL(test, path);
		path->heard_at = PATH_TEST_NOW - ago[i] * NSEC_PER_SEC;
	}
	KUNIT_ASSERT_EQ(test, paths->count, count);
}

static void path_test_finds_each(struct kunit *test)
{
	static const unsigned int ago[] = { 1, 2, 3, 4 };
	struct mcpeer_paths paths;
	struct mcpeer_place place;
	unsigned int i;

	path_test_fill(test, &paths, ago, 4);
	for (i = 0; i < 4; i++) {
		place = path_test_place(i);
		KUNIT_EXPECT_PTR_EQ(test, mcpeer_path_find(&paths, &place),
				    mcpeer_path_at(&paths, i));
		place.ifindex += 10;
		KUNIT_EXPECT_NULL(test, mcpeer_path_find(&paths, &place));
	}
	place = path_test_place(4);
	KUNIT_EXPECT_NULL(test, mcpeer_path_find(&paths, &place));
	/* The same number as an IPv6 address is another place. */
	place = path_test_place(0);
	place.addr.family = AF_INET6;
	KUNIT_EXPECT_NULL(test, mcpeer_path_find(&paths, &place));
	mcpeer_path_free(&paths);
	KUNIT_EXPECT_EQ(test, paths.count, 1);
}

/* All orders of four moments, and of fewer. */
static void path_test_sorts(struct kunit *test)
{
	const struct mcpeer_path *sorted[MCPEER_PATHS_MAX];
	unsigned int order, count, i, ago[4];
	struct mcpeer_paths paths;

	for (order = 0; order < 256; order++) {
		for (i = 0; i < 4; i++)
			ago[i] = order >> (2 * i) & 3;
		for (count = 1; count <= 4; count++) {
			path_test_fill(test, &paths, ago, count);
			KUNIT_EXPECT_EQ(test, mcpeer_path_sort(&paths, sorted),
					count);
			for (i = 1; i < count; i++)
				KUNIT_EXPECT_GE(test, sorted[i - 1]->heard_at,
						sorted[i]->heard_at);
			KUNIT_EXPECT_EQ(test, sorted[count - 1]->heard_at,
					mcpeer_path_stalest(&paths)->heard_at);
			mcpeer_path_free(&paths);
		}
	}
}

/* Any of them may be overdue, but one. */
static void path_test_prunes(struct kunit *test)
{
	unsigned int dead, i, left, ago[4];
	struct mcpeer_paths paths;
	struct mcpeer_place place;

	for (dead = 0; dead < 15; dead++) {
		for (i = 0; i < 4; i++)
			ago[i] = dead & BIT(i) ? 36 : 34;
		path_test_fill(test, &paths, ago, 4);
		left = 4 - hweight32(dead);
		KUNIT_EXPECT_EQ(test,
				mcpeer_path_prune(&paths, PATH_TEST_EXPIRY,
						  PATH_TEST_NOW), 4 - left);
		KUNIT_EXPECT_EQ(test, paths.count, left);
		for (i = 0; i < 4; i++) {
			place = path_test_place(i);
			KUNIT_EXPECT_EQ(test,
					!mcpeer_path_find(&paths, &place),
					!!(dead & BIT(i)));
		}
		if (left == 1)
			KUNIT_EXPECT_NULL(test, paths.more);
		mcpeer_path_free(&paths);
	}
}

/* The lifetime of a path is that of a peer, to the step of the clock. */
static void path_test_lives_to_the_step(struct kunit *test)
{
	static const unsigned int ago[] = { 0, 0 };
	struct mcpeer_paths paths;
	u64 end;

	path_test_fill(test, &paths, ago, 2);
	mcpeer_path_at(&paths, 1)->heard_at += NSEC_PER_SEC;
	end = mcpeer_deadline_after(PATH_TEST_NOW, PATH_TEST_EXPIRY);
	KUNIT_EXPECT_EQ(test, mcpeer_path_prune(&paths, PATH_TEST_EXPIRY,
						end - TICK_NSEC / 2), 0);
	KUNIT_EXPECT_EQ(test, mcpeer_path_prune(&paths, PATH_TEST_EXPIRY, end),
			1);
	mcpeer_path_free(&paths);
}

static struct mcpeer_text path_test_text(const char *text)
{
	return (struct mcpeer_text){ text, strlen(text) };
}

static void pattern_test_valid(struct kunit *test)
{
	static const char * const good[] = {
		"", "*", "eth0", "eth*,!docker*", "!veth*", "en[ps]*",
		"[]]", "[!]]x", "[!a-c]*", "a\\*b", "\\[", "!!x", "[a]b[c]",
	};
	static const char * const bad[] = {
		",", "a,", ",a", "a,,b", "!", "a,!", "[", "a[", "[]", "[!]",
		"[a", "a[b,c]", "x y", "a\\", "\xc3\xa4", "a\n",
	};
	char longest[MCPEER_PATTERNS_MAX + 1];
	struct mcpeer_text text;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		text = path_test_text(good[i]);
		KUNIT_EXPECT_TRUE_MSG(test, mcpeer_pattern_is_valid(text),
				      "%s", good[i]);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		text = path_test_text(bad[i]);
		KUNIT_EXPECT_FALSE_MSG(test, mcpeer_pattern_is_valid(text),
				       "%s", bad[i]);
	}
	memset(longest, 'x', sizeof(longest));
	KUNIT_EXPECT_FALSE(test,
			   mcpeer_pattern_is_valid((struct mcpeer_text){
					longest, MCPEER_PATTERNS_MAX + 1 }));
	KUNIT_EXPECT_TRUE(test,
			  mcpeer_pattern_is_valid((struct mcpeer_text){
					longest, MCPEER_PATTERNS_MAX }));
}

static void pattern_test_match(struct kunit *test)
{
	static const struct {
		const char *patterns;
		const char *name;
		bool match;
	} cases[] = {
		{ "eth*", "eth0", true },
		{ "eth*", "veth0", false },
		{ "eth?", "eth10", false },
		{ "eth0,wlan*", "wlan1", true },
		{ "eth*,!eth1", "eth1", false },
		{ "!eth1,eth*", "eth1", false },
		{ "!eth1,eth*", "eth2", true },
		{ "!eth1,eth*", "wlan0", false },
		{ "en[ps]*", "enp3s0", true },
		{ "en[ps]*", "eno1", false },
		{ "en[!o]*", "eno1", false },
		{ "\\*", "*", true },
		{ "\\*", "x", false },
	};
	struct mcpeer_text excludes = path_test_text("!docker*,!veth*");
	struct mcpeer_text none = { "", 0 }, patterns;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		patterns = path_test_text(cases[i].patterns);
		KUNIT_EXPECT_EQ_MSG(test,
				    mcpeer_pattern_match(patterns,
							 cases[i].name, true),
				    cases[i].match, "%s %s", cases[i].patterns,
				    cases[i].name);
	}
	/* Without a pattern that includes it is as the caller says. */
	KUNIT_EXPECT_TRUE(test, mcpeer_pattern_match(excludes, "eth0", true));
	KUNIT_EXPECT_FALSE(test, mcpeer_pattern_match(excludes, "eth0", false));
	KUNIT_EXPECT_FALSE(test, mcpeer_pattern_match(excludes, "veth1", true));
	KUNIT_EXPECT_TRUE(test, mcpeer_pattern_match(none, "eth0", true));
	KUNIT_EXPECT_FALSE(test, mcpeer_pattern_match(none, "eth0", false));
}

static struct kunit_case path_test_cases[] = {
	KUNIT_CASE(path_test_finds_each),
	KUNIT_CASE(path_test_sorts),
	KUNIT_CASE(path_test_prunes),
	KUNIT_CASE(path_test_lives_to_the_step),
	{}
};

static struct kunit_suite path_test_suite = {
	.name = "mcpeer_path",
	.test_cases = path_test_cases,
};

static struct kunit_case pattern_test_cases[] = {
	KUNIT_CASE(pattern_test_valid),
	KUNIT_CASE(pattern_test_match),
	{}
};

static struct kunit_suite pattern_test_suite = {
	.name = "mcpeer_pattern",
	.test_cases = pattern_test_cases,
};

kunit_test_suites(&path_test_suite, &pattern_test_suite);
