// SPDX-License-Identifier: GPL-2.0
#include "client.h"
#include "commands.h"
#include "options.h"
#include "print.h"
#include "report.h"

/* What the printer needs, and how it went. */
struct shown {
	const struct mcpeer_context *context;
	enum mcpeer_status status;
};

static int show(const struct mcpeer_group_info *group, void *arg)
{
	struct shown *shown = arg;
	int err;

	err = mcpeer_print_stats(shown->context, group);
	shown->status = mcpeer_report_print(err);
	return 0;
}

static enum mcpeer_status run(struct mcpeer_context *context,
			      int argc, char **argv)
{
	static const char *const names[] = { "GROUP", NULL };
	struct shown shown = { .context = context };
	struct mcpeer_deed deed = {
		.verb = "show the counters of group",
		.gerund = "showing",
		.noun = "group",
	};
	struct mcpeer_client *client = NULL;
	enum mcpeer_status status;
	int err;

	status = mcpeer_options_only(context, &argc, &argv, names, 0);
	if (status != MCPEER_GO_ON)
		return status;
	if (argc && context->group)
		return mcpeer_options_misuse(context,
					     "GROUP and -g exclude each other");
	deed.name = argc ? argv[0] : context->group;
	if (!deed.name)
		deed.name = MCPEER_CLIENT_DEFAULT_GROUP;

	status = mcpeer_report_open(mcpeer_client_open(&client));
	if (status == MCPEER_GO_ON) {
		err = mcpeer_client_get_group(client, deed.name, show, &shown);
		status = mcpeer_report_outcome(client, &deed, err);
		if (status == MCPEER_DONE)
			status = shown.status;
	}
	mcpeer_client_close(client);
	return status;
}

const struct mcpeer_verb mcpeer_cmd_stats = {
	.name = "stats",
	.usage = "stats [-j] [-g GROUP | GROUP]",
	.summary = "show the counters of a group",
	.help =
	"Shows what became of the datagrams that a group received, and how many it\n"
	"sent. Each received datagram is counted in rx and in exactly one of the\n"
	"counters from refreshed to drop-nomem.\n",
	.run = run,
};
