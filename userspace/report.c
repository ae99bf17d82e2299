// SPDX-License-Identifier: GPL-2.0
/* What to say, on stderr, and with which status to end. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report.h"
#include "text.h"

#define REPORT_MAX	1024

/* What is being read, if what is said is about that. */
static const char *report_place;

/**
 * mcpeer_report_place - say of what follows what it is about
 * @place: as in "file:3", kept by the caller; NULL if it is about the arguments
 */
void mcpeer_report_place(const char *place)
{
	report_place = place;
}

/**
 * mcpeer_report_has_place - tell whether what is said is about something read
 *
 * Return: true if so; then it is of no use to show how a verb is called.
 */
bool mcpeer_report_has_place(void)
{
	return report_place;
}

/**
 * mcpeer_report - say something to the user
 * @format: a line, without its end; whatever it holds is made harmless
 */
void mcpeer_report(const char *format, ...)
{
	char escaped[MCPEER_TEXT_ESCAPED(REPORT_MAX)];
	char text[REPORT_MAX];
	va_list args;
	int used = 0;

	va_start(args, format);
	if (report_place)
		used = snprintf(text, sizeof(text), "%s: ", report_place);
	vsnprintf(text + used, sizeof(text) - used, format, args);
	va_end(args);
	fprintf(stderr, "mcpeer: %s\n",
		mcpeer_text_escape(escaped, sizeof(escaped), text));
}

/**
 * mcpeer_report_open - say why there is no connection to the module
 * @err: what mcpeer_client_open() returned
 *
 * Return: MCPEER_GO_ON, or the status to end with.
 */
enum mcpeer_status mcpeer_report_open(int err)
{
	if (!err)
		return MCPEER_GO_ON;
	if (err == -ENOENT)
		mcpeer_report(
			      "the mcpeer module is not loaded (try: modprobe mcpeer)");
	else
		mcpeer_report("cannot reach the kernel: %s", strerror(-err));
	return MCPEER_REFUSED;
}

/* "cannot register 'x' in group 'lab'" */
static void describe(char *dst, size_t size, const struct mcpeer_deed *deed)
{
	int len = snprintf(dst, size, "cannot %s", deed->verb);

	if (deed->name)
		len += snprintf(dst + len, size - len, " '%.256s'",
				deed->name);
	if (deed->group)
		snprintf(dst + len, size - len, " in group '%.128s'",
			 deed->group);
}

/**
 * mcpeer_report_outcome - say how a request went, unless it just went well
 * @client: the connection, for what the kernel said
 * @deed: what was tried
 * @err: its error number
 *
 * Return: the status to end with.
 */
enum mcpeer_status mcpeer_report_outcome(const struct mcpeer_client *client,
					 const struct mcpeer_deed *deed,
					 int err)
{
	const char *sentence = mcpeer_client_sentence(client);
	char what[512];

	if (!err && sentence)
		mcpeer_report("note: %s", sentence);
	if (!err && mcpeer_client_torn(client)) {
		mcpeer_report(
			      "the table changed while it was listed, ten times over; %ss that came or went meanwhile may be missing",
			      deed->noun);
		return MCPEER_REFUSED;
	}
	if (!err)
		return MCPEER_DONE;

	describe(what, sizeof(what), deed);
	if (sentence)
		mcpeer_report("%s: %s", what, sentence);
	else if (err == -EPERM)
		mcpeer_report("permission denied: %s needs CAP_NET_ADMIN%s",
			      deed->gerund,
			      geteuid() ? " (try sudo)" : "");
	else if (err == -ENOENT)
		mcpeer_report("the mcpeer module was unloaded");
	else if (err == -EBADMSG)
		mcpeer_report(
			      "%s: the kernel's answer makes no sense (is the module of another version?)",
			      what);
	else
		mcpeer_report("%s: %s", what, strerror(-err));
	/* The module never says so without a sentence; the family is gone. */
	return err == -ENOENT && sentence ? MCPEER_MISSING : MCPEER_REFUSED;
}

/**
 * mcpeer_report_print - say why an answer could not be printed
 * @err: what the printer returned
 *
 * Return: the status to end with.
 */
enum mcpeer_status mcpeer_report_print(int err)
{
	if (!err)
		return MCPEER_DONE;
	mcpeer_report("cannot write the output: %s", strerror(-err));
	return MCPEER_REFUSED;
}
