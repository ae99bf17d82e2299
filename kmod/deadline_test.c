// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: deadlines, and the steps in which the timer wheel is armed for them.
 * From outside only the lifetimes can be seen that a group or a registration
 * may have, at the ticks that there happen to be.
 */
#include <kunit/test.h>
#include <linux/log2.h>
#include <linux/timekeeping.h>
#include "deadline.h"

#define DEADLINE_TEST_CENTURY	(100ULL * 365 * 24 * 3600 * NSEC_PER_SEC)

static void deadline_test_after(struct kunit *test)
{
	static const u64 lifetimes[] = {
		1, NSEC_PER_MSEC, TICK_NSEC - 1, TICK_NSEC, TICK_NSEC + 1,
		35 * (u64)NSEC_PER_SEC, DEADLINE_TEST_CENTURY,
	};
	static const u64 nows[] = {
		0, 1, 300 * (u64)NSEC_PER_SEC, U32_MAX, DEADLINE_TEST_CENTURY,
	};
	u64 deadline, end;
	unsigned int i, j;
	bool passed;

	for (i = 0; i < ARRAY_SIZE(lifetimes); i++) {
		for (j = 0; j < ARRAY_SIZE(nows); j++) {
			end = nows[j] + lifetimes[i];
			deadline = mcpeer_deadline_after(nows[j], lifetimes[i]);
			passed = mcpeer_deadline_passed(deadline, end);
			/* Now may lie a tick back: nothing is cut short. */
			passed |= mcpeer_deadline_passed(deadline,
							 end + TICK_NSEC / 2);
			KUNIT_EXPECT_FALSE(test, passed);
			passed = mcpeer_deadline_passed(deadline,
							end + TICK_NSEC);
			KUNIT_EXPECT_TRUE(test, passed);
		}
	}
}

/* The slop forgives rounding; it does not make a step out of none. */
static void deadline_test_slop(struct kunit *test)
{
	const u64 deadline = 35 * (u64)NSEC_PER_SEC;

	KUNIT_EXPECT_TRUE(test, mcpeer_deadline_passed(deadline, deadline - 8));
	KUNIT_EXPECT_TRUE(test,
			  mcpeer_deadline_passed(deadline, deadline -
						 MCPEER_DEADLINE_SLOP));
	KUNIT_EXPECT_FALSE(test,
			   mcpeer_deadline_passed(deadline, deadline -
						  MCPEER_DEADLINE_SLOP - 1));
	KUNIT_EXPECT_LT(test, MCPEER_DEADLINE_SLOP, TICK_NSEC / 2);
}

static void deadline_test_since(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, mcpeer_deadline_since(5, 12), 7);
	KUNIT_EXPECT_EQ(test, mcpeer_deadline_since(5, 5), 0);
	/* Time has gone back. */
	KUNIT_EXPECT_EQ(test, mcpeer_deadline_since(12, 5), 0);
}

static void deadline_test_never(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test,
			mcpeer_deadline_after(35, MCPEER_DEADLINE_NEVER),
			MCPEER_DEADLINE_NEVER);
	KUNIT_EXPECT_FALSE(test,
			   mcpeer_deadline_passed(MCPEER_DEADLINE_NEVER, 0));
	/* Where the slop wraps around. */
	KUNIT_EXPECT_FALSE(test,
			   mcpeer_deadline_passed(MCPEER_DEADLINE_NEVER,
						  U64_MAX));
	KUNIT_EXPECT_NE(test,
			mcpeer_deadline_after(DEADLINE_TEST_CENTURY,
					      DEADLINE_TEST_CENTURY),
			MCPEER_DEADLINE_NEVER);
}

static void deadline_test_delay_exact(struct kunit *test)
{
	const u64 now = 300 * (u64)NSEC_PER_SEC + 1;
	unsigned long ticks;
	u64 deadline;

	for (ticks = 1; ticks <= MCPEER_WHEEL_EXACT; ticks++) {
		deadline = now + ticks * TICK_NSEC;
		KUNIT_EXPECT_EQ(test, mcpeer_deadline_delay(deadline, now),
				ticks - 1);
		/* Rounding either way stays on the same step. */
		KUNIT_EXPECT_EQ(test, mcpeer_deadline_delay(deadline - 8, now),
				ticks - 1);
		KUNIT_EXPECT_EQ(test, mcpeer_deadline_delay(deadline + 8, now),
				ticks - 1);
		/* A deadline between two steps is met at the later one. */
		KUNIT_EXPECT_EQ(test,
				mcpeer_deadline_delay(deadline - TICK_NSEC / 2,
						      now), ticks - 1);
	}
	/* The shortest that can be asked for. */
	deadline = now + MCPEER_DEADLINE_SLOP + 1;
	KUNIT_ASSERT_FALSE(test, mcpeer_deadline_passed(deadline, now));
	KUNIT_EXPECT_EQ(test, mcpeer_deadline_delay(deadline, now), 0);
}

