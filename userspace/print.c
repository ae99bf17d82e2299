// SPDX-License-Identifier: GPL-2.0
/* A peer and an event, as text and as JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "compiler.h"
#include "json.h"
#include "print.h"
#include "table.h"
#include "text.h"
#include "word.h"

#define SECONDS_MAX	32

static json_t *path_json(const struct mcpeer_path_info *path)
{
	struct mcpeer_word interface, address;

	interface = mcpeer_word_interface(path->ifname, path->ifindex);
	address = mcpeer_word_address(&path->address);
	return mcpeer_json_object("address", mcpeer_json_word(&address),
				  "interface", mcpeer_json_word(&interface),
				  "silent", mcpeer_json_seconds(path->silent),
				  NULL);
}

static json_t *paths_json(const struct mcpeer_peer_info *peer)
{
	json_t *array = json_array();

	for (size_t i = 0; i < peer->path_count; i++) {
		if (json_array_append_new(array, path_json(&peer->paths[i]))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

/* A key that is not always there: most peers have one path. */
static json_t *add_paths(json_t *object, const struct mcpeer_peer_info *peer)
{
	if (!peer->path_count ||
	    !json_object_set_new(object, "paths", paths_json(peer)))
		return object;
	json_decref(object);
	return NULL;
}

static json_t *peer_json(const struct mcpeer_peer_info *peer)
{
	struct mcpeer_word interface, address, source, state;
	json_t *object;

	interface = mcpeer_word_interface(peer->ifname, peer->ifindex);
	address = mcpeer_word_address(&peer->address);
	source = mcpeer_word_source(peer->source);
	state = mcpeer_word_state(peer->state);
	object = mcpeer_json_object("group", mcpeer_json_text(peer->group),
				    "name", mcpeer_json_text(peer->name),
				    "address", mcpeer_json_word(&address),
				    "interface", mcpeer_json_word(&interface),
				    "value", mcpeer_json_text(peer->value),
				    "source", mcpeer_json_word(&source),
				    "state", mcpeer_json_word(&state),
				    "age", mcpeer_json_seconds(peer->age),
				    "silent",
				    mcpeer_json_seconds(peer->silent),
				    "expires_in",
				    mcpeer_json_seconds(peer->expires_in),
				    "heard", mcpeer_json_number(peer->heard),
				    NULL);
	return add_paths(object, peer);
}

/* One by one, so that the whole is never in memory as JSON. */
static int print_peers_json(const struct mcpeer_peer_info *const *peers,
			    size_t count)
{
	size_t i;
	int err;

	putchar('[');
	for (i = 0; i < count; i++) {
		if (i)
			putchar(',');
		err = mcpeer_json_print(peer_json(peers[i]));
		if (err)
			return err;
	}
	puts("]");
	return 0;
}

/* A peer in words that are fit for a terminal. */
struct peer_text {
	char group[MCPEER_TEXT_ESCAPED(MCPEER_GROUP_NAME_MAX)];
	char name[MCPEER_TEXT_ESCAPED(MCPEER_NAME_MAX)];
	char interface[MCPEER_TEXT_ESCAPED(MCPEER_WORD_MAX)];
	char value[MCPEER_TEXT_ESCAPED(MCPEER_VALUE_MAX)];
	char silent[SECONDS_MAX];
	char expires[SECONDS_MAX];
	struct mcpeer_word address;
};

static void write_seconds(char *dst, uint64_t ms, int digits, const char *none)
{
	if (ms == MCPEER_CLIENT_NONE) {
		snprintf(dst, SECONDS_MAX, "%s", none);
		return;
	}
	mcpeer_text_seconds(dst, SECONDS_MAX - 2, ms, digits);
	strcat(dst, "s");
}

static void write_peer(struct peer_text *text,
		       const struct mcpeer_peer_info *peer)
{
	struct mcpeer_word interface;

	interface = mcpeer_word_interface(peer->ifname, peer->ifindex);
	text->address = mcpeer_word_address(&peer->address);
	mcpeer_text_escape(text->group, sizeof(text->group),
			   peer->group ? peer->group : "");
	mcpeer_text_escape(text->name, sizeof(text->name), peer->name);
	mcpeer_text_escape(text->value, sizeof(text->value),
			   peer->value ? peer->value : "");
	mcpeer_text_escape(text->interface, sizeof(text->interface),
			   interface.text);
	write_seconds(text->silent, peer->silent, 1, MCPEER_WORD_NOTHING);
	write_seconds(text->expires, peer->expires_in, 1, "never");
}

