/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An alarm: something that is told once when it begins, however often it
 * happens, and once when it has not happened for the lifetime of a peer.
 */
#ifndef MCPEER_ALARM_H
#define MCPEER_ALARM_H

#include <linux/timer.h>
#include "attrs.h"

struct mcpeer_journal;

/**
 * struct mcpeer_alarm - an alarm of a table, guarded by the table's lock
 * @timer: ends it, or looks again later
 * @lock: the table's; constant
 * @journal: hears of its begin and end; constant
 * @begin: enum mcpeer_event_type of its begin; constant
 * @end: of its end; constant
 * @raised: whether it has begun
 * @happened: when it happened last, nanoseconds of coarse boot time
 * @lifetime: for how long it lasts from then on, nanoseconds
 * @info: what was told at the begin; @name_len bytes of @name are its name
 * @name_len: length of @name
 * @name: copy of the name
 */
struct mcpeer_alarm {
	struct timer_list timer;
	spinlock_t *lock; /* guards all of the alarm */
	struct mcpeer_journal *journal;
	u32 begin;
	u32 end;
	bool raised;
	u64 happened;
	u64 lifetime;
	struct mcpeer_peer_info info;
	unsigned int name_len;
	char name[MCPEER_NAME_MAX];
};

void mcpeer_alarm_init(struct mcpeer_alarm *alarm, spinlock_t *lock,
		       struct mcpeer_journal *journal, u32 begin, u32 end);
bool mcpeer_alarm_prolong(struct mcpeer_alarm *alarm, u64 lifetime);
void mcpeer_alarm_raise(struct mcpeer_alarm *alarm,
			const struct mcpeer_peer_info *info);
void mcpeer_alarm_end(struct mcpeer_alarm *alarm);
void mcpeer_alarm_look(struct mcpeer_alarm *alarm);
void mcpeer_alarm_stop(struct mcpeer_alarm *alarm);

#endif /* MCPEER_ALARM_H */
