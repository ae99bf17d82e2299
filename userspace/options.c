// SPDX-License-Identifier: GPL-2.0
/* Options and arguments of a verb, and what to say when they are wrong. */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>

#include "options.h"
#include "report.h"

/* Those that all verbs share, those of one verb, and the end. */
#define OPTIONS_MAX	12

static const char general_usage[] =
	"Usage: mcpeer [-j] [-g GROUP] [VERB ...]\n";

static void print_usage(const struct mcpeer_verb *verb, FILE *to)
{
	fprintf(to, "Usage: mcpeer %s\n", verb->usage);
}

/**
 * mcpeer_options_misuse - say what is wrong with the arguments
 * @context: names the verb, if there is one
 * @format: the wrong, not a whole line
 *
 * Return: MCPEER_MISUSED.
 */
enum mcpeer_status mcpeer_options_misuse(const struct mcpeer_context *context,
					 const char *format, ...)
{
	const struct mcpeer_verb *verb = context->verb;
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (mcpeer_report_has_place()) {
		mcpeer_report("%s", text);
	} else if (verb) {
		mcpeer_report("%s: %s", verb->name, text);
		print_usage(verb, stderr);
		fprintf(stderr, "Try 'mcpeer %s --help'.\n", verb->name);
	} else {
		mcpeer_report("%s", text);
		fprintf(stderr, "%sTry 'mcpeer --help'.\n", general_usage);
	}
	return MCPEER_MISUSED;
}

/**
 * mcpeer_options_wrong - say which option is wrong
 * @context: names the verb, if there is one
 * @argv: as getopt_long() knows it
 * @option: what getopt_long() returned: '?' or ':'
 *
 * Return: MCPEER_MISUSED.
 */
enum mcpeer_status mcpeer_options_wrong(const struct mcpeer_context *context,
					char **argv, int option)
{
	const char *what = option == ':' ? "missing argument of option" :
					   "unknown option";
	char letter[] = { '-', optopt, '\0' };

	/* Only an unknown word has no letter, and it is behind us. */
	return mcpeer_options_misuse(context, "%s '%s'", what,
				     optopt ? letter : argv[optind - 1]);
}

/**
 * mcpeer_options_next - take the next option of a verb
 * @context: gets the options that all verbs share
 * @argc: number of @argv
 * @argv: from the verb on
 * @shorts: the verb's own short options
 * @longs: the verb's own long options, ended by zeroes, or NULL
 *
 * Return: an option of the verb's own, or enum mcpeer_options_end.
 */
int mcpeer_options_next(struct mcpeer_context *context, int argc, char **argv,
			const char *shorts, const struct option *longs)
{
	struct option all[OPTIONS_MAX] = {
		{ "json",	no_argument,		NULL, 'j' },
		{ "group",	required_argument,	NULL, 'g' },
		{ "help",	no_argument,		NULL, 'h' },
	};
	char letters[OPTIONS_MAX * 2];
	int option;

	snprintf(letters, sizeof(letters), ":jg:h%s", shorts);
	for (int i = 3; longs && longs->name && i < OPTIONS_MAX - 1; i++)
		all[i] = *longs++;

	opterr = 0;
	for (;;) {
		option = getopt_long(argc, argv, letters, all, NULL);
		switch (option) {
		case 'j':
			context->json = true;
			break;
		case 'g':
			context->group = optarg;
			break;
		case 'h':
			/* Not even the name of a peer that begins so. */
			if (mcpeer_report_has_place()) {
				mcpeer_options_misuse(context,
						      "no line of a batch asks for help");
				return MCPEER_OPTIONS_WRONG;
			}
			print_usage(context->verb, stdout);
			printf("\n%s", context->verb->help);
			return MCPEER_OPTIONS_HELPED;
		case '?':
		case ':':
			mcpeer_options_wrong(context, argv, option);
			return MCPEER_OPTIONS_WRONG;
		default:
			return option;
		}
	}
}

/**
 * mcpeer_options_rest - take the arguments behind the options of a verb
 * @context: names the verb
 * @argc: number of @argv
 * @argv: from the verb on, changed to be from the first argument on
 * @option: what mcpeer_options_next() returned at last
 * @names: what the arguments are called, ended by NULL
 * @min: how many there must be
 *
 * Return: MCPEER_GO_ON, or the status to end with.
 */
enum mcpeer_status mcpeer_options_rest(const struct mcpeer_context *context,
				       int *argc, char ***argv, int option,
				       const char *const *names, int min)
{
	int max = 0;

	if (option == MCPEER_OPTIONS_HELPED)
		return MCPEER_DONE;
	if (option == MCPEER_OPTIONS_WRONG)
		return MCPEER_MISUSED;

	*argc -= optind;
	*argv += optind;
	while (names[max])
		max++;
	if (*argc < min)
		return mcpeer_options_misuse(context, "missing %s",
					     names[*argc]);
	if (*argc > max)
		return mcpeer_options_misuse(context,
					     "unexpected argument '%s'",
					     (*argv)[max]);
	return MCPEER_GO_ON;
}

/**
 * mcpeer_options_only - take the arguments of a verb without options of its own
 * @context: gets the options that all verbs share
 * @argc: number of @argv
 * @argv: from the verb on, changed to be from the first argument on
 * @names: what the arguments are called, ended by NULL
 * @min: how many there must be
 *
 * Return: MCPEER_GO_ON, or the status to end with.
 */
enum mcpeer_status mcpeer_options_only(struct mcpeer_context *context,
				       int *argc, char ***argv,
				       const char *const *names, int min)
{
	int option;

	option = mcpeer_options_next(context, *argc, *argv, "", NULL);
	return mcpeer_options_rest(context, argc, argv, option, names, min);
}

/**
 * mcpeer_options_address - read an IP address
 * @context: names the verb
 * @text: an IPv4 or IPv6 address
 * @address: the same
 *
 * Return: MCPEER_GO_ON or MCPEER_MISUSED.
 */
enum mcpeer_status mcpeer_options_address(const struct mcpeer_context *context,
					  const char *text,
					  struct mcpeer_address *address)
{
	if (inet_pton(AF_INET, text, address->bytes) == 1)
		address->len = 4;
	else if (inet_pton(AF_INET6, text, address->bytes) == 1)
		address->len = 16;
	else
		return mcpeer_options_misuse(context,
					     "'%s' is not an IP address", text);
	return MCPEER_GO_ON;
}