/* The cells that tell where a peer is, for list and monitor alike. */
static int add_place(struct mcpeer_table_cell *cells, int count,
		     const struct peer_text *text, bool with_group)
{
	cells[count].colour = MCPEER_TABLE_BOLD;
	cells[count++].text = mcpeer_word_or_dash(text->name);
	if (with_group)
		cells[count++].text = mcpeer_word_or_dash(text->group);
	cells[count++].text = mcpeer_word_or_dash(text->address.text);
	cells[count++].text = mcpeer_word_or_dash(text->interface);
	return count;
}

static int list_header(struct mcpeer_table_cell *cells, bool with_group)
{
	static const char *const names[] = {
		"NAME", "GROUP", "ADDRESS", "INTERFACE", "SILENT", "EXPIRES",
		"VALUE",
	};
	int count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (i == 1 && !with_group)
			continue;
		cells[count].colour = MCPEER_TABLE_FAINT;
		cells[count++].text = names[i];
	}
	return count;
}

static void list_row(struct mcpeer_table_cell *cells,
		     const struct peer_text *text, bool with_group)
{
	int count = add_place(cells, 0, text, with_group);

	cells[count++].text = text->silent;
	cells[count++].text = text->expires;
	cells[count].text = text->value;
}

/* The group is told as soon as it is not just the default. */
static bool needs_group(const struct mcpeer_context *context,
			const struct mcpeer_peer_info *const *peers,
			size_t count)
{
	for (size_t i = 0; !context->group && i < count; i++)
		if (!peers[i]->group ||
		    strcmp(peers[i]->group, MCPEER_CLIENT_DEFAULT_GROUP))
			return true;
	return false;
}

