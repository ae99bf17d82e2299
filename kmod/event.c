// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include "deadline.h"
#include "event.h"
#include "trace.h"

/* The family has this one multicast group, "events". */
#define MCPEER_EVENT_MCGRP	0

/* Set while the module loads and unloads: the family may not be used. */
static bool mcpeer_event_muted = true;

/**
 * struct mcpeer_event - an event in the journal
 * @seq: its number
 * @at: when it happened, in nanoseconds of coarse boot time; of two groups the
 *	later number may be of the earlier moment, by as long as they took turns
 * @type: enum mcpeer_event_type
 * @room: how many bytes of memory there are
 * @peer: the peer as it was
 *
 * There is memory for the paths that the peer has, most often one. Its texts
 * lie behind the last: group, name and value.
 */
struct mcpeer_event {
	u64 seq;
	u64 at;
	u32 type;
	u32 room;
	struct mcpeer_peer_info peer;
};

/* Events take memory in steps of so much: few differ in more than a name. */
#define MCPEER_EVENT_STEP	64

static char *mcpeer_event_keep(struct mcpeer_text *text, char *room)
{
	if (!text->at)
		return room;
	memcpy(room, text->at, text->len);
	text->at = room;
	return room + text->len;
}

/* The memory of the event that has to go, which nearly always is enough. */
static struct mcpeer_event *mcpeer_event_room(struct mcpeer_event *old,
					      size_t len)
{
	struct mcpeer_event *event;

	if (old && old->room >= len)
		return old;
	kfree(old);
	len = ALIGN(len, MCPEER_EVENT_STEP);
	event = kmalloc(len, GFP_ATOMIC | __GFP_NOWARN);
	if (event)
		event->room = len;
	return event;
}

/* An event in the place of an old one, or NULL. */
static struct mcpeer_event *
mcpeer_event_record(struct mcpeer_event *old, u64 seq, u32 type,
		    const struct mcpeer_peer_info *peer, u64 now)
{
	size_t known = offsetof(struct mcpeer_peer_info, path) +
		       peer->path_count * sizeof(peer->path[0]);
	size_t len = peer->group.len + peer->name.len + peer->value.len;
	struct mcpeer_event *event;
	char *room;

	event = mcpeer_event_room(old, offsetof(struct mcpeer_event, peer) +
				       known + len);
	if (!event)
		return NULL;

	event->seq = seq;
	event->at = now;
	event->type = type;
	memcpy(&event->peer, peer, known);
	room = (char *)event + offsetof(struct mcpeer_event, peer) + known;
	room = mcpeer_event_keep(&event->peer.group, room);
	room = mcpeer_event_keep(&event->peer.name, room);
	mcpeer_event_keep(&event->peer.value, room);
	return event;
}

static void mcpeer_event_describe(const struct mcpeer_event *event,
				  struct mcpeer_event_info *info)
{
	info->seq = event->seq;
	info->ago = div_u64(mcpeer_deadline_since(event->at,
						  mcpeer_deadline_now()),
			    NSEC_PER_MSEC);
	info->type = event->type;
	info->peer = &event->peer;
}

static int mcpeer_event_send(struct mcpeer_journal *journal,
			     const struct mcpeer_event *event)
{
	struct mcpeer_event_info info;
	struct sk_buff *skb;
	void *header;

	mcpeer_event_describe(event, &info);
	skb = genlmsg_new(mcpeer_attrs_event_size(&info),
			  GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return -ENOBUFS;
	header = genlmsg_put(skb, 0, 0, journal->family, 0,
			     MCPEER_CMD_EVENT_NTF);
	if (WARN_ON_ONCE(!header || mcpeer_attrs_put_event(skb, &info))) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);

	/*
	 * A listener whose buffer is full is told so by its socket, and no
	 * listener is no failure: nothing is left to be done here.
	 */
	genlmsg_multicast_netns(journal->family, journal->net, skb, 0,
				MCPEER_EVENT_MCGRP, GFP_ATOMIC);
	return 0;
}

/**
 * mcpeer_event_emit - number, keep and send an event
 * @journal: of the peer's namespace
 * @type: enum mcpeer_event_type
 * @peer: what to tell; its texts are copied
 * @now: mcpeer_deadline_now()
 *
 * The number is taken even if there is no memory to keep or send the event:
 * readers see the gap, and listeners get ENOBUFS.
 *
 * Context: Softirq, or process context with bottom halves off. Takes the
 * journal's lock, under which the message is sent: numbers never overtake
 * each other.
 */
void mcpeer_event_emit(struct mcpeer_journal *journal, u32 type,
		       const struct mcpeer_peer_info *peer, u64 now)
{
	struct mcpeer_event *event, **slot;
	int err = -ENOBUFS;

	spin_lock(&journal->lock);
	journal->seq++;
	trace_mcpeer_event(journal->seq, type, peer);
	slot = &journal->ring[journal->seq % MCPEER_JOURNAL_SIZE];
	event = mcpeer_event_record(*slot, journal->seq, type, peer, now);
	*slot = event;
	if (!event)
		journal->lost++;

	/* The mask of listeners is shared by all namespaces: only a hint. */
	if (!READ_ONCE(mcpeer_event_muted) &&
	    genl_has_listeners(journal->family, journal->net,
			       MCPEER_EVENT_MCGRP)) {
		if (event)
			err = mcpeer_event_send(journal, event);
		if (err)
			genl_set_err(journal->family, journal->net, 0,
				     MCPEER_EVENT_MCGRP, -ENOBUFS);
	}
	spin_unlock(&journal->lock);
}

