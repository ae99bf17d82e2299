/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_IDLE_H
#define MCPEER_IDLE_H

#include <poll.h>

#define MCPEER_IDLE_FOREVER	(-1)

/* What ends a wait that would go on for ever. */
enum mcpeer_idle_end {
	MCPEER_IDLE_READY,	/* nothing did: there is something to do */
	MCPEER_IDLE_STOPPED,	/* SIGINT or SIGTERM */
	MCPEER_IDLE_UNREAD,	/* the reader of our output has gone */
};

int mcpeer_idle_begin(void);
enum mcpeer_idle_end mcpeer_idle_wait(const int *fds, int count,
				      int timeout_ms);
enum mcpeer_idle_end mcpeer_idle_until_writable(void);

#endif
