/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_FOLLOW_H
#define MCPEER_FOLLOW_H

#include "client.h"

/* From the next event on. */
#define MCPEER_FOLLOW_NOW	UINT64_MAX

/* Why events can no longer be had. */
enum mcpeer_follow_reason {
	MCPEER_FOLLOW_BEFORE,	/* they are older than the journal */
	MCPEER_FOLLOW_OVERRUN,	/* they happened faster than they were read */
	MCPEER_FOLLOW_MEMORY,	/* the kernel had no memory for them */
};

/**
 * struct mcpeer_follower - who wants events
 * @event: gets each event, in the order of their numbers
 * @lost: gets the numbers of events that cannot be had any more, in place
 * @early: the first number asked for has not been given yet: @last was. From
 *	there the events are followed.
 * @trouble: the journal cannot be read just now, it will be tried again
 * @arg: for all of them
 *
 * What @event or @lost returns ends the following, unless it is 0.
 */
struct mcpeer_follower {
	int (*event)(const struct mcpeer_event_info *event, void *arg);
	int (*lost)(uint64_t first, uint64_t last,
		    enum mcpeer_follow_reason reason, void *arg);
	void (*early)(uint64_t last, void *arg);
	void (*trouble)(int err, void *arg);
	void *arg;
};

/* What mcpeer_follow_run() returns besides errors and what @event returns. */
enum mcpeer_follow_end {
	MCPEER_FOLLOW_STOPPED = 0x1000,	/* by a signal */
	MCPEER_FOLLOW_UNREAD,		/* nobody reads our output any more */
	MCPEER_FOLLOW_UNLOADED,		/* the module is gone */
};

int mcpeer_follow_run(struct mcpeer_client *client, uint64_t since,
		      const struct mcpeer_follower *follower);

#endif
