// SPDX-License-Identifier: GPL-2.0
/* The command: its common options and the table of its verbs. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "compiler.h"
#include "options.h"
#include "report.h"

#define OUTPUT_BUFFER_SIZE	65536

/* The first one is meant where none is named. */
static const struct mcpeer_verb *const verbs[] = {
	&mcpeer_cmd_list,
	&mcpeer_cmd_show,
	&mcpeer_cmd_monitor,
	&mcpeer_cmd_register,
	&mcpeer_cmd_unregister,
	&mcpeer_cmd_expire,
	&mcpeer_cmd_group,
	&mcpeer_cmd_stats,
};

static void print_help(void)
{
	printf("Usage: mcpeer [-j] [-g GROUP] [VERB ...]\n"
	       "\n"
	       "Hosts on the local network, as the kernel module mcpeer knows them.\n"
	       "\n"
	       "Verbs:\n");
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		printf("  %-12s%s\n", verbs[i]->name, verbs[i]->summary);
	printf("\n"
	       "Without a verb, list is meant. 'mcpeer VERB --help' tells more.\n"
	       "\n"
	       "Options, before or behind the verb:\n"
	       "  -j, --json         print JSON\n"
	       "  -g, --group GROUP  of this discovery group instead of \"default\"\n"
	       "  -h, --help         print this help and exit\n"
	       "  -V, --version      print the version and exit\n"
	       "\n"
	       "Exit status: 0 done, 1 refused by the kernel or the system, 2 misuse,\n"
	       "3 not found.\n");
}

static enum mcpeer_status run_verb(struct mcpeer_context *context,
				   int argc, char **argv)
{
	static char *default_argv[2];

	/* Makes getopt start anew, for the options behind the verb. */
	optind = 0;
	if (!argc) {
		context->verb = verbs[0];
		default_argv[0] = (char *)verbs[0]->name;
		return context->verb->run(context, 1, default_argv);
	}
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (strcmp(verbs[i]->name, argv[0]))
			continue;
		context->verb = verbs[i];
		return context->verb->run(context, argc, argv);
	}
	return mcpeer_options_misuse(context, "unknown verb '%s'", argv[0]);
}

static enum mcpeer_status run(struct mcpeer_context *context,
			      int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json",	no_argument,		NULL, 'j' },
		{ "group",	required_argument,	NULL, 'g' },
		{ "help",	no_argument,		NULL, 'h' },
		{ "version",	no_argument,		NULL, 'V' },
		{ NULL,		0,			NULL, 0 }
	};
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:jg:hV", longs,
				     NULL)) >= 0) {
		switch (option) {
		case 'j':
			context->json = true;
			break;
		case 'g':
			context->group = optarg;
			break;
		case 'h':
			print_help();
			return MCPEER_DONE;
		case 'V':
			printf("mcpeer %s\n", MCPEER_VERSION);
			return MCPEER_DONE;
		default:
			return mcpeer_options_wrong(context, argv, option);
		}
	}
	return run_verb(context, argc - optind, argv + optind);
}

/*
 * A standard stream that the caller closed must not become a socket of ours,
 * nor output vanish silently: writing to this one fails.
 */
static void occupy_standard_streams(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static bool wants_colour(void)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	return (!no_colour || !*no_colour) &&
	       terminal && *terminal && strcmp(terminal, "dumb");
}

int main(int argc, char **argv)
{
	struct mcpeer_context context = { .json = false };
	enum mcpeer_status status;
	int failed;

	occupy_standard_streams();
	/* Lines go out whole, whoever reads them. */
	setvbuf(stdout, NULL, _IOFBF, OUTPUT_BUFFER_SIZE);
	context.terminal = isatty(STDOUT_FILENO);
	context.colour = context.terminal && wants_colour();

	status = run(&context, argc, argv);

	errno = 0;
	failed = ferror(stdout);
	failed |= fclose(stdout);
	if (failed && status == MCPEER_DONE) {
		mcpeer_report("cannot write the output: %s",
			      errno ? strerror(errno) : "write error");
		status = MCPEER_REFUSED;
	}
	return status;
}
