// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "client.h"
#include "commands.h"
#include "compiler.h"
#include "group_list.h"
#include "options.h"
#include "print.h"
#include "report.h"
#include "settings.h"

struct action;

/* What the arguments say. */
struct order {
	const struct action *action;
	const char *name;
	bool verbose;
	struct mcpeer_settings settings;
};

/**
 * struct action - something to do with groups
 * @name: how it is called for
 * @min: how many arguments it needs
 * @max: how many it takes besides settings
 * @settings: it takes settings
 * @run: does it
 */
struct action {
	const char *name;
	int min;
	int max;
	bool settings;
	enum mcpeer_status (*run)(const struct mcpeer_context *context,
				  struct mcpeer_client *client,
				  const struct order *order);
};

static enum mcpeer_status print_all(const struct mcpeer_context *context,
				    const struct mcpeer_group_list *list,
				    bool whole)
{
	int err;

	if (!list->count && context->terminal && !context->json)
		mcpeer_report("no groups in this network namespace");
	err = whole ?
	      mcpeer_print_whole_groups(context, list->groups, list->count) :
	      mcpeer_print_groups(context, list->groups, list->count);
	return mcpeer_report_print(err);
}

static enum mcpeer_status show_all(const struct mcpeer_context *context,
				   struct mcpeer_client *client, bool whole)
{
	const struct mcpeer_deed deed = {
		.verb = "list the groups",
		.gerund = "listing",
		.noun = "group",
	};
	struct mcpeer_group_list list = { .count = 0 };
	enum mcpeer_status status, printed;
	int err;

	err = mcpeer_group_list_read(&list, client);
	status = mcpeer_report_outcome(client, &deed, err);
	if (!err && whole) {
		err = mcpeer_group_list_complete(&list, client);
		if (err)
			status = mcpeer_report_outcome(client, &deed, err);
	}
	if (!err) {
		printed = print_all(context, &list, whole);
		status = status ? status : printed;
	}
	mcpeer_group_list_free(&list);
	return status;
}

/* What the printer needs, and how it went. */
struct shown {
	const struct mcpeer_context *context;
	enum mcpeer_status status;
};

static int show(const struct mcpeer_group_info *group, void *arg)
{
	struct shown *shown = arg;
	int err;

	err = mcpeer_print_group(shown->context, group);
	shown->status = mcpeer_report_print(err);
	return 0;
}

static enum mcpeer_status show_one(const struct mcpeer_context *context,
				   struct mcpeer_client *client,
				   const char *name)
{
	struct shown shown = { .context = context };
	const struct mcpeer_deed deed = {
		.verb = "show group",
		.gerund = "showing",
		.noun = "group",
		.name = name,
	};
	enum mcpeer_status status;
	int err;

	err = mcpeer_client_get_group(client, name, show, &shown);
	status = mcpeer_report_outcome(client, &deed, err);
	return status ? status : shown.status;
}

static enum mcpeer_status run_show(const struct mcpeer_context *context,
				   struct mcpeer_client *client,
				   const struct order *order)
{
	if (order->name)
		return show_one(context, client, order->name);
	return show_all(context, client, order->verbose);
}

static enum mcpeer_status run_add(const struct mcpeer_context *context,
				  struct mcpeer_client *client,
				  const struct order *order)
{
	const struct mcpeer_deed deed = {
		.verb = "add group",
		.gerund = "adding a group",
		.noun = "group",
		.name = order->name,
	};
	int err;

	(void)context;
	err = mcpeer_client_add_group(client, order->name, &order->settings);
	return mcpeer_report_outcome(client, &deed, err);
}

static enum mcpeer_status run_set(const struct mcpeer_context *context,
				  struct mcpeer_client *client,
				  const struct order *order)
{
	const struct mcpeer_deed deed = {
		.verb = "set group",
		.gerund = "setting a group",
		.noun = "group",
		.name = order->name,
	};
	int err;

	(void)context;
	err = mcpeer_client_set_group(client, order->name, &order->settings);
	return mcpeer_report_outcome(client, &deed, err);
}

static enum mcpeer_status run_del(const struct mcpeer_context *context,
				  struct mcpeer_client *client,
				  const struct order *order)
{
	const struct mcpeer_deed deed = {
		.verb = "delete group",
		.gerund = "deleting a group",
		.noun = "group",
		.name = order->name,
	};
	int err;

	(void)context;
	err = mcpeer_client_del_group(client, order->name);
	return mcpeer_report_outcome(client, &deed, err);
}

static const struct action actions[] = {
	{ .name = "show",	.run = run_show,	.max = 1 },
	{ .name = "add",	.run = run_add,		.min = 1,
	  .max = 1,		.settings = true },
	{ .name = "set",	.run = run_set,		.min = 3,
	  .max = 1,		.settings = true },
	{ .name = "del",	.run = run_del,		.min = 1,
	  .max = 1 },
};

/* Reads what is behind the action. */
static enum mcpeer_status parse_order(const struct mcpeer_context *context,
				      int argc, char **argv,
				      struct order *order)
{
	const struct action *action = order->action;