static void deadline_test_delay_long(struct kunit *test)
{
	const u64 now = 300 * (u64)NSEC_PER_SEC;
	unsigned long delay;
	u64 ticks;

	for (ticks = MCPEER_WHEEL_EXACT + 1; ticks < U32_MAX; ticks *= 3) {
		delay = mcpeer_deadline_delay(now + ticks * TICK_NSEC, now);
		KUNIT_EXPECT_LT(test, delay +
				mcpeer_deadline_lateness(delay), ticks);
		/* Few steps are wanted: no shorter than need be. */
		KUNIT_EXPECT_GE(test, delay, ticks - ticks / 7 - 1);
	}
	/* The wheel takes at most this, and time_after() understands it. */
	delay = mcpeer_deadline_delay(MCPEER_DEADLINE_NEVER - 1, 0);
	KUNIT_EXPECT_LE(test, delay, MAX_JIFFY_OFFSET);
	KUNIT_EXPECT_TRUE(test, time_after(jiffies + delay, jiffies));
}

/*
 * The wheel, as kernel/time/timer.c describes it: levels of 64 slots, each of
 * 8 times the granularity of the one before; a delay goes to the first level
 * that reaches that far, and is rounded up to the slot after.
 */
static unsigned int deadline_test_level(unsigned long delay)
{
	unsigned int level = 0;

	while (delay >= 63UL << 3 * level)
		level++;
	return level;
}

static u64 deadline_test_fires(u64 tick, unsigned long delay)
{
	unsigned int shift = 3 * deadline_test_level(delay);

	return ((tick + delay + (1ULL << shift)) >> shift) << shift;
}

static void deadline_test_lateness(struct kunit *test)
{
	unsigned long delay;

	for (delay = 0; delay < 100000; delay++)
		if (mcpeer_deadline_lateness(delay) !=
		    1UL << 3 * deadline_test_level(delay))
			break;
	KUNIT_EXPECT_EQ_MSG(test, delay, 100000, "wrong for %lu ticks", delay);
	KUNIT_EXPECT_EQ(test, mcpeer_deadline_lateness(MCPEER_WHEEL_ROUGH),
			512);
	KUNIT_EXPECT_LT(test, mcpeer_deadline_lateness(MCPEER_WHEEL_ROUGH - 1),
			512);
}

/* Never later, never less than half of it, and even in between. */
static void deadline_test_spread(struct kunit *test)
{
	static const unsigned long ticks[] = {
		MCPEER_WHEEL_ROUGH, 8750, 1000000, MAX_JIFFY_OFFSET,
	};
	unsigned long spread;
	unsigned int i;

	for (i = 0; i < MCPEER_WHEEL_ROUGH; i++)
		KUNIT_EXPECT_EQ(test, mcpeer_deadline_spread(i, U32_MAX), i);
	for (i = 0; i < ARRAY_SIZE(ticks); i++) {
		KUNIT_EXPECT_EQ(test, mcpeer_deadline_spread(ticks[i], 0),
				ticks[i]);
		KUNIT_EXPECT_GE(test,
				mcpeer_deadline_spread(ticks[i], U32_MAX),
				ticks[i] / 2);
	}
	spread = mcpeer_deadline_spread(8000, U32_MAX / 2);
	KUNIT_EXPECT_GE(test, spread, 5999);
	KUNIT_EXPECT_LE(test, spread, 6001);
}

/* Never later, at least three quarters of it, and together. */
static void deadline_test_gathers(struct kunit *test, unsigned long now,
				  unsigned long ticks, unsigned long unit)
{
	unsigned long delay = mcpeer_deadline_gather(ticks, now);
	unsigned long fires = deadline_test_fires(now, delay);

	KUNIT_EXPECT_GE(test, delay, ticks / 4 * 3);
	KUNIT_EXPECT_LE(test, fires, now + ticks);
	KUNIT_EXPECT_EQ(test, fires % unit, 0);
}

