// SPDX-License-Identifier: GPL-2.0
/*
 * Every event once, in the order of its number, or word of its loss.
 *
 * The kernel numbers events without gaps and keeps the last ones in a
 * journal. Events are taken as they happen; a number that is missing, or an
 * overrun of the socket, sends us to the journal; what is not there either is
 * lost.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "events.h"
#include "follow.h"
#include "idle.h"

#define RETRY_MS	1000
/* Reads of several events each. */
#define DRAIN_MAX	16

/**
 * struct follow - the state of following
 * @client: to read the journal
 * @events: as they happen
 * @follower: who wants them
 * @next: number of the event that is to come next
 * @held: an event in hand while those before it are read from the journal
 * @known_lost: how many events the kernel could not keep, as we know
 * @reason: why what the journal does not have is lost
 * @waiting: whether events wait
 * @end_waiting: whether word of the module's end may wait
 * @ended: the module was unloaded, the last events wait
 * @overrun: events were lost between the kernel and us
 * @troubled: the journal could not be read
 * @end: what the follower returned to end it
 */
struct follow {
	struct mcpeer_client *client;
	struct mcpeer_events *events;
	const struct mcpeer_follower *follower;
	uint64_t next;
	const struct mcpeer_event_info *held;
	uint64_t known_lost;
	enum mcpeer_follow_reason reason;
	struct mcpeer_idle_source waiting;
	struct mcpeer_idle_source end_waiting;
	bool ended;
	bool overrun;
	bool troubled;
	int end;
};

/* Gives up the events before @end that did not come. */
static int skip_to(struct follow *f, uint64_t end)
{
	uint64_t first = f->next;

	if (first >= end)
		return 0;
	f->next = end;
	f->end = f->follower->lost(first, end - 1, f->reason,
				   f->follower->arg);
	return f->end;
}

static int deliver(struct follow *f, const struct mcpeer_event_info *event)
{
	int err;

	if (event->seq < f->next)
		return 0;
	err = skip_to(f, event->seq);
	if (err)
		return err;
	f->next = event->seq + 1;
	f->end = f->follower->event(event, f->follower->arg);
	return f->end;
}

static int on_kept_event(const struct mcpeer_event_info *event, void *arg)
{
	const struct mcpeer_event_info *held;
	struct follow *f = arg;
	int err;

	held = f->held;
	if (held && held->seq < event->seq) {
		err = deliver(f, held);
		if (err)
			return err;
	}
	return deliver(f, event);
}

/* The kernel's count of events it had no memory for names the culprit. */
static void find_reason(struct follow *f,
			const struct mcpeer_journal_info *journal)
{
	if (f->reason == MCPEER_FOLLOW_BEFORE)
		return;
	f->reason = MCPEER_FOLLOW_OVERRUN;
	if (journal->lost > f->known_lost && journal->first <= f->next)
		f->reason = MCPEER_FOLLOW_MEMORY;
	f->known_lost = journal->lost;
}

/* Reads what is missing from the journal, and all that is newer. */
static int catch_up(struct follow *f)
{
	struct mcpeer_journal_info journal;
	int err;

	err = mcpeer_client_get_journal(f->client, &journal);
	if (!err) {
		find_reason(f, &journal);
		if (journal.seq >= f->next)
			err = mcpeer_client_replay(f->client, f->next,
						   on_kept_event, f);
	}
	if (!err && f->held)
		err = deliver(f, f->held);
	if (!err)
		err = skip_to(f, journal.seq + 1);

	/* Until it works out, this is tried again and again. */
	f->overrun = err;
	if (err && !f->end && !f->troubled)
		f->follower->trouble(err, f->follower->arg);
	f->troubled = err;
	return f->end;
}

static int on_event(const struct mcpeer_event_info *event, void *arg)
{
	struct follow *f = arg;
	bool overrun = f->overrun;

	if (event->seq <= f->next)
		return deliver(f, event);
	f->held = event;
	catch_up(f);
	f->held = NULL;
	/* More may have been dropped behind all that waits, see below. */
	f->overrun |= overrun;
	return f->end;
}

