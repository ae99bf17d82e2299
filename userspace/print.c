// SPDX-License-Identifier: GPL-2.0
/* A peer and an event, as text and as JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "json.h"
#include "peer_json.h"
#include "peer_text.h"
#include "print.h"
#include "table.h"
#include "text.h"
#include "word.h"

static void print_path(const struct mcpeer_context *context,
		       const struct mcpeer_path_info *path)
{
	char escaped[MCPEER_TEXT_ESCAPED(MCPEER_WORD_MAX)];
	struct mcpeer_word interface, address;
	char silent[MCPEER_WORD_SECONDS_MAX];

	interface = mcpeer_word_interface(path->ifname, path->ifindex);
	address = mcpeer_word_address(&path->address);
	mcpeer_text_escape(escaped, sizeof(escaped), interface.text);
	mcpeer_word_seconds(silent, path->silent, 3, MCPEER_WORD_NOTHING);
	mcpeer_table_field(context, "path", "%s %s, silent %s",
			   mcpeer_word_or_dash(address.text),
			   mcpeer_word_or_dash(escaped), silent);
}

static int print_peer_json(const struct mcpeer_peer_info *peer)
{
	struct mcpeer_buffer line = { .bytes = NULL };

	mcpeer_peer_json_write(&line, NULL, peer);
	return mcpeer_json_print_line(&line);
}

/**
 * mcpeer_print_peer - print all that is known of one peer
 * @context: how
 * @peer: the peer
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_print_peer(const struct mcpeer_context *context,
		      const struct mcpeer_peer_info *peer)
{
	struct mcpeer_word source, state;
	char seconds[MCPEER_WORD_SECONDS_MAX];
	struct mcpeer_peer_text text;

	if (context->json)
		return print_peer_json(peer);

	mcpeer_peer_text_write(&text, peer);
	source = mcpeer_word_source(peer->source);
	state = mcpeer_word_state(peer->state);
	mcpeer_table_field(context, "name", "%s", text.name);
	mcpeer_table_field(context, "group", "%s",
			   mcpeer_word_or_dash(text.group));
	mcpeer_table_field(context, "address", "%s",
			   mcpeer_word_or_dash(text.address.text));
	mcpeer_table_field(context, "interface", "%s",
			   mcpeer_word_or_dash(text.interface));
	mcpeer_table_field(context, "value", "%s",
			   mcpeer_word_or_dash(text.value));
	mcpeer_table_field(context, "source", "%s",
			   mcpeer_word_or_dash(source.text));
	mcpeer_table_field(context, "state", "%s",
			   mcpeer_word_or_dash(state.text));
	mcpeer_word_seconds(seconds, peer->age, 3, MCPEER_WORD_NOTHING);
	mcpeer_table_field(context, "age", "%s", seconds);
	mcpeer_word_seconds(seconds, peer->silent, 3, MCPEER_WORD_NOTHING);
	mcpeer_table_field(context, "silent", "%s", seconds);
	mcpeer_word_seconds(seconds, peer->expires_in, 3, "never");
	mcpeer_table_field(context, "expires in", "%s", seconds);
	if (peer->heard == MCPEER_CLIENT_NONE)
		mcpeer_table_field(context, "heard", MCPEER_WORD_NOTHING);
	else
		mcpeer_table_field(context, "heard", "%" PRIu64 " times",
				   peer->heard);
	for (size_t i = 0; i < peer->path_count; i++)
		print_path(context, &peer->paths[i]);
	return 0;
}

/**
 * struct moment - a second in words
 * @second: since the epoch
 * @text: date and time of day, or the latter
 * @zone: to be put behind the milliseconds, empty for none
 */
struct moment {
	time_t second;
	char text[40];
	char zone[8];
};

/* A person sees the time of day, a file keeps the date too. */
static void write_moment(const struct mcpeer_context *context,
			 struct moment *moment, time_t second)
{
	char zone[8] = "";
	struct tm local;

