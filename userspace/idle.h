/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_IDLE_H
#define MCPEER_IDLE_H

#include <stdbool.h>

#define MCPEER_IDLE_FOREVER	(-1)

/* What ends a wait that would go on for ever. */
enum mcpeer_idle_end {
	MCPEER_IDLE_READY,	/* nothing did: there is something to do */
	MCPEER_IDLE_STOPPED,	/* SIGINT or SIGTERM */
	MCPEER_IDLE_UNREAD,	/* the reader of our output has gone */
};

/**
 * struct mcpeer_idle_source - something to wait for
 * @fd: where it can be read
 * @ready: set when it can be; cleared by whoever reads it
 */
struct mcpeer_idle_source {
	int fd;
	bool ready;
};

int mcpeer_idle_begin(void);
int mcpeer_idle_watch(struct mcpeer_idle_source *source);
enum mcpeer_idle_end mcpeer_idle_wait(int timeout_ms);
enum mcpeer_idle_end mcpeer_idle_until_writable(void);

#endif
