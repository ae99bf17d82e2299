// SPDX-License-Identifier: GPL-2.0
#include <linux/spinlock.h>
#include "alarm.h"
#include "compat.h"
#include "deadline.h"
#include "event.h"

static u64 mcpeer_alarm_until(const struct mcpeer_alarm *alarm)
{
	return mcpeer_deadline_after(alarm->happened, alarm->lifetime);
}

static void mcpeer_alarm_arm(struct mcpeer_alarm *alarm, u64 now)
{
	u64 until = mcpeer_alarm_until(alarm);
	unsigned long delay = 0;

	lockdep_assert_held(alarm->lock);

	if (!mcpeer_deadline_passed(until, now))
		delay = mcpeer_deadline_delay(until, now);
	mcpeer_deadline_arm(&alarm->timer, jiffies + delay);
}

/**
 * mcpeer_alarm_prolong - it happens, perhaps again
 * @alarm: the alarm
 * @lifetime: for how long it lasts unless it happens again, nanoseconds
 *
 * Context: Any, under the table's lock.
 * Return: true if this is the begin, for mcpeer_alarm_raise().
 */
bool mcpeer_alarm_prolong(struct mcpeer_alarm *alarm, u64 lifetime)
{
	bool shorter = lifetime < alarm->lifetime;

	lockdep_assert_held(alarm->lock);

	alarm->happened = mcpeer_deadline_now();
	alarm->lifetime = lifetime;
	/* A timer that runs too early sees to itself, but not one too late. */
	if (alarm->raised && shorter)
		mcpeer_alarm_arm(alarm, alarm->happened);
	return !alarm->raised;
}

/**
 * mcpeer_alarm_raise - tell that it has begun
 * @alarm: not raised, and prolonged
 * @info: what to tell; copied
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_alarm_raise(struct mcpeer_alarm *alarm,
			const struct mcpeer_peer_info *info)
{
	lockdep_assert_held(alarm->lock);

	alarm->raised = true;
	alarm->info = *info;
	alarm->name_len = info->name.len;
	memcpy(alarm->name, info->name.at, info->name.len);
	alarm->info.name.at = alarm->name;
	mcpeer_alarm_arm(alarm, alarm->happened);
	mcpeer_event_emit(alarm->journal, alarm->begin, &alarm->info,
			  alarm->happened);
}

/**
 * mcpeer_alarm_end - it has ended, by itself or for a reason
 * @alarm: the alarm; nothing happens if it is not raised
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_alarm_end(struct mcpeer_alarm *alarm)
{
	u64 now;

	lockdep_assert_held(alarm->lock);

	if (!alarm->raised)
		return;
	now = mcpeer_deadline_now();
	alarm->raised = false;
	timer_delete(&alarm->timer);
	alarm->info.path[0].silent =
		div_u64(mcpeer_deadline_since(alarm->happened, now),
			NSEC_PER_MSEC);
	alarm->info.expires_in = 0;
	mcpeer_event_emit(alarm->journal, alarm->end, &alarm->info, now);
}

/**
 * mcpeer_alarm_look - end an alarm whose time has come, or look again later
 * @alarm: the alarm
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_alarm_look(struct mcpeer_alarm *alarm)
{
	u64 now = mcpeer_deadline_now();

	lockdep_assert_held(alarm->lock);

	if (!alarm->raised)
		return;
	if (mcpeer_deadline_passed(mcpeer_alarm_until(alarm), now))
		mcpeer_alarm_end(alarm);
	else
		mcpeer_alarm_arm(alarm, now);
}

static void mcpeer_alarm_timer(struct timer_list *timer)
{
	struct mcpeer_alarm *alarm = timer_container_of(alarm, timer, timer);

	spin_lock(alarm->lock);
	mcpeer_alarm_look(alarm);
	spin_unlock(alarm->lock);
}

/**
 * mcpeer_alarm_init - make an alarm that is not raised
 * @alarm: zeroed
 * @lock: of the table
 * @journal: hears of its begin and end
 * @begin: enum mcpeer_event_type of its begin
 * @end: of its end
 *
 * Context: Any.
 */
void mcpeer_alarm_init(struct mcpeer_alarm *alarm, spinlock_t *lock,
		       struct mcpeer_journal *journal, u32 begin, u32 end)
{
	timer_setup(&alarm->timer, mcpeer_alarm_timer, 0);
	alarm->lock = lock;
	alarm->journal = journal;
	alarm->begin = begin;
	alarm->end = end;
}

/**
 * mcpeer_alarm_stop - let it never end or begin again, untold
 * @alarm: nobody raises it any more
 *
 * Context: Process context, sleeps.
 */
void mcpeer_alarm_stop(struct mcpeer_alarm *alarm)
{
	timer_shutdown_sync(&alarm->timer);
}