static void deadline_test_gather(struct kunit *test)
{
	unsigned long ticks, now;

	for (ticks = 0; ticks < MCPEER_WHEEL_ROUGH; ticks++)
		KUNIT_EXPECT_EQ(test, mcpeer_deadline_gather(ticks, 1), ticks);
	for (now = 5000; now < 7000; now += 31) {
		for (ticks = MCPEER_WHEEL_ROUGH; ticks < 4096; ticks++)
			deadline_test_gathers(test, now, ticks, 512);
		for (; ticks < 8192; ticks += 61)
			deadline_test_gathers(test, now, ticks, 1024);
		for (ticks = 32768; ticks < 65536; ticks += 509)
			deadline_test_gathers(test, now, ticks, 8192);
	}
	ticks = mcpeer_deadline_gather(MAX_JIFFY_OFFSET, ULONG_MAX);
	KUNIT_EXPECT_LE(test, ticks, MAX_JIFFY_OFFSET);
	KUNIT_EXPECT_GE(test, ticks, MAX_JIFFY_OFFSET / 4 * 3);
}

/*
 * Follow the steps from @tick on; return how many there were, 0 if they did
 * not end at the first tick at which the deadline has passed.
 */
static unsigned int deadline_test_walk(u64 tick, u64 phase, u64 lifetime)
{
	u64 deadline = mcpeer_deadline_after(tick * TICK_NSEC + phase,
					     lifetime);
	unsigned int steps = 0;
	u64 now, last;

	for (;;) {
		now = tick * TICK_NSEC + phase;
		if (mcpeer_deadline_passed(deadline, now))
			break;
		last = tick;
		tick = deadline_test_fires(tick,
					   mcpeer_deadline_delay(deadline,
								 now));
		if (tick <= last || ++steps > 64)
			return 0;
	}
	if (mcpeer_deadline_passed(deadline, now - TICK_NSEC))
		return 0;
	return steps;
}

/*
 * From every slot of the levels below, and from shortly before and after each
 * power of two: where jiffies, 32 bits of them or the wheel's own slots wrap
 * around.
 */
static void deadline_test_steps(struct kunit *test)
{
	static const unsigned int milliseconds[] = {
		1, 150, 1000, 15000, 35000, 60000, 3600000, 86400000,
	};
	unsigned int i, bit, worst, steps, most;
	u64 lifetime, tick;

	for (i = 0; i < ARRAY_SIZE(milliseconds); i++) {
		lifetime = (u64)milliseconds[i] * NSEC_PER_MSEC;
		worst = 0;
		/* To a sixth at least by each step, then the last ones. */
		most = 2;
		for (tick = div_u64(lifetime, TICK_NSEC);
		     tick > MCPEER_WHEEL_EXACT; tick = div_u64(tick, 6))
			most++;

		for (tick = 0; tick < 8192; tick++) {
			steps = deadline_test_walk(tick, tick * 17 % TICK_NSEC,
						   lifetime);
			worst = max(worst, steps ?: UINT_MAX);
		}
		for (bit = 13; bit < 40; bit++) {
			for (tick = (1ULL << bit) - 66;
			     tick < (1ULL << bit) + 2; tick++) {
				steps = deadline_test_walk(tick, 0, lifetime);
				worst = max(worst, steps ?: UINT_MAX);
			}
		}
		KUNIT_EXPECT_LE_MSG(test, worst, most, "for %u ms",
				    milliseconds[i]);
	}
}

static struct kunit_case deadline_test_cases[] = {
	KUNIT_CASE(deadline_test_after),
	KUNIT_CASE(deadline_test_slop),
	KUNIT_CASE(deadline_test_since),
	KUNIT_CASE(deadline_test_never),
	KUNIT_CASE(deadline_test_delay_exact),
	KUNIT_CASE(deadline_test_delay_long),
	KUNIT_CASE(deadline_test_lateness),
	KUNIT_CASE(deadline_test_gather),
	KUNIT_CASE(deadline_test_spread),
	KUNIT_CASE(deadline_test_steps),
	{}
};

static struct kunit_suite deadline_test_suite = {
	.name = "mcpeer_deadline",
	.test_cases = deadline_test_cases,
};

kunit_test_suite(deadline_test_suite);