	moment->second = second;
	localtime_r(&second, &local);
	strftime(moment->text, sizeof(moment->text), context->terminal ?
		 "%H:%M:%S" : "%Y-%m-%dT%H:%M:%S", &local);
	moment->zone[0] = '\0';
	/* "+hhmm", which the standard wants with a colon. */
	if (!context->terminal &&
	    strftime(zone, sizeof(zone), "%z", &local) == 5)
		snprintf(moment->zone, sizeof(moment->zone), "%.3s:%.2s", zone,
			 zone + 3);
}

static void write_time(const struct mcpeer_context *context, char *dst,
		       uint64_t ago)
{
	/* Many events happen in one second, and the calendar takes long. */
	static struct moment last = { .second = -1 };
	struct timespec now;
	unsigned int rest;
	uint64_t ms;

	clock_gettime(CLOCK_REALTIME, &now);
	ms = now.tv_sec * 1000ull + now.tv_nsec / 1000000;
	ms -= ago < ms ? ago : ms;
	if (last.second != (time_t)(ms / 1000))
		write_moment(context, &last, ms / 1000);
	rest = ms % 1000;
	dst = stpcpy(dst, last.text);
	*dst++ = '.';
	*dst++ = '0' + rest / 100;
	*dst++ = '0' + rest / 10 % 10;
	*dst++ = '0' + rest % 10;
	stpcpy(dst, last.zone);
}

static const char *event_colour(uint32_t type)
{
	switch (type) {
	case MCPEER_EVENT_TYPE_JOIN:
	case MCPEER_EVENT_TYPE_CONFLICT_END:
	case MCPEER_EVENT_TYPE_TABLE_FULL_END:
	case MCPEER_EVENT_TYPE_RECOVERED:
		return MCPEER_TABLE_GREEN;
	case MCPEER_EVENT_TYPE_UPDATE:
		return MCPEER_TABLE_CYAN;
	case MCPEER_EVENT_TYPE_EXPIRE:
		return MCPEER_TABLE_RED;
	case MCPEER_EVENT_TYPE_LEAVE:
		return MCPEER_TABLE_YELLOW;
	default:
		return MCPEER_TABLE_ALARM;
	}
}

static bool is_conflict(const struct mcpeer_event_info *event)
{
	return event->type == MCPEER_EVENT_TYPE_CONFLICT ||
	       event->type == MCPEER_EVENT_TYPE_CONFLICT_END;
}

/* The interface of a peer is told with the peer. */
static void write_details(struct mcpeer_buffer *to,
			  const struct mcpeer_event_info *event)
{
	struct mcpeer_word interface;

	if (is_conflict(event))
		mcpeer_json_boolean(to, "own", event->own);
	if (!event->ifname && !event->ifindex)
		return;
	interface = mcpeer_word_interface(event->ifname, event->ifindex);
	mcpeer_json_word(to, "interface", &interface);
}

static int print_event_json(const struct mcpeer_event_info *event)
{
	struct mcpeer_word type = mcpeer_word_event(event->type);
	struct mcpeer_buffer line = { .bytes = NULL };

	mcpeer_json_begin_object(&line, NULL);
	mcpeer_json_number(&line, "seq", event->seq);
	mcpeer_json_word(&line, "event", &type);
	mcpeer_json_text(&line, "group", event->group);
	if (event->has_peer)
		mcpeer_peer_json_write(&line, "peer", &event->peer);
	else
		mcpeer_json_null(&line, "peer");
	write_details(&line, event);
	mcpeer_json_end_object(&line);
	return mcpeer_json_print_line(&line);
}

/* The columns have the address of one host; this is the other one. */
static void write_rival(struct mcpeer_peer_text *text, bool is_this_host,
			const struct mcpeer_path_info *rival)
{
	char escaped[MCPEER_TEXT_ESCAPED(MCPEER_WORD_MAX)];
	struct mcpeer_word interface, address;

	interface = mcpeer_word_interface(rival->ifname, rival->ifindex);
	address = mcpeer_word_address(&rival->address);
	mcpeer_text_escape(escaped, sizeof(escaped), interface.text);
	snprintf(text->value, sizeof(text->value),
		 "also %s host, at %s on %s", is_this_host ? "this" : "another",
		 mcpeer_word_or_dash(address.text),
		 mcpeer_word_or_dash(escaped));
}