/* Reads some events; @empty is set if none waited. */
static int take(struct follow *f, bool *empty)
{
	int err = mcpeer_events_read(f->events, on_event, f);

	*empty = err == -EAGAIN;
	if (f->end)
		return f->end;
	if (err == -ENOBUFS || err == -ENOMEM)
		f->overrun = true;
	else if (err && !*empty)
		return err;
	return 0;
}

/* Reads all events that wait, but not for ever: signals wait too. */
static int drain(struct follow *f, bool *empty)
{
	int err = 0, i;

	*empty = false;
	for (i = 0; !err && !*empty && i < DRAIN_MAX; i++)
		err = take(f, empty);
	return err;
}

static int watch(struct follow *f)
{
	int err;

	f->waiting.fd = mcpeer_events_fd(f->events);
	f->end_waiting.fd = mcpeer_events_end_fd(f->events);
	err = mcpeer_idle_watch(&f->waiting);
	return err ? err : mcpeer_idle_watch(&f->end_waiting);
}

static int begin(struct follow *f, uint64_t since)
{
	struct mcpeer_journal_info journal;
	int err;

	err = mcpeer_events_open(f->client, &f->events);
	if (!err)
		err = watch(f);
	if (!err)
		err = mcpeer_client_get_journal(f->client, &journal);
	if (err)
		return err == -ENOENT ? MCPEER_FOLLOW_UNLOADED : err;

	f->known_lost = journal.lost;
	f->next = journal.seq + 1;
	if (since == MCPEER_FOLLOW_NOW)
		return 0;
	if (since > f->next) {
		f->follower->early(journal.seq, f->follower->arg);
		return 0;
	}
	f->next = since ? since : 1;
	f->reason = MCPEER_FOLLOW_BEFORE;
	err = catch_up(f);
	f->reason = MCPEER_FOLLOW_OVERRUN;
	return err;
}

/* Once events are missing, or no more come, all that wait are read first. */
static int finish_round(struct follow *f)
{
	bool empty;
	int err = drain(f, &empty);

	if (!err && empty && f->ended)
		return MCPEER_FOLLOW_UNLOADED;
	/* Only what comes after the last one that waited was dropped. */
	if (!err && empty && f->overrun)
		err = catch_up(f);
	return err;
}

/* One round: there is a sleep, then what woke us is handled. */
static int go_on(struct follow *f)
{
	bool empty;
	int err = 0;

	f->waiting.ready = false;
	f->end_waiting.ready = false;
	switch (mcpeer_idle_wait(f->overrun || f->ended ? RETRY_MS :
				 MCPEER_IDLE_FOREVER)) {
	case MCPEER_IDLE_STOPPED:
		return MCPEER_FOLLOW_STOPPED;
	case MCPEER_IDLE_UNREAD:
		return MCPEER_FOLLOW_UNREAD;
	default:
		break;
	}
	/* Asked first: all events from before the end are there then. */
	if (f->end_waiting.ready)
		err = mcpeer_events_ended(f->events, &f->ended);
	if (!err && f->waiting.ready)
		err = take(f, &empty);
	if (!err && (f->ended || f->overrun))
		err = finish_round(f);
	return err;
}

/**
 * mcpeer_follow_run - follow the events of the network namespace
 * @client: a connection; mcpeer_idle_begin() has been called
 * @since: number of the first event wanted, or MCPEER_FOLLOW_NOW
 * @follower: who gets them
 *
 * Return: enum mcpeer_follow_end, what @follower ended it with, or a negative
 * error number.
 */
int mcpeer_follow_run(struct mcpeer_client *client, uint64_t since,
		      const struct mcpeer_follower *follower)
{
	struct follow f = {
		.client = client,
		.follower = follower,
		.reason = MCPEER_FOLLOW_OVERRUN,
	};
	int err;

	err = begin(&f, since);
	while (!err)
		err = go_on(&f);
	mcpeer_events_close(f.events);
	return err;
}
