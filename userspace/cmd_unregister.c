// SPDX-License-Identifier: GPL-2.0
#include "client.h"
#include "commands.h"
#include "options.h"
#include "report.h"

static enum mcpeer_status run(struct mcpeer_context *context,
			      int argc, char **argv)
{
	static const char *const names[] = { "NAME", NULL };
	struct mcpeer_deed deed = {
		.verb = "unregister",
		.gerund = "unregistering",
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
		err = mcpeer_client_unregister(client, context->group, argv[0]);
		status = mcpeer_report_outcome(client, &deed, err);
	}
	mcpeer_client_close(client);
	return status;
}

const struct mcpeer_verb mcpeer_cmd_unregister = {
	.name = "unregister",
	.usage = "unregister [-g GROUP] NAME",
	.summary = "remove a registration of this host",
	.help =
	"Removes what was registered on this host with 'mcpeer register'. A peer that\n"
	"was heard on the network cannot be unregistered, but see expire.\n",
	.run = run,
};
