// SPDX-License-Identifier: GPL-2.0
/*
 * Timers stand still while the machine is suspended, deadlines do not: peers
 * that fell silent meanwhile are overdue, and others may have given us up.
 */
#include <linux/suspend.h>
#include "announce.h"
#include "lifetime.h"
#include "resume.h"

static void mcpeer_resume_sweep(struct work_struct *work)
{
	struct mcpeer_resume *resume =
		container_of(work, struct mcpeer_resume, sweep);

	mcpeer_announce_now(resume->announce);
	mcpeer_lifetime_sweep(resume->table);
}

static int mcpeer_resume_event(struct notifier_block *nb, unsigned long event,
			       void *ptr)
{
	struct mcpeer_resume *resume =
		container_of(nb, struct mcpeer_resume, pm);

	if (event == PM_POST_SUSPEND || event == PM_POST_HIBERNATION)
		queue_work(resume->queue, &resume->sweep);
	return NOTIFY_DONE;
}

/**
 * mcpeer_resume_start - sweep and announce when the machine wakes up
 * @resume: zeroed, with queue, table and announce set
 *
 * Context: Process context, may sleep.
 * Return: 0 or a negative error number.
 */
int mcpeer_resume_start(struct mcpeer_resume *resume)
{
	INIT_WORK(&resume->sweep, mcpeer_resume_sweep);
	resume->pm.notifier_call = mcpeer_resume_event;
	return register_pm_notifier(&resume->pm);
}

/**
 * mcpeer_resume_stop - do so no more
 * @resume: was started
 *
 * Context: Process context, sleeps.
 */
void mcpeer_resume_stop(struct mcpeer_resume *resume)
{
	unregister_pm_notifier(&resume->pm);
	cancel_work_sync(&resume->sweep);
}
