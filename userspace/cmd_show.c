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

static int show(const struct mcpeer_peer_info *peer, void *arg)
{
	struct shown *shown = arg;
	int err;

	err = mcpeer_print_peer(shown->context, peer);
	shown->status = mcpeer_report_print(err);
	return 0;
}

static enum mcpeer_status run(struct mcpeer_context *context,
			      int argc, char **argv)
{
	static const char *const names[] = { "NAME", NULL };
	struct shown shown = { .context = context };
	struct mcpeer_deed deed = {
		.verb = "show",
		.gerund = "showing",
		.noun = "peer",
	};
	struct mcpeer_client *client = NULL;
	enum mcpeer_status status;
	int err;

	status = mcpeer_options_only(context, &argc, &argv, names, 1);
	if (status != MCPEER_GO_ON)
		return status;
	deed.name = argv[0];
	deed.group = context->group;

	status = mcpeer_report_open(mcpeer_client_open(&client));
	if (status == MCPEER_GO_ON) {
		err = mcpeer_client_get_peer(client, context->group, argv[0],
					     show, &shown);
		status = mcpeer_report_outcome(client, &deed, err);
		if (status == MCPEER_DONE)
			status = shown.status;
	}
	mcpeer_client_close(client);
	return status;
}

const struct mcpeer_verb mcpeer_cmd_show = {
	.name = "show",
	.usage = "show [-j] [-g GROUP] NAME",
	.summary = "show all that is known of one peer",
	.help =
	"Shows all that is known of one peer: where it was heard last and, if it is heard\n"
	"at several addresses or interfaces, each of these paths. Ends with status 3 if\n"
	"there is none of that name.\n",
	.run = run,
};
