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
		.verb = "expire",
		.gerund = "expiring",
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
		err = mcpeer_client_expire(client, context->group, argv[0]);
		status = mcpeer_report_outcome(client, &deed, err);
	}
	mcpeer_client_close(client);
	return status;
}

const struct mcpeer_verb mcpeer_cmd_expire = {
	.name = "expire",
	.usage = "expire [-g GROUP] NAME",
	.summary = "end a peer's lifetime now",
	.help =
	"Ends a peer's lifetime now, as if it had run out. A host that is alive comes\n"
	"back with its next announcement.\n",
	.run = run,
};
