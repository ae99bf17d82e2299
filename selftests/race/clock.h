/* SPDX-License-Identifier: GPL-2.0 */
/* Times are nanoseconds of the clock that only moves on. */
#ifndef MCPEER_RACE_CLOCK_H
#define MCPEER_RACE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define MSEC	INT64_C(1000000)
#define SEC	(1000 * MSEC)

static inline int64_t clock_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * SEC + time.tv_nsec;
}

/* Deadlines are kept by a clock that ticks, and timers run behind a tick. */
static inline int64_t clock_end_of(unsigned int lifetime)
{
	struct timespec tick, time;

	clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
	clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
	return time.tv_sec * SEC + time.tv_nsec + tick.tv_nsec +
	       lifetime * MSEC;
}

static inline void clock_wait(int64_t when)
{
	const struct timespec time = { when / SEC, when % SEC };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

#endif
