// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <linux/mcpeer.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "referee.h"

/* Nobody reads more. */
#define COMPLAINTS	8

static const char letters[] = "tfhdmosz";

/**
 * referee_spell - the text of a name
 * @name: its number
 * @text: set
 */
void referee_spell(unsigned int name, char text[16])
{
	snprintf(text, 16, "%c%u", letters[KIND(name)], name % NAMES);
}

/* The number of a name, or -1 if it is none of ours. */
static int read_name(const char *text)
{
	const char *letter = *text ? strchr(letters, *text) : NULL;
	char *end;
	unsigned long index;

	if (!letter)
		return -1;
	index = strtoul(text + 1, &end, 10);
	return *end || index >= NAMES ? -1 : (int)NAME(letter - letters, index);
}

/**
 * referee_complain - something is not as it has to be
 * @referee: counts
 * @name: about whom
 * @format: what
 */
void referee_complain(struct referee *referee, unsigned int name,
		      const char *format, ...)
{
	char text[16], what[200];
	va_list args;

	if (referee->wrong++ >= COMPLAINTS)
		return;
	referee_spell(name, text);
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	printf("%s: %s\n", text, what);
}

/* The place of a stamp in such a list; NULL if nobody gave it. */
static unsigned char *place_of(unsigned char *const lists[PLAYERS],
			       uint64_t stamp)
{
	const uint64_t player = (stamp >> 48) - 1;
	const uint64_t number = stamp >> 20 & (STAMPS - 1);

	if (player >= PLAYERS || !lists[player])
		return NULL;
	return &lists[player][number];
}

/**
 * referee_accept - the kernel took a registration
 * @referee: notes it
 * @stamp: its value
 */
void referee_accept(struct referee *referee, uint64_t stamp)
{
	unsigned char *accepted = place_of(referee->accepted, stamp);

	if (accepted)
		*accepted = 1;
}

/* A registration shows once, as the value of one who joins or changes. */
static void note_stamp(struct referee *referee, unsigned int name,
		       const struct sight *sight)
{
	unsigned char *told = place_of(referee->told, sight->stamp);

	if (!told)
		referee_complain(referee, name, "nobody gave it the value %"
				 PRIx64, sight->stamp);
	else if (*told)
		referee_complain(referee, name, "is told again of value %"
				 PRIx64, sight->stamp);
	else
		*told = 1;
}

/*
 * Who expires by himself has lived for as long as was promised when he was
 * last heard, or registered.
 */
static void judge_expiry(struct referee *referee, unsigned int name,
			 const struct sight *sight)
{
	const uint64_t least = sight->local ? sight->stamp & 0xfffff :
					      referee->expiry;

	switch (KIND(name)) {
	case FORCED:
	case DRIVEN:
		return;
	case STEADY:
		referee_complain(referee, name, "expired");
		return;
	default:
		if (sight->silent < least)
			referee_complain(referee, name, "expired after %" PRIu64
					 " ms of silence, not %" PRIu64,
					 sight->silent, least);
	}
}

static void note_end(struct referee *referee, unsigned int name,
		     unsigned int type, const struct sight *sight)
{
	struct record *record = &referee->records[name];

	if (sight->stamp != record->stamp || sight->local != record->local)
		referee_complain(referee, name, "value %" PRIx64
				 " ends, but it had %" PRIx64, sight->stamp,
				 record->stamp);
	record->present = false;
	if (type == MCPEER_EVENT_TYPE_LEAVE) {
		record->leaves++;
		return;
	}
	record->expires++;
	record->heard += sight->heard;
	judge_expiry(referee, name, sight);
}

/**
 * referee_event - judge an event
 * @seq: its number
 * @type: enum mcpeer_event_type
 * @sight: the peer
 * @ctx: struct referee
 *
 * Nothing is missing, a name joins when it is absent, and everything else
 * happens to who is present.
 */
