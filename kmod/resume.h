/* SPDX-License-Identifier: GPL-2.0 */
/* What a group does when the machine wakes up. */
#ifndef MCPEER_RESUME_H
#define MCPEER_RESUME_H

#include <linux/notifier.h>
#include <linux/workqueue.h>

struct mcpeer_announce;
struct mcpeer_table;

/**
 * struct mcpeer_resume - how a group learns that the machine woke up
 * @queue: for @sweep; constant, as are the two below
 * @table: is swept
 * @announce: announces at once
 * @pm: tells of it
 * @sweep: does both
 */
struct mcpeer_resume {
	struct workqueue_struct *queue;
	struct mcpeer_table *table;
	struct mcpeer_announce *announce;
	struct notifier_block pm;
	struct work_struct sweep;
};

int mcpeer_resume_start(struct mcpeer_resume *resume);
void mcpeer_resume_stop(struct mcpeer_resume *resume);

#endif /* MCPEER_RESUME_H */
