// SPDX-License-Identifier: GPL-2.0
/* A group and its counters, as text and as JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "compiler.h"
#include "json.h"
#include "print.h"
#include "table.h"
#include "text.h"
#include "word.h"

#define NUMBER_MAX	32
#define NOTES_MAX	256

/**
 * struct counter - a counter of a group
 * @name: as the specification has it; JSON has _ for -
 * @attr: MCPEER_A_STATS_*
 */
struct counter {
	const char *name;
	int attr;
};

static const struct counter counters[] = {
	{ "rx",			MCPEER_A_STATS_RX },
	{ "refreshed",		MCPEER_A_STATS_REFRESHED },
	{ "joined",		MCPEER_A_STATS_JOINED },
	{ "updated",		MCPEER_A_STATS_UPDATED },
	{ "own",		MCPEER_A_STATS_OWN },
	{ "conflict",		MCPEER_A_STATS_CONFLICT },
	{ "shadowed",		MCPEER_A_STATS_SHADOWED },
	{ "drop-truncated",	MCPEER_A_STATS_DROP_TRUNCATED },
	{ "drop-fragmented",	MCPEER_A_STATS_DROP_FRAGMENTED },
	{ "drop-prefix",	MCPEER_A_STATS_DROP_PREFIX },
	{ "drop-empty",		MCPEER_A_STATS_DROP_EMPTY },
	{ "drop-too-long",	MCPEER_A_STATS_DROP_TOO_LONG },
	{ "drop-bad-byte",	MCPEER_A_STATS_DROP_BAD_BYTE },
	{ "drop-interface",	MCPEER_A_STATS_DROP_INTERFACE },
	{ "drop-source",	MCPEER_A_STATS_DROP_SOURCE },
	{ "drop-off-link",	MCPEER_A_STATS_DROP_OFF_LINK },
	{ "drop-per-source",	MCPEER_A_STATS_DROP_PER_SOURCE },
	{ "drop-rate",		MCPEER_A_STATS_DROP_RATE },
	{ "drop-full",		MCPEER_A_STATS_DROP_FULL },
	{ "drop-paths",		MCPEER_A_STATS_DROP_PATHS },
	{ "drop-nomem",		MCPEER_A_STATS_DROP_NOMEM },
	{ "tx",			MCPEER_A_STATS_TX },
	{ "tx-errors",		MCPEER_A_STATS_TX_ERRORS },
	{ "expired",		MCPEER_A_STATS_EXPIRED },
};

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

static json_t *interface_json(const struct mcpeer_interface_info *info)
{
	const char *error = info->error ? strerror(info->error) : NULL;
	struct mcpeer_word name, state, ipv4, ipv6;

	name = mcpeer_word_interface(info->ifname, info->ifindex);
	state = mcpeer_word_interface_state(info->state);
	ipv4 = mcpeer_word_interface_state(info->ipv4);
	ipv6 = mcpeer_word_interface_state(info->ipv6);
	return mcpeer_json_object("name", mcpeer_json_word(&name),
				  "index", mcpeer_json_number(info->ifindex),
				  "state", mcpeer_json_word(&state),
				  "ipv4", mcpeer_json_word(&ipv4),
				  "ipv6", mcpeer_json_word(&ipv6),
				  "listen", json_boolean(info->listen),
				  "error", mcpeer_json_text(error),
				  NULL);
}

