/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events: what changed, numbered, kept in a journal and sent to whoever
 * listens. One journal for each network namespace.
 */
#ifndef MCPEER_EVENT_H
#define MCPEER_EVENT_H

#include <linux/spinlock.h>
#include "attrs.h"

struct genl_family;
struct mcpeer_event;
struct net;

/**
 * struct mcpeer_journal - the events of a network namespace
 * @lock: guards all below, and that events are sent in their order
 * @net: the namespace
 * @family: sends the events; set once
 * @seq: number of the last event, 0 before the first
 * @lost: events that could not be recorded
 * @ring: the last events, each at its number modulo MCPEER_JOURNAL_SIZE; NULL
 *	until mcpeer_event_open(). An entry is NULL where there is none.
 */
struct mcpeer_journal {
	spinlock_t lock; /* guards all below */
	struct net *net;
	const struct genl_family *family;
	u64 seq;
	u64 lost;
	struct mcpeer_event **ring;
};

void mcpeer_event_init(struct mcpeer_journal *journal, struct net *net,
		       const struct genl_family *family);
int mcpeer_event_open(struct mcpeer_journal *journal);
void mcpeer_event_close(struct mcpeer_journal *journal);
void mcpeer_event_unmute(void);
void mcpeer_event_mute(void);

void mcpeer_event_emit(struct mcpeer_journal *journal, u32 type,
		       const struct mcpeer_peer_info *peer, u64 now);
int mcpeer_event_dump(struct mcpeer_journal *journal, u64 *next,
		      int (*put)(const struct mcpeer_event_info *event,
				 void *ctx), void *ctx);
void mcpeer_event_reach(struct mcpeer_journal *journal, u64 *seq, u64 *first,
			u64 *lost);

#endif /* MCPEER_EVENT_H */