static void write_event(struct mcpeer_peer_text *text,
			const struct mcpeer_event_info *event)
{
	struct mcpeer_peer_info subject = event->peer;

	/* What has no peer leaves all empty but where it happened. */
	if (!event->has_peer)
		subject = (struct mcpeer_peer_info) {
			.name = "",
			.ifname = event->ifname,
			.ifindex = event->ifindex,
		};
	subject.group = event->group;
	mcpeer_peer_text_write(text, &subject);
	if (event->type == MCPEER_EVENT_TYPE_CONFLICT &&
	    subject.path_count > 1)
		write_rival(text, event->own, &subject.paths[1]);
}

enum column {
	COLUMN_TIME,
	COLUMN_SEQ,
	COLUMN_TYPE,
	COLUMN_PLACE,
	COLUMN_GROUP = COLUMN_PLACE + MCPEER_PEER_TEXT_PLACE_GROUP,
	COLUMN_VALUE = COLUMN_PLACE + MCPEER_PEER_TEXT_PLACE,
	COLUMNS
};

/**
 * mcpeer_print_event - print an event, as one line
 * @context: how
 * @event: the event
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_print_event(const struct mcpeer_context *context,
		       const struct mcpeer_event_info *event)
{
	/* Lines come one by one, so most must fit without being measured. */
	static struct mcpeer_table table = {
		.count = COLUMNS,
		.right = 1u << COLUMN_SEQ,
		.width = { 1, 4, 8, 16, 7, 15 },
	};
	struct mcpeer_word type = mcpeer_word_event(event->type);
	struct mcpeer_table_cell cells[COLUMNS] = { };
	struct mcpeer_buffer line = { .bytes = NULL };
	char when[MCPEER_WORD_MAX], seq[MCPEER_TEXT_NUMBER_MAX];
	struct mcpeer_peer_text text;
	int err;

	if (context->json)
		return print_event_json(event);

	write_event(&text, event);
	write_time(context, when, event->ago);
	mcpeer_text_number(seq, event->seq);
	cells[COLUMN_TIME].colour = MCPEER_TABLE_FAINT;
	cells[COLUMN_TIME].text = when;
	cells[COLUMN_SEQ].text = seq;
	cells[COLUMN_TYPE].colour = event_colour(event->type);
	cells[COLUMN_TYPE].text = mcpeer_word_or_dash(type.text);
	mcpeer_peer_text_place(&cells[COLUMN_PLACE], &text);
	cells[COLUMN_VALUE].text = text.value;

	/* Who asks for one group knows which it is. */
	table.hidden = context->group ? 1u << COLUMN_GROUP : 0;
	mcpeer_table_measure(&table, cells);
	mcpeer_table_add(&line, context, &table, cells);
	err = mcpeer_buffer_print(&line);
	mcpeer_buffer_free(&line);
	return err;
}

/**
 * mcpeer_print_lost - print the loss of events, as one line
 * @context: how; text has no line for it
 * @first: number of the first one
 * @last: number of the last one
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_print_lost(const struct mcpeer_context *context,
		      uint64_t first, uint64_t last)
{
	struct mcpeer_buffer line = { .bytes = NULL };

	if (!context->json)
		return 0;
	mcpeer_json_begin_object(&line, NULL);
	mcpeer_json_null(&line, "seq");
	mcpeer_json_text(&line, "event", "lost");
	mcpeer_json_number(&line, "first", first);
	mcpeer_json_number(&line, "last", last);
	mcpeer_json_number(&line, "count", last - first + 1);
	mcpeer_json_end_object(&line);
	return mcpeer_json_print_line(&line);
}