	if (order->verbose && action->run != run_show)
		return mcpeer_options_misuse(context, "-v is only for show");
	if (order->verbose && argc)
		return mcpeer_options_misuse(context,
					     "-v and NAME exclude each other");
	if (!argc && action->min)
		return mcpeer_options_misuse(context, "missing NAME");
	if (argc > action->max && !action->settings)
		return mcpeer_options_misuse(context,
					     "unexpected argument '%s'",
					     argv[action->max]);
	if (!argc)
		return MCPEER_GO_ON;
	order->name = argv[0];
	if (argc == 1 && action->min > 1)
		return mcpeer_options_misuse(context, "nothing to set");
	return mcpeer_settings_parse(context, argc - 1, argv + 1,
				     &order->settings);
}

static enum mcpeer_status parse(struct mcpeer_context *context,
				int argc, char **argv, struct order *order)
{
	static const struct option longs[] = {
		{ "verbose",	no_argument,	NULL, 'v' },
		{ NULL,		0,		NULL, 0 }
	};
	int option;

	while ((option = mcpeer_options_next(context, argc, argv,
					     "v", longs)) >= 0)
		order->verbose = true;
	if (option == MCPEER_OPTIONS_HELPED)
		return MCPEER_DONE;
	if (option == MCPEER_OPTIONS_WRONG)
		return MCPEER_MISUSED;
	argc -= optind;
	argv += optind;
	if (context->group)
		return mcpeer_options_misuse(context,
					     "the group is named by NAME, not by -g");
	if (!argc)
		return mcpeer_options_misuse(context,
					     "missing show, add, set or del");
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (strcmp(argv[0], actions[i].name))
			continue;
		order->action = &actions[i];
		return parse_order(context, argc - 1, argv + 1, order);
	}
	return mcpeer_options_misuse(context,
				     "'%s' is none of show, add, set and del",
				     argv[0]);
}

static enum mcpeer_status run(struct mcpeer_context *context,
			      int argc, char **argv)
{
	struct order order = { .name = NULL };
	struct mcpeer_client *client = NULL;
	enum mcpeer_status status;

	status = parse(context, argc, argv, &order);
	if (status != MCPEER_GO_ON)
		return status;
	status = mcpeer_report_open(mcpeer_client_open(&client));
	if (status == MCPEER_GO_ON)
		status = order.action->run(context, client, &order);
	mcpeer_client_close(client);
	return status;
}

const struct mcpeer_verb mcpeer_cmd_group = {
	.name = "group",
	.usage = "group show [-j] [-v | NAME]\n"
		 "       mcpeer group add NAME [SETTINGS]\n"
		 "       mcpeer group set NAME SETTINGS\n"
		 "       mcpeer group del NAME",
	.summary = "show, add, change and delete discovery groups",
	.help =
	"  show         list all groups of this network namespace\n"
	"  show -v      show each of them with its interfaces (--verbose)\n"
	"  show NAME    show one with its interfaces\n"
	"  add NAME     start one; what is not set is as in the group \"default\" when\n"
	"               the module is loaded, but with an address of one family only\n"
	"               it has none of the other\n"
	"  set NAME     change settings of one; its peers are kept\n"
	"  del NAME     stop one; its peers leave\n"
	"\n"
	"Settings are pairs, in any order:\n"
	"  address ADDRESS      IPv4 multicast address, or none\n"
	"  address6 ADDRESS     IPv6 multicast address, or none\n"
	"  port PORT            UDP port\n"
	"  prefix TEXT          what a datagram starts with\n"
	"  ttl NUMBER           time to live of announcements, 1 keeps them on the link\n"
	"  interval SECONDS     longest time between two announcements\n"
	"  expiry SECONDS       how long a peer lives after it was last heard\n"
	"  max-peers NUMBER     how many peers the group holds at most\n"
	"  per-source NUMBER    how many may have joined from one address at most\n"
	"  join-rate NUMBER     how many new names are accepted in a second\n"
	"  off-link accept|drop what becomes of announcements from addresses that are\n"
	"                       not of the networks of the interface; dropped unless set\n"
	"  hostname NAME        what this host announces; '' for its host name\n"
	"  interfaces PATTERNS  which interfaces may take part; '' for all\n"
	"  listen PATTERNS      on which of them nothing is announced; '' for none,\n"
	"                       '*' for all: the group only listens\n"
	"  targets ADDRESSES    where announcements go besides, by unicast or broadcast,\n"
	"                       and whence they are accepted; '' for nowhere\n"
	"  repeat NUMBER        how many times each announcement is sent, 1 to 3\n"
	"\n"
	"PATTERNS are as of a shell, for names of interfaces, separated by commas; those\n"
	"behind a ! exclude: 'eth*,wlan0,!eth9'. They need quotes.\n"
	"\n"
	"ADDRESSES are of hosts, separated by commas, and the word broadcast, which\n"
	"reaches all hosts on the links of the group: 10.0.0.5,2001:db8::7,broadcast\n",
	.run = run,
};
