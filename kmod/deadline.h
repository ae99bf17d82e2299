/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deadlines: points in boot time, and how to have the timer wheel wake us
 * for them.
 *
 * Deadlines are kept in coarse boot time: it costs a load, moves on with each
 * tick, and counts the time that the machine was suspended. The wheel
 * (kernel/time/timer.c) counts ticks, never fires early, and rounds up to the
 * granularity of the level that a delay falls into: 1 tick below 63 ticks,
 * then 8 times more for each 8 times longer delay, about an eighth of the delay
 * at most. Armed once for 35 s at HZ=250 it fires up to 2 s late.
 */
#ifndef MCPEER_DEADLINE_H
#define MCPEER_DEADLINE_H

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/timer.h>

#define MCPEER_DEADLINE_NEVER	U64_MAX

/* The longest delay, in ticks, that the wheel keeps to the tick. */
#define MCPEER_WHEEL_EXACT	63UL

/* From this delay on, in ticks, the wheel may be 512 ticks late, or more. */
#define MCPEER_WHEEL_ROUGH	(MCPEER_WHEEL_EXACT * 64)

/*
 * Coarse time moves in steps of a tick. A deadline and a now that are meant
 * to be on the same step may differ by the rounding of the steps in between,
 * a few nanoseconds; this much is forgiven, far less than a step.
 */
#define MCPEER_DEADLINE_SLOP	(TICK_NSEC / 16)

static inline u64 mcpeer_deadline_now(void)
{
	return ktime_get_coarse_boottime_ns();
}

/**
 * mcpeer_deadline_since - how long ago something was
 * @then: the mcpeer_deadline_now() of then
 * @now: that of now
 *
 * Up to Linux 6.12 coarse time goes back by a part of a tick when the frequency
 * of the clock is changed, as NTP does.
 *
 * Return: nanoseconds, never less than none.
 */
static inline u64 mcpeer_deadline_since(u64 then, u64 now)
{
	return now > then ? now - then : 0;
}

/**
 * mcpeer_deadline_after - the deadline for something that lasts from now
 * @now: mcpeer_deadline_now()
 * @ns: how long, in nanoseconds, up to a century; MCPEER_DEADLINE_NEVER
 *	stays what it is
 *
 * The coarse now may lie a tick back, so a tick is added: what has to last
 * for @ns is never cut short.
 *
 * Return: the deadline, in nanoseconds of coarse boot time.
 */
static inline u64 mcpeer_deadline_after(u64 now, u64 ns)
{
	if (ns == MCPEER_DEADLINE_NEVER)
		return MCPEER_DEADLINE_NEVER;
	return now + ns + TICK_NSEC;
}

/* MCPEER_DEADLINE_NEVER is beyond every now. */
static inline bool mcpeer_deadline_passed(u64 deadline, u64 now)
{
	return now + MCPEER_DEADLINE_SLOP >= deadline;
}

/**
 * mcpeer_deadline_delay - for how long to arm a wheel timer
 * @deadline: has not passed, and is not never
 * @now: mcpeer_deadline_now()
 *
 * A long delay is cut by a seventh, a bit more than the wheel may add, so
 * that the timer fires before the deadline and is armed again for what then
 * remains: 35 s take four steps, of which the last meets the tick.
 *
 * Return: ticks to add to jiffies for mod_timer().
 */
static inline unsigned long mcpeer_deadline_delay(u64 deadline, u64 now)
{
	u64 ticks = div_u64(deadline - now - MCPEER_DEADLINE_SLOP - 1,
			    TICK_NSEC) + 1;

	/* A timer for the next n ticks fires at the end of tick n + 1. */
	if (ticks <= MCPEER_WHEEL_EXACT)
		return ticks - 1;
	return min_t(u64, ticks - div_u64(ticks, 7), MAX_JIFFY_OFFSET);
}

/**
 * mcpeer_deadline_arm - arm a wheel timer, or arm it anew
 * @timer: the timer
 * @expires: jiffies and mcpeer_deadline_delay(), or less
 *
 * mod_timer() does nothing where the timer is armed for that tick already, and
 * so leaves it as late as the wheel made it for the delay of then, which may
 * have been a far longer one: it is taken from the wheel first.
 *
 * Context: Any, under the lock that guards the timer.
 */
static inline void mcpeer_deadline_arm(struct timer_list *timer,
				       unsigned long expires)
{
	if (timer->expires == expires)
		timer_delete(timer);
	mod_timer(timer, expires);
}

/**
 * mcpeer_deadline_lateness - how late a wheel timer may fire
 * @ticks: the delay that it is armed with
 *
 * Return: the granularity of the wheel's level for that delay, in ticks.
 */
static inline unsigned long mcpeer_deadline_lateness(unsigned long ticks)
{
	unsigned long granularity = 1;

	while (ticks >= MCPEER_WHEEL_EXACT * granularity)
		granularity *= 8;
	return granularity;
}

/**
 * mcpeer_deadline_gather - have wheel timers of few run together
 * @ticks: mcpeer_deadline_delay()
 * @now: jiffies
 *
 * What goes wrong with many, see mcpeer_deadline_spread(), is good with few:
 * each time they run together a wake-up is spared. So a long delay ends up to a
 * quarter earlier, at a multiple of a power of two: at HZ=250 of 4 s for the
 * 30 s that a peer's first step takes. The wheel has them run there from
 * whatever level, as it rounds up from the tick before.
 *
 * Context: Any.
 * Return: ticks, at least three quarters as many.
 */
static inline unsigned long mcpeer_deadline_gather(unsigned long ticks,
						   unsigned long now)
{
	if (ticks < MCPEER_WHEEL_ROUGH)
		return ticks;
	return ticks - 1 -
	       ((now + ticks) & (rounddown_pow_of_two(ticks / 4) - 1));
}

/**
 * mcpeer_deadline_spread - keep one of many wheel timers from the others
 * @ticks: mcpeer_deadline_delay()
 * @number: the timer's own, any of 32 bits
 *
 * Timers with so long a delay that the wheel may be 512 ticks late run at once
 * if they are due within these, 2 s at HZ=250: one softirq may run thousands.
 *
 * Context: Any.
 * Return: ticks, at least half as many.
 */
static inline unsigned long mcpeer_deadline_spread(unsigned long ticks,
						   u32 number)
{
	if (ticks < MCPEER_WHEEL_ROUGH)
		return ticks;
	return ticks - reciprocal_scale(number,
					min_t(u64, ticks / 2, U32_MAX));
}

#endif /* MCPEER_DEADLINE_H */