static json_t *interfaces_json(const struct mcpeer_group_info *group)
{
	const struct mcpeer_interface_info *info = group->interfaces;
	json_t *array = json_array();

	for (size_t i = 0; i < group->interface_count; i++) {
		if (json_array_append_new(array, interface_json(&info[i]))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

/* An array, since they are no text to look into. */
static json_t *targets_json(const char *targets)
{
	char copy[MCPEER_TARGETS_TEXT_MAX + 1], *rest = copy, *target;
	json_t *array = json_array();

	snprintf(copy, sizeof(copy), "%s", targets);
	while ((target = strsep(&rest, ","))) {
		if (*target &&
		    json_array_append_new(array, mcpeer_json_text(target))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *group_json(const struct mcpeer_group_info *group)
{
	struct mcpeer_word address6 = mcpeer_word_address(&group->address6);
	struct mcpeer_word address = mcpeer_word_address(&group->address);
	struct mcpeer_word off_link = mcpeer_word_off_link(group->off_link);
	const char *interfaces = or_null(group->interface_patterns);
	const char *listen = or_null(group->listen_patterns);
	const char *hostname = or_null(group->hostname);
	const char *prefix = or_null(group->prefix);

	return mcpeer_json_object("name", mcpeer_json_text(group->name),
				  "address", mcpeer_json_word(&address),
				  "address6", mcpeer_json_word(&address6),
				  "port", mcpeer_json_number(group->port),
				  "prefix", mcpeer_json_text(prefix),
				  "ttl", mcpeer_json_number(group->ttl),
				  "interval",
				  mcpeer_json_seconds(group->interval),
				  "expiry", mcpeer_json_seconds(group->expiry),
				  "max_peers",
				  mcpeer_json_number(group->max_peers),
				  "per_source",
				  mcpeer_json_number(group->per_source),
				  "join_rate",
				  mcpeer_json_number(group->join_rate),
				  "off_link", mcpeer_json_word(&off_link),
				  "hostname", mcpeer_json_text(hostname),
				  "interface_patterns",
				  mcpeer_json_text(interfaces),
				  "listen_patterns", mcpeer_json_text(listen),
				  "targets", targets_json(group->targets),
				  "repeat", mcpeer_json_number(group->repeat),
				  "peers", mcpeer_json_number(group->peers),
				  NULL);
}

static int print_groups_json(const struct mcpeer_group_info *groups,
			     size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++) {
		if (json_array_append_new(array, group_json(&groups[i]))) {
			json_decref(array);
			array = NULL;
		}
	}
	return mcpeer_json_print_line(array);
}

/* A group in words that are fit for a terminal. */
struct group_text {
	char name[MCPEER_TEXT_ESCAPED(MCPEER_GROUP_NAME_MAX)];
	char prefix[MCPEER_TEXT_ESCAPED(MCPEER_PREFIX_MAX)];
	char hostname[MCPEER_TEXT_ESCAPED(MCPEER_NAME_MAX)];
	char interfaces[MCPEER_TEXT_ESCAPED(MCPEER_PATTERNS_MAX)];
	char listen[MCPEER_TEXT_ESCAPED(MCPEER_PATTERNS_MAX)];
	char targets[MCPEER_TEXT_ESCAPED(MCPEER_TARGETS_TEXT_MAX)];
	char port[NUMBER_MAX];
	char ttl[NUMBER_MAX];
	char interval[NUMBER_MAX];
	char expiry[NUMBER_MAX];
	char max_peers[NUMBER_MAX];
	char per_source[NUMBER_MAX];
	char join_rate[NUMBER_MAX];
	char repeat[NUMBER_MAX];
	char peers[NUMBER_MAX];
	char share[NUMBER_MAX * 2];
	struct mcpeer_word address;
	struct mcpeer_word address6;
	struct mcpeer_word off_link;
};

static void write_number(char *dst, uint64_t number)
{
	if (number == MCPEER_CLIENT_NONE)
		snprintf(dst, NUMBER_MAX, MCPEER_WORD_NOTHING);
	else
		snprintf(dst, NUMBER_MAX, "%" PRIu64, number);
}

static void write_seconds(char *dst, uint64_t ms)
{
	if (ms == MCPEER_CLIENT_NONE) {
		snprintf(dst, NUMBER_MAX, MCPEER_WORD_NOTHING);
		return;
	}
	mcpeer_text_seconds(dst, NUMBER_MAX - 2, ms, 0);
	strcat(dst, "s");
}

static void write_group(struct group_text *text,
			const struct mcpeer_group_info *group)
{
	mcpeer_text_escape(text->name, sizeof(text->name), group->name);
	mcpeer_text_escape(text->prefix, sizeof(text->prefix), group->prefix);
	mcpeer_text_escape(text->hostname, sizeof(text->hostname),
			   group->hostname);
	mcpeer_text_escape(text->interfaces, sizeof(text->interfaces),
			   group->interface_patterns);
	mcpeer_text_escape(text->listen, sizeof(text->listen),
			   group->listen_patterns);
	mcpeer_text_escape(text->targets, sizeof(text->targets),
			   group->targets);
	text->address = mcpeer_word_address(&group->address);
	text->address6 = mcpeer_word_address(&group->address6);
	write_number(text->port, group->port);
	write_number(text->ttl, group->ttl);
	write_seconds(text->interval, group->interval);
	write_seconds(text->expiry, group->expiry);
	text->off_link = mcpeer_word_off_link(group->off_link);
	write_number(text->max_peers, group->max_peers);
	write_number(text->per_source, group->per_source);
	write_number(text->join_rate, group->join_rate);
	write_number(text->repeat, group->repeat);
	write_number(text->peers, group->peers);
	snprintf(text->share, sizeof(text->share), "%s/%s", text->peers,
		 text->max_peers);
}

static void groups_row(struct mcpeer_table_cell *cells,
		       const struct group_text *text)
{
	const char *address = text->address.text;
	int count = 0;

	/* There is room for one of them. */
	if (!*address)
		address = text->address6.text;
	cells[count].colour = MCPEER_TABLE_BOLD;
	cells[count++].text = mcpeer_word_or_dash(text->name);
	cells[count++].text = mcpeer_word_or_dash(address);
	cells[count++].text = text->port;
	cells[count++].text = mcpeer_word_or_dash(text->prefix);
	cells[count++].text = text->interval;
	cells[count++].text = text->expiry;
	cells[count++].text = text->share;
	cells[count++].text = mcpeer_word_or_dash(text->hostname);
}

/**
 * mcpeer_print_groups - print a list of groups
 * @context: how
 * @groups: the groups, in order
 * @count: of @groups
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_print_groups(const struct mcpeer_context *context,
			const struct mcpeer_group_info *groups, size_t count)
{
	static const struct mcpeer_table_cell header[] = {
		{ "NAME",	MCPEER_TABLE_FAINT },
		{ "ADDRESS",	MCPEER_TABLE_FAINT },
		{ "PORT",	MCPEER_TABLE_FAINT },
		{ "PREFIX",	MCPEER_TABLE_FAINT },
		{ "INTERVAL",	MCPEER_TABLE_FAINT },
		{ "EXPIRY",	MCPEER_TABLE_FAINT },
		{ "PEERS",	MCPEER_TABLE_FAINT },
		{ "HOSTNAME",	MCPEER_TABLE_FAINT },
	};
	struct mcpeer_table_cell cells[MCPEER_TABLE_COLUMNS_MAX] = { };
	struct mcpeer_table table = { .count = 8, .right = 0x74 };
	struct group_text text;
	size_t i;

	if (context->json)
		return print_groups_json(groups, count);

	if (context->terminal)
		mcpeer_table_measure(&table, header);
	for (i = 0; i < count; i++) {
		write_group(&text, &groups[i]);
		groups_row(cells, &text);
		mcpeer_table_measure(&table, cells);
	}
	if (context->terminal && count)
		mcpeer_table_print(context, &table, header);
	for (i = 0; i < count; i++) {
		write_group(&text, &groups[i]);
		groups_row(cells, &text);
		mcpeer_table_print(context, &table, cells);
	}
	return 0;
}

static void add_note(char *notes, const char *about, const char *what)
{
	size_t len = strlen(notes);

	snprintf(notes + len, NOTES_MAX - len, "%s%s%s", len ? "; " : " (",
		 about, what);
}

/* What the interface's own state does not say. */
static void write_notes(char *notes, const struct mcpeer_interface_info *info)
{
	struct mcpeer_word ipv4 = mcpeer_word_interface_state(info->ipv4);
	struct mcpeer_word ipv6 = mcpeer_word_interface_state(info->ipv6);

	*notes = '\0';
	if (info->ipv4 && info->ipv4 != info->state)
		add_note(notes, "IPv4: ", ipv4.text);
	if (info->ipv6 && info->ipv6 != info->state)
		add_note(notes, "IPv6: ", ipv6.text);
	if (info->error)
		add_note(notes, "", strerror(info->error));
	if (*notes)
		strcat(notes, ")");
}

static void print_interface(const struct mcpeer_context *context,
			    const struct mcpeer_interface_info *info)
{
	struct mcpeer_word name, state;
	char escaped[MCPEER_TEXT_ESCAPED(MCPEER_WORD_MAX)];
	char notes[NOTES_MAX + 1];
	bool listens;

	name = mcpeer_word_interface(info->ifname, info->ifindex);
	state = mcpeer_word_interface_state(info->state);
	mcpeer_text_escape(escaped, sizeof(escaped), name.text);
	/* One that takes no part does not listen either. */
	listens = info->listen &&
		  (info->state == MCPEER_INTERFACE_STATE_JOINED ||
		   info->state == MCPEER_INTERFACE_STATE_PENDING);
	write_notes(notes, info);
	mcpeer_table_field(context, "interface", "%s %s%s%s",
			   mcpeer_word_or_dash(escaped),
			   mcpeer_word_or_dash(state.text),
			   listens ? ", listens only" : "", notes);
}

static json_t *whole_group_json(const struct mcpeer_group_info *group)
{
	json_t *object = group_json(group);

	if (!json_object_set_new(object, "interfaces",
				 interfaces_json(group)))
		return object;
	json_decref(object);
	return NULL;
}

/**
 * mcpeer_print_group - print all that is known of one group
 * @context: how
 * @group: the group
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_print_group(const struct mcpeer_context *context,
		       const struct mcpeer_group_info *group)
{
	struct group_text text;

	if (context->json)
		return mcpeer_json_print_line(whole_group_json(group));

	write_group(&text, group);
	mcpeer_table_field(context, "name", "%s", text.name);
	mcpeer_table_field(context, "address", "%s",
			   mcpeer_word_or_dash(text.address.text));
	mcpeer_table_field(context, "address6", "%s",
			   mcpeer_word_or_dash(text.address6.text));
	mcpeer_table_field(context, "port", "%s", text.port);
	mcpeer_table_field(context, "prefix", "%s",
			   mcpeer_word_or_dash(text.prefix));
	mcpeer_table_field(context, "ttl", "%s", text.ttl);
	mcpeer_table_field(context, "interval", "%s", text.interval);
	mcpeer_table_field(context, "expiry", "%s", text.expiry);
	mcpeer_table_field(context, "max-peers", "%s", text.max_peers);
	mcpeer_table_field(context, "per-source", "%s", text.per_source);
	mcpeer_table_field(context, "join-rate", "%s", text.join_rate);
	mcpeer_table_field(context, "off-link", "%s",
			   mcpeer_word_or_dash(text.off_link.text));
	mcpeer_table_field(context, "hostname", "%s",
			   mcpeer_word_or_dash(text.hostname));
	mcpeer_table_field(context, "interfaces", "%s",
			   mcpeer_word_or_dash(text.interfaces));
	mcpeer_table_field(context, "listen", "%s",
			   mcpeer_word_or_dash(text.listen));
	mcpeer_table_field(context, "targets", "%s",
			   mcpeer_word_or_dash(text.targets));
	mcpeer_table_field(context, "repeat", "%s", text.repeat);
	mcpeer_table_field(context, "peers", "%s", text.peers);
	for (size_t i = 0; i < group->interface_count; i++)
		print_interface(context, &group->interfaces[i]);
	return 0;
}

/* One after the other, for each of them may have many interfaces. */
static int print_whole_groups_json(const struct mcpeer_group_info *groups,
				   size_t count)
{
	int err;

	putchar('[');
	for (size_t i = 0; i < count; i++) {
		if (i)
			putchar(',');
		err = mcpeer_json_print(whole_group_json(&groups[i]));
		if (err)
			return err;
	}
	puts("]");
	return 0;
}

/**
 * mcpeer_print_whole_groups - print all that is known of several groups
 * @context: how
 * @groups: the groups, in order, with their interfaces
 * @count: of @groups
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_print_whole_groups(const struct mcpeer_context *context,
			      const struct mcpeer_group_info *groups,
			      size_t count)
{
	int err = 0;

	if (context->json)
		return print_whole_groups_json(groups, count);
	for (size_t i = 0; !err && i < count; i++) {
		if (i)
			putchar('\n');
		err = mcpeer_print_group(context, &groups[i]);
	}
	return err;
}

static int print_stats_json(const struct mcpeer_group_info *group)
{
	json_t *object;

	object = mcpeer_json_object("group", mcpeer_json_text(group->name),
				    NULL);
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
		uint64_t number = group->stats[counters[i].attr];
		char key[NUMBER_MAX];

		snprintf(key, sizeof(key), "%s", counters[i].name);
		for (char *at = key; *at; at++)
			if (*at == '-')
				*at = '_';
		if (json_object_set_new(object, key,
					mcpeer_json_number(number))) {
			json_decref(object);
			object = NULL;
		}
	}
	return mcpeer_json_print_line(object);
}

/**
 * mcpeer_print_stats - print the counters of a group
 * @context: how
 * @group: the group
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_print_stats(const struct mcpeer_context *context,
		       const struct mcpeer_group_info *group)
{
	char text[MCPEER_TEXT_ESCAPED(MCPEER_GROUP_NAME_MAX)];
	char number[NUMBER_MAX];

	if (context->json)
		return print_stats_json(group);

	mcpeer_table_field(context, "group", "%s",
			   mcpeer_text_escape(text, sizeof(text),
					      group->name));
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
		write_number(number, group->stats[counters[i].attr]);
		mcpeer_table_field(context, counters[i].name, "%s", number);
	}
	return 0;
}
