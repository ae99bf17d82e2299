// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "batch.h"
#include "client.h"
#include "commands.h"
#include "options.h"
#include "report.h"
#include "text.h"

static enum mcpeer_status parse_lifetime(const struct mcpeer_context *context,
					 const char *text,
					 struct mcpeer_registration *what)
{
	what->permanent = !strcmp(text, "never");
	what->has_lifetime = !what->permanent;
	if (what->permanent ||
	    mcpeer_text_parse_seconds(text, &what->lifetime))
		return MCPEER_GO_ON;
	return mcpeer_options_misuse(context,
				     "'%s' is not a lifetime: seconds, as in 35 or 0.5, or never",
				     text);
}

static enum mcpeer_status set_mode(const struct mcpeer_context *context,
				   enum mcpeer_client_mode mode,
				   struct mcpeer_registration *what)
{
	if (what->mode != MCPEER_CLIENT_ANY && what->mode != mode)
		return mcpeer_options_misuse(context,
					     "--exclusive and --replace exclude each other");
	what->mode = mode;
	return MCPEER_GO_ON;
}

static enum mcpeer_status take_option(const struct mcpeer_context *context,
				      int option,
				      struct mcpeer_registration *what)
{
	switch (option) {
	case 'x':
		return set_mode(context, MCPEER_CLIENT_EXCLUSIVE, what);
	case 'r':
		return set_mode(context, MCPEER_CLIENT_REPLACE, what);
	case 'l':
		return parse_lifetime(context, optarg, what);
	default:
		return mcpeer_options_address(context, optarg,
					      &what->address);
	}
}

/* With a batch, nothing is registered but what that says. */
static enum mcpeer_status parse(struct mcpeer_context *context,
				int argc, char **argv,
				struct mcpeer_registration *what,
				const char **batch)
{
	static const struct option longs[] = {
		{ "exclusive",	no_argument,		NULL, 'x' },
		{ "replace",	no_argument,		NULL, 'r' },
		{ "lifetime",	required_argument,	NULL, 'l' },
		{ "address",	required_argument,	NULL, 'a' },
		{ "batch",	required_argument,	NULL, 'b' },
		{ NULL,		0,			NULL, 0 }
	};
	static const char *const names[] = { "NAME", "VALUE", NULL };
	const struct mcpeer_registration nothing = *what;
	enum mcpeer_status status;
	int option;

	while ((option = mcpeer_options_next(context, argc, argv,
					     "xrl:a:b:", longs)) >= 0) {
		if (option == 'b') {
			*batch = optarg;
			continue;
		}
		status = take_option(context, option, what);
		if (status != MCPEER_GO_ON)
			return status;
	}
	status = mcpeer_options_rest(context, &argc, &argv, option,
				     *batch ? names + 2 : names, !*batch);
	if (status != MCPEER_GO_ON)
		return status;
	if (*batch && memcmp(what, &nothing, sizeof(nothing)))
		return mcpeer_options_misuse(context,
					     "with --batch, the other options stand in the file");
	if (*batch)
		return MCPEER_GO_ON;
	what->group = context->group;
	what->name = argv[0];
	what->value = argv[1];
	return MCPEER_GO_ON;
}

static enum mcpeer_status parse_line(struct mcpeer_context *context,
				     int argc, char **argv,
				     struct mcpeer_registration *what)
{
	const char *batch = NULL;
	enum mcpeer_status status;

	/* Has getopt_long() start anew. */
	optind = 0;
	status = parse(context, argc, argv, what, &batch);
	if (batch && status == MCPEER_GO_ON)
		return mcpeer_options_misuse(context,
					     "a batch cannot name another one");
	return status;
}

static enum mcpeer_status run(struct mcpeer_context *context,
			      int argc, char **argv)
{
	struct mcpeer_registration what = { .mode = MCPEER_CLIENT_ANY };
	struct mcpeer_deed deed = {
		.verb = "register",
		.gerund = "registering",
		.noun = "peer",
	};
	struct mcpeer_client *client = NULL;
	const char *batch = NULL;
	enum mcpeer_status status;
	int err;

	status = parse(context, argc, argv, &what, &batch);
	if (status != MCPEER_GO_ON)
		return status;
	if (batch)
		return mcpeer_batch_register(context, &deed, batch,
					     parse_line);
	deed.name = what.name;
	deed.group = what.group;

	status = mcpeer_report_open(mcpeer_client_open(&client));
	if (status == MCPEER_GO_ON) {
		err = mcpeer_client_register(client, &what);
		status = mcpeer_report_outcome(client, &deed, err);
	}
	mcpeer_client_close(client);
	return status;
}

const struct mcpeer_verb mcpeer_cmd_register = {
	.name = "register",
	.usage = "register [-g GROUP] [-x | -r] [-l SECONDS|never]\n"
		 "                       [-a ADDRESS] NAME [VALUE]\n"
		 "       mcpeer register [-g GROUP] -b FILE|-",
	.summary = "register a peer on this host",
	.help =
	"Registers a peer on this host, with a value if one is given. What the name\n"
	"stood for is replaced and its lifetime starts anew.\n"
	"\n"
	"  -x, --exclusive         only if the name is not there yet\n"
	"  -r, --replace           only if the name is there already\n"
	"  -l, --lifetime SECONDS  how long it lives; without this, as long as a peer\n"
	"                          of the group lives that is heard once\n"
	"  -l, --lifetime never    it lives until it is unregistered\n"
	"  -a, --address ADDRESS   its IP address\n"
	"  -b, --batch FILE|-      register what FILE, or the standard input, says:\n"
	"                          a line for each, with options, NAME and VALUE as\n"
	"                          above; # starts a comment, quotes hold a VALUE with\n"
	"                          spaces together. Much faster for many. A line that\n"
	"                          is refused is told, and the others are registered;\n"
	"                          one of more than 4096 bytes or with a NUL ends it.\n"
	"\n"
	"A VALUE that begins with - needs a -- before NAME.\n",
	.run = run,
};