void referee_event(uint64_t seq, unsigned int type, const struct sight *sight,
		   void *ctx)
{
	struct referee *referee = ctx;
	int name = read_name(sight->name);
	const bool joins = type == MCPEER_EVENT_TYPE_JOIN;
	struct record *record;

	if (referee->events++ && seq != referee->seq + 1)
		referee_complain(referee, name < 0 ? 0 : name,
				 "event %" PRIu64 " follows %" PRIu64, seq,
				 referee->seq);
	referee->seq = seq;
	if (name < 0)
		return;
	record = &referee->records[name];
	if (record->present == joins)
		referee_complain(referee, name, "event %" PRIu64
				 " is of type %u while it is %s", seq, type,
				 joins ? "present" : "absent");
	switch (type) {
	case MCPEER_EVENT_TYPE_JOIN:
	case MCPEER_EVENT_TYPE_UPDATE:
		if (sight->local)
			note_stamp(referee, name, sight);
		record->local = sight->local;
		record->stamp = sight->stamp;
		record->present = true;
		record->joins += joins;
		break;
	default:
		note_end(referee, name, type, sight);
		break;
	}
	if (KIND(name) == LAST)
		referee->over = true;
}

/**
 * referee_see - note a peer of a dump
 * @sight: the peer
 * @ctx: struct referee
 *
 * Who comes and goes may be there once for each of his lives, but each of them
 * has another value.
 */
void referee_see(const struct sight *sight, void *ctx)
{
	struct referee *referee = ctx;
	int name = read_name(sight->name);
	struct record *record;

	if (name < 0)
		return;
	record = &referee->records[name];
	if (record->sights++ && sight->local && record->seen == sight->stamp)
		referee_complain(referee, name, "twice in a dump, with value %"
				 PRIx64, sight->stamp);
	record->seen = sight->stamp;
}

/**
 * referee_end_dump - judge a dump: who is there all the time is in it once
 * @referee: was shown all of it
 * @steady: how many are there all the time
 */
void referee_end_dump(struct referee *referee, unsigned int steady)
{
	unsigned int name;

	for (name = NAME(STEADY, 0); name < NAME(STEADY, steady); name++)
		if (referee->records[name].sights != 1)
			referee_complain(referee, name, "%u times in dump %lu",
					 referee->records[name].sights,
					 referee->dumps);
	for (name = 0; name < KINDS * NAMES; name++)
		referee->records[name].sights = 0;
	referee->dumps++;
}

/* Each datagram that was sent belongs to the life of a peer. */
static bool heard_all(const struct referee *referee, unsigned int name)
{
	const struct record *record = &referee->records[name];

	return (KIND(name) != HEARD && KIND(name) != DRIVEN) ||
	       record->heard == record->announced;
}

/**
 * referee_settled - have all expired who do so by themselves?
 * @referee: was told the events so far
 *
 * Return: true if they have.
 */
bool referee_settled(const struct referee *referee)
{
	unsigned int name;

	for (name = 0; name < KINDS * NAMES; name++) {
		if (!heard_all(referee, name))
			return false;
		if (referee->records[name].present && KIND(name) != FORCED &&
		    KIND(name) != STEADY)
			return false;
	}
	return true;
}

static void judge_stamps(struct referee *referee, unsigned int player)
{
	size_t number;

	for (number = 0; number < STAMPS; number++) {
		if (referee->accepted[player][number] ==
		    referee->told[player][number])
			continue;
		referee_complain(referee, NAME(LAST, 0),
				 "registration %zu of thread %u was %s", number,
				 player, referee->told[player][number] ?
				 "refused, and happened" :
				 "accepted, and is lost");
	}
}

/**
 * referee_judge - judge what can be judged only in the end
 * @referee: was told everything
 *
 * Each request that was accepted had its effect, and nothing else had one.
 */
void referee_judge(struct referee *referee)
{
	const struct record *record;
	unsigned int name, player;

	for (player = 0; player < PLAYERS; player++)
		if (referee->accepted[player])
			judge_stamps(referee, player);
	for (name = 0; name < KINDS * NAMES; name++) {
		record = &referee->records[name];
		if (!heard_all(referee, name))
			referee_complain(referee, name,
					 "announced %lu times, heard %lu",
					 record->announced, record->heard);
		if (record->leaves != record->unregistered)
			referee_complain(referee, name,
					 "unregistered %lu times, left %lu",
					 record->unregistered, record->leaves);
		if (KIND(name) == FORCED ? record->expires != record->expired :
					   record->expires < record->expired)
			referee_complain(referee, name,
					 "made expire %lu times, expired %lu",
					 record->expired, record->expires);
	}
}
