/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Judges what the kernel tells of peers by what was asked of it.
 *
 * The kernel numbers its events in the order in which its table changed. Each
 * registration has a value of its own, the stamp, so that each that is accepted
 * makes an event, which carries it. And with each end of a peer the kernel says
 * for how long nothing was heard of it. So whatever met, and however slow the
 * machine is, it shows whether any of it was lost; no clock of ours plays a
 * part in that.
 */
#ifndef MCPEER_RACE_REFEREE_H
#define MCPEER_RACE_REFEREE_H

#include <stdatomic.h>
#include "family.h"

/**
 * enum kind - what may happen to a name
 * @TIMED: registered for milliseconds, unregistered; expires by itself
 * @FORCED: registered for ever, unregistered, expired by request
 * @HEARD: announced; expires by itself
 * @DRIVEN: announced, expired by request, too
 * @MIXED: announced, registered for milliseconds, unregistered
 * @OWNED: as TIMED, but by one thread only, which knows what to expect
 * @STEADY: registered for ever
 * @LAST: registered to end the game
 * @KINDS: number of kinds
 */
enum kind { TIMED, FORCED, HEARD, DRIVEN, MIXED, OWNED, STEADY, LAST, KINDS };

/* Names of a kind, and threads, at most. */
#define NAMES		512
#define PLAYERS		64
/* Registrations of a thread. */
#define STAMPS		0x200000

/* Names are known by number. */
#define NAME(kind, index)	((kind) * NAMES + (index))
#define KIND(name)		((enum kind)((name) / NAMES))

/**
 * struct record - what is known of a name
 * @present: by the last event
 * @local: by the last event; registered, not heard
 * @stamp: by the last event
 * @joins: events of joining so far
 * @leaves: events of leaving
 * @expires: events of expiry
 * @heard: datagrams, by the events of expiry
 * @announced: datagrams that were sent
 * @unregistered: requests that succeeded
 * @expired: requests that succeeded
 * @sights: in this dump
 * @seen: stamp with which it was last seen in this dump
 */
struct record {
	atomic_bool present;
	bool local;
	uint64_t stamp;
	atomic_ulong joins;
	unsigned long leaves;
	unsigned long expires;
	atomic_ulong heard;
	atomic_ulong announced;
	atomic_ulong unregistered;
	atomic_ulong expired;
	unsigned int sights;
	uint64_t seen;
};

/**
 * struct referee - all that is known
 * @expiry: of what is announced, milliseconds
 * @records: by name
 * @accepted: by player and number of the stamp: the kernel took it
 * @told: by player and number of the stamp: there was an event with it
 * @seq: number of the last event
 * @events: number of them
 * @dumps: number of dumps
 * @over: the game is
 * @wrong: number of complaints
 */
struct referee {
	uint64_t expiry;
	struct record records[KINDS * NAMES];
	unsigned char *accepted[PLAYERS];
	unsigned char *told[PLAYERS];
	uint64_t seq;
	unsigned long events;
	atomic_ulong dumps;
	volatile bool over;
	atomic_ulong wrong;
};

/* A stamp says who gave it, and for how many milliseconds. */
static inline uint64_t stamp_make(unsigned int player, uint64_t number,
				  unsigned int lifetime)
{
	return (uint64_t)(player + 1) << 48 | number << 20 | lifetime;
}

void referee_spell(unsigned int name, char text[16]);
void referee_complain(struct referee *referee, unsigned int name,
		      const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void referee_accept(struct referee *referee, uint64_t stamp);
void referee_event(uint64_t seq, unsigned int type, const struct sight *sight,
		   void *ctx);
void referee_see(const struct sight *sight, void *ctx);
void referee_end_dump(struct referee *referee, unsigned int steady);
bool referee_settled(const struct referee *referee);
void referee_judge(struct referee *referee);

#endif
