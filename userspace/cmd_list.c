// SPDX-License-Identifier: GPL-2.0
#include "client.h"
#include "commands.h"
#include "options.h"
#include "peer_list.h"
#include "report.h"

static void begin(void *list)
{
	mcpeer_peer_list_clear(list);
}

static int add(const struct mcpeer_peer_info *peer, void *list)
{
	return mcpeer_peer_list_add(list, peer);
}

static void forget_groups(void *arg)
{
	*(bool *)arg = false;
}

static int find_group(const struct mcpeer_group_info *group, void *arg)
{
	(void)group;
	*(bool *)arg = true;
	return 0;
}

/* A person who sees no peers is told why there can be none. */
static void explain_nothing(struct mcpeer_client *client)
{
	bool has_group = true;

	mcpeer_client_list_groups(client, forget_groups, find_group,
				  &has_group);
	mcpeer_report(has_group ? "no peers" :
		      "no peers, for there is no group in this network namespace");
}

static enum mcpeer_status list_peers(struct mcpeer_context *context,
				     struct mcpeer_client *client,
				     bool unsorted)
{
	const struct mcpeer_deed deed = {
		.verb = "list the peers",
		.gerund = "listing",
		.noun = "peer",
		.group = context->group,
	};
	struct mcpeer_peer_list peers = {
		.context = context,
		.unsorted = unsorted,
	};
	enum mcpeer_status status, printed;
	int err;

	mcpeer_peer_list_clear(&peers);
	err = mcpeer_client_list_peers(client, context->group,
				       unsorted ? NULL : begin, add, &peers);
	if (peers.failure)
		status = mcpeer_report_print(peers.failure);
	else
		status = mcpeer_report_outcome(client, &deed, err);
	/* What came is printed, though more should have come. */
	if (!peers.failure && (!err || unsorted)) {
		printed = mcpeer_report_print(mcpeer_peer_list_print(&peers,
								     !err));
		status = status ? status : printed;
	}
	if (!err && !peers.printed && context->terminal && !context->json)
		explain_nothing(client);
	mcpeer_peer_list_free(&peers);
	return status;
}

static enum mcpeer_status run(struct mcpeer_context *context,
			      int argc, char **argv)
{
	static const struct option longs[] = {
		{ "unsorted",	no_argument,	NULL, 'u' },
		{ }
	};
	static const char *const names[] = { NULL };
	struct mcpeer_client *client;
	enum mcpeer_status status;
	bool unsorted = false;
	int option;

	while ((option = mcpeer_options_next(context, argc, argv, "u",
					     longs)) == 'u')
		unsorted = true;
	status = mcpeer_options_rest(context, &argc, &argv, option, names, 0);
	if (status != MCPEER_GO_ON)
		return status;
	status = mcpeer_report_open(mcpeer_client_open(&client));
	if (status == MCPEER_GO_ON)
		status = list_peers(context, client, unsorted);
	mcpeer_client_close(client);
	return status;
}

const struct mcpeer_verb mcpeer_cmd_list = {
	.name = "list",
	.usage = "list [-j] [-u] [-g GROUP]",
	.summary = "list the peers",
	.help =
	"Lists the peers of all groups, or of the one named by -g, sorted by name.\n"
	"This is what mcpeer does without a verb.\n"
	"\n"
	"  -u, --unsorted\n"
	"           in the order in which they joined, printed as they are read: takes\n"
	"           no memory, however many they are\n"
	"\n"
	"  ADDRESS, INTERFACE\n"
	"           where the peer was heard last; show has all its paths\n"
	"  SILENT   seconds since the peer was last heard, or registered\n"
	"  EXPIRES  seconds until it is gone, unless it is heard again\n"
	"  VALUE    what was registered with a peer of this host\n",
	.run = run,
};