/**
 * mcpeer_print_peers - print a list of peers
 * @context: how
 * @peers: the peers, in order
 * @count: of @peers
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_print_peers(const struct mcpeer_context *context,
		       const struct mcpeer_peer_info *const *peers,
		       size_t count)
{
	struct mcpeer_table_cell cells[MCPEER_TABLE_COLUMNS_MAX] = { };
	struct mcpeer_table table = { .count = 0 };
	struct peer_text text;
	bool with_group;
	size_t i;

	if (context->json)
		return print_peers_json(peers, count);

	with_group = needs_group(context, peers, count);
	table.count = list_header(cells, with_group);
	table.right = 3u << (table.count - 3);
	if (context->terminal)
		mcpeer_table_measure(&table, cells);
	memset(cells, 0, sizeof(cells));
	for (i = 0; i < count; i++) {
		write_peer(&text, peers[i]);
		list_row(cells, &text, with_group);
		mcpeer_table_measure(&table, cells);
	}
	if (context->terminal && count) {
		list_header(cells, with_group);
		mcpeer_table_print(context, &table, cells);
		memset(cells, 0, sizeof(cells));
	}
	for (i = 0; i < count; i++) {
		write_peer(&text, peers[i]);
		list_row(cells, &text, with_group);
		mcpeer_table_print(context, &table, cells);
	}
	return 0;
}

static void print_path(const struct mcpeer_context *context,
		       const struct mcpeer_path_info *path)
{
	char escaped[MCPEER_TEXT_ESCAPED(MCPEER_WORD_MAX)];
	struct mcpeer_word interface, address;
	char silent[SECONDS_MAX];

	interface = mcpeer_word_interface(path->ifname, path->ifindex);
	address = mcpeer_word_address(&path->address);
	mcpeer_text_escape(escaped, sizeof(escaped), interface.text);
	write_seconds(silent, path->silent, 3, MCPEER_WORD_NOTHING);
	mcpeer_table_field(context, "path", "%s %s, silent %s",
			   mcpeer_word_or_dash(address.text),
			   mcpeer_word_or_dash(escaped), silent);
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
	char seconds[SECONDS_MAX];
	struct peer_text text;

	if (context->json)
		return mcpeer_json_print_line(peer_json(peer));

	write_peer(&text, peer);
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
	write_seconds(seconds, peer->age, 3, MCPEER_WORD_NOTHING);
	mcpeer_table_field(context, "age", "%s", seconds);
	write_seconds(seconds, peer->silent, 3, MCPEER_WORD_NOTHING);
	mcpeer_table_field(context, "silent", "%s", seconds);
	write_seconds(seconds, peer->expires_in, 3, "never");
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

/* A person sees the time of day, a file keeps the date too. */
static void write_time(const struct mcpeer_context *context, char *dst,
		       size_t size, uint64_t ago)
{
	struct timespec now;
	char zone[8] = "", minutes[8] = "";
	struct tm local;
	uint64_t ms;
	time_t when;
	size_t len;

	clock_gettime(CLOCK_REALTIME, &now);
	ms = now.tv_sec * 1000ull + now.tv_nsec / 1000000;
	ms -= ago < ms ? ago : ms;
	when = ms / 1000;
	localtime_r(&when, &local);
	len = strftime(dst, size, context->terminal ? "%H:%M:%S" :
		       "%Y-%m-%dT%H:%M:%S", &local);
	/* "+hhmm", which the standard wants with a colon. */
	if (!context->terminal &&
	    strftime(zone, sizeof(zone), "%z", &local) == 5)
		snprintf(minutes, sizeof(minutes), ":%s", zone + 3);
	snprintf(dst + len, size - len, ".%03u%.3s%s",
		 (unsigned int)(ms % 1000), zone, minutes);
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
static json_t *add_details(json_t *object,
			   const struct mcpeer_event_info *event)
{
	struct mcpeer_word interface;
	int err = 0;

	if (is_conflict(event))
		err = json_object_set_new(object, "own",
					  json_boolean(event->own));
	if (event->ifname || event->ifindex) {
		interface = mcpeer_word_interface(event->ifname,
						  event->ifindex);
		err |= json_object_set_new(object, "interface",
					   mcpeer_json_word(&interface));
	}
	if (!err)
		return object;
	json_decref(object);
	return NULL;
}

static int print_event_json(const struct mcpeer_event_info *event)
{
	struct mcpeer_word type = mcpeer_word_event(event->type);
	json_t *object;

	object = mcpeer_json_object("seq", mcpeer_json_number(event->seq),
				    "event", mcpeer_json_word(&type),
				    "group", mcpeer_json_text(event->group),
				    "peer", event->has_peer ?
					peer_json(&event->peer) : json_null(),
				    NULL);
	return mcpeer_json_print_line(add_details(object, event));
}

/* The columns have the address of one host; this is the other one. */
static void write_rival(struct peer_text *text, bool is_this_host,
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

static void write_event(struct peer_text *text,
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
	write_peer(text, &subject);
	if (event->type == MCPEER_EVENT_TYPE_CONFLICT &&
	    subject.path_count > 1)
		write_rival(text, event->own, &subject.paths[1]);
}

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
	struct mcpeer_table_cell cells[MCPEER_TABLE_COLUMNS_MAX] = { };
	/* Lines come one by one, so most must fit without being measured. */
	static struct mcpeer_table with_group = {
		.right = 1u << 1,
		.width = { 1, 4, 8, 16, 7, 15 },
	};
	static struct mcpeer_table without_group = {
		.right = 1u << 1,
		.width = { 1, 4, 8, 16, 15 },
	};
	struct mcpeer_table *table = context->group ? &without_group :
						      &with_group;
	struct mcpeer_word type = mcpeer_word_event(event->type);
	struct peer_text text;
	char when[64], seq[24];
	int count = 0;

	if (context->json)
		return print_event_json(event);

	write_event(&text, event);
	write_time(context, when, sizeof(when), event->ago);
	snprintf(seq, sizeof(seq), "%" PRIu64, event->seq);
	cells[count].colour = MCPEER_TABLE_FAINT;
	cells[count++].text = when;
	cells[count++].text = seq;
	cells[count].colour = event_colour(event->type);
	cells[count++].text = mcpeer_word_or_dash(type.text);
	count = add_place(cells, count, &text, !context->group);
	cells[count++].text = text.value;

	table->count = count;
	mcpeer_table_measure(table, cells);
	mcpeer_table_print(context, table, cells);
	return 0;
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
	uint64_t count = last - first + 1;
	json_t *object;

	if (!context->json)
		return 0;
	object = mcpeer_json_object("seq", json_null(),
				    "event", json_string("lost"),
				    "first", mcpeer_json_number(first),
				    "last", mcpeer_json_number(last),
				    "count", mcpeer_json_number(count),
				    NULL);
	return mcpeer_json_print_line(object);
}