/* The oldest number that can be in the ring. */
static u64 mcpeer_event_first(const struct mcpeer_journal *journal)
{
	lockdep_assert_held(&journal->lock);

	if (journal->seq < MCPEER_JOURNAL_SIZE)
		return 1;
	return journal->seq - MCPEER_JOURNAL_SIZE + 1;
}

/**
 * mcpeer_event_dump - show the events that are kept
 * @journal: the journal
 * @next: number of the first event wanted; moved behind the last one shown
 * @put: shows an event; returns non-zero if it could not
 * @ctx: for @put
 *
 * Context: Process context. Calls @put under the journal's lock, which is
 * taken for each event, as packets may be waiting for it.
 * Return: 0 when all were shown, otherwise what @put returned.
 */
int mcpeer_event_dump(struct mcpeer_journal *journal, u64 *next,
		      int (*put)(const struct mcpeer_event_info *event,
				 void *ctx), void *ctx)
{
	const struct mcpeer_event *event;
	struct mcpeer_event_info info;
	bool more;
	int err = 0;

	do {
		spin_lock_bh(&journal->lock);
		*next = max(*next, mcpeer_event_first(journal));
		more = journal->ring && *next <= journal->seq;
		event = NULL;
		if (more)
			event = journal->ring[*next % MCPEER_JOURNAL_SIZE];
		if (event) {
			mcpeer_event_describe(event, &info);
			err = put(&info, ctx);
		}
		spin_unlock_bh(&journal->lock);
		if (more && !err)
			(*next)++;
	} while (more && !err);
	return err;
}

/**
 * mcpeer_event_reach - how far does the journal reach?
 * @journal: the journal
 * @seq: set to the number of the last event, 0 for none
 * @first: set to the number of the oldest event kept
 * @lost: set to the number of events that could not be recorded
 *
 * Context: Process context.
 */
void mcpeer_event_reach(struct mcpeer_journal *journal, u64 *seq, u64 *first,
			u64 *lost)
{
	spin_lock_bh(&journal->lock);
	*seq = journal->seq;
	*first = mcpeer_event_first(journal);
	*lost = journal->lost;
	spin_unlock_bh(&journal->lock);
}

/**
 * mcpeer_event_init - make a journal that takes no events yet
 * @journal: to initialise
 * @net: its namespace
 * @family: the netlink family that has the multicast group
 *
 * Context: Process context.
 */
void mcpeer_event_init(struct mcpeer_journal *journal, struct net *net,
		       const struct genl_family *family)
{
	spin_lock_init(&journal->lock);
	journal->net = net;
	journal->family = family;
}

/**
 * mcpeer_event_open - make room for events, unless there is
 * @journal: the journal
 *
 * Apart from mcpeer_event_init() so that a namespace without groups costs
 * nothing.
 *
 * Context: Process context, may sleep. Calls are serialised by the caller.
 * Return: 0 or -ENOMEM.
 */
int mcpeer_event_open(struct mcpeer_journal *journal)
{
	struct mcpeer_event **ring;

	if (journal->ring)
		return 0;
	ring = kvcalloc(MCPEER_JOURNAL_SIZE, sizeof(*ring), GFP_KERNEL_ACCOUNT);
	if (!ring)
		return -ENOMEM;
	spin_lock_bh(&journal->lock);
	journal->ring = ring;
	spin_unlock_bh(&journal->lock);
	return 0;
}

/**
 * mcpeer_event_close - forget all events
 * @journal: nobody uses it any more
 *
 * Context: Process context.
 */
void mcpeer_event_close(struct mcpeer_journal *journal)
{
	unsigned int i;

	if (!journal->ring)
		return;
	for (i = 0; i < MCPEER_JOURNAL_SIZE; i++)
		kfree(journal->ring[i]);
	kvfree(journal->ring);
}

/**
 * mcpeer_event_unmute - send events from now on
 *
 * Those from before are in the journal; nobody could listen for them.
 *
 * Context: Process context; the family is registered.
 */
void mcpeer_event_unmute(void)
{
	WRITE_ONCE(mcpeer_event_muted, false);
}

/**
 * mcpeer_event_mute - send no event from now on
 *
 * For unloading: groups run on for a moment after the family is gone, and a
 * family's multicast groups must not be used then. Waits until each emission
 * that is under way has ended; all of them run with bottom halves off.
 *
 * Context: Process context, sleeps.
 */
void mcpeer_event_mute(void)
{
	WRITE_ONCE(mcpeer_event_muted, true);
	synchronize_net();
}
