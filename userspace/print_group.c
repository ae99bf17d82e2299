// SPDX-License-Identifier: GPL-2.0
/* A group and its counters, as text and as JSON. */
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

static void write_interface(struct mcpeer_buffer *to,
			    const struct mcpeer_interface_info *info)
{
	const char *error = info->error ? strerror(info->error) : NULL;
	struct mcpeer_word name, state, ipv4, ipv6;

	name = mcpeer_word_interface(info->ifname, info->ifindex);
	state = mcpeer_word_interface_state(info->state);
	ipv4 = mcpeer_word_interface_state(info->ipv4);
	ipv6 = mcpeer_word_interface_state(info->ipv6);
	mcpeer_json_begin_object(to, NULL);
	mcpeer_json_word(to, "name", &name);
	mcpeer_json_number(to, "index", info->ifindex);
	mcpeer_json_word(to, "state", &state);
	mcpeer_json_word(to, "ipv4", &ipv4);
	mcpeer_json_word(to, "ipv6", &ipv6);
	mcpeer_json_boolean(to, "listen", info->listen);
	mcpeer_json_text(to, "error", error);
	mcpeer_json_end_object(to);
}

/* An array, since they are no text to look into. */
static void write_targets(struct mcpeer_buffer *to, const char *targets)
{
	char copy[MCPEER_TARGETS_TEXT_MAX + 1], *rest = copy, *target;

	snprintf(copy, sizeof(copy), "%s", targets);
	mcpeer_json_begin_array(to, "targets");
	while ((target = strsep(&rest, ",")))
		if (*target)
			mcpeer_json_text(to, NULL, target);
	mcpeer_json_end_array(to);
}

/* The object is left open, for the interfaces. */
static void begin_group(struct mcpeer_buffer *to,
			const struct mcpeer_group_info *group)
{
	struct mcpeer_word address6 = mcpeer_word_address(&group->address6);
	struct mcpeer_word address = mcpeer_word_address(&group->address);
	struct mcpeer_word off_link = mcpeer_word_off_link(group->off_link);

	mcpeer_json_begin_object(to, NULL);
	mcpeer_json_text(to, "name", group->name);
	mcpeer_json_word(to, "address", &address);
	mcpeer_json_word(to, "address6", &address6);
	mcpeer_json_number(to, "port", group->port);
	mcpeer_json_text(to, "prefix", or_null(group->prefix));
	mcpeer_json_number(to, "ttl", group->ttl);
	mcpeer_json_seconds(to, "interval", group->interval);
	mcpeer_json_seconds(to, "expiry", group->expiry);
	mcpeer_json_number(to, "max_peers", group->max_peers);
	mcpeer_json_number(to, "per_source", group->per_source);
	mcpeer_json_number(to, "join_rate", group->join_rate);
	mcpeer_json_word(to, "off_link", &off_link);
	mcpeer_json_text(to, "hostname", or_null(group->hostname));
	mcpeer_json_text(to, "interface_patterns",
			 or_null(group->interface_patterns));
	mcpeer_json_text(to, "listen_patterns",
			 or_null(group->listen_patterns));
	write_targets(to, group->targets);
	mcpeer_json_number(to, "repeat", group->repeat);
	mcpeer_json_number(to, "peers", group->peers);
}

static int print_groups_json(const struct mcpeer_group_info *groups,
			     size_t count)
{
	struct mcpeer_buffer line = { .bytes = NULL };

	mcpeer_json_begin_array(&line, NULL);
	for (size_t i = 0; i < count; i++) {
		begin_group(&line, &groups[i]);
		mcpeer_json_end_object(&line);
	}
	mcpeer_json_end_array(&line);
	return mcpeer_json_print_line(&line);
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
		stpcpy(dst, MCPEER_WORD_NOTHING);
	else
		mcpeer_text_number(dst, number);
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
	mcpeer_word_seconds(text->interval, group->interval, 0,
			    MCPEER_WORD_NOTHING);
	mcpeer_word_seconds(text->expiry, group->expiry, 0,
			    MCPEER_WORD_NOTHING);
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
	struct mcpeer_table_cell header[] = {
		{ .text = "NAME", .colour = MCPEER_TABLE_FAINT },
		{ .text = "ADDRESS", .colour = MCPEER_TABLE_FAINT },
		{ .text = "PORT", .colour = MCPEER_TABLE_FAINT },
		{ .text = "PREFIX", .colour = MCPEER_TABLE_FAINT },
		{ .text = "INTERVAL", .colour = MCPEER_TABLE_FAINT },
		{ .text = "EXPIRY", .colour = MCPEER_TABLE_FAINT },
		{ .text = "PEERS", .colour = MCPEER_TABLE_FAINT },
		{ .text = "HOSTNAME", .colour = MCPEER_TABLE_FAINT },
	};
	struct mcpeer_table_cell cells[MCPEER_TABLE_COLUMNS_MAX] = { };
	struct mcpeer_table table = { .count = 8, .right = 0x74 };
	struct mcpeer_buffer lines = { .bytes = NULL };
	struct group_text text;
	size_t i;
	int err;

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
		mcpeer_table_add(&lines, context, &table, header);
	for (i = 0; i < count; i++) {
		write_group(&text, &groups[i]);
		groups_row(cells, &text);
		mcpeer_table_measure(&table, cells);
		mcpeer_table_add(&lines, context, &table, cells);
	}
	err = mcpeer_buffer_print(&lines);
	mcpeer_buffer_free(&lines);
	return err;
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

static void write_whole_group(struct mcpeer_buffer *to,
			      const struct mcpeer_group_info *group)
{
	begin_group(to, group);
	mcpeer_json_begin_array(to, "interfaces");
	for (size_t i = 0; i < group->interface_count; i++)
		write_interface(to, &group->interfaces[i]);
	mcpeer_json_end_array(to);
	mcpeer_json_end_object(to);
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
	struct mcpeer_buffer line = { .bytes = NULL };
	struct group_text text;

	if (context->json) {
		write_whole_group(&line, group);
		return mcpeer_json_print_line(&line);
	}

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

static int print_whole_groups_json(const struct mcpeer_group_info *groups,
				   size_t count)
{
	struct mcpeer_buffer line = { .bytes = NULL };

	mcpeer_json_begin_array(&line, NULL);
	for (size_t i = 0; i < count; i++)
		write_whole_group(&line, &groups[i]);
	mcpeer_json_end_array(&line);
	return mcpeer_json_print_line(&line);
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
	struct mcpeer_buffer line = { .bytes = NULL };

	mcpeer_json_begin_object(&line, NULL);
	mcpeer_json_text(&line, "group", group->name);
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
		char key[NUMBER_MAX];

		snprintf(key, sizeof(key), "%s", counters[i].name);
		for (char *at = key; *at; at++)
			if (*at == '-')
				*at = '_';
		mcpeer_json_number(&line, key, group->stats[counters[i].attr]);
	}
	mcpeer_json_end_object(&line);
	return mcpeer_json_print_line(&line);
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
