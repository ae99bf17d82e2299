// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>

#include "client.h"
#include "commands.h"
#include "follow.h"
#include "idle.h"
#include "options.h"
#include "print.h"
#include "report.h"
#include "text.h"

#define NO_LIMIT	UINT64_MAX

/* What ends the following, besides enum mcpeer_follow_end. */
enum end {
	END_COUNTED = 1,	/* as many events as were wanted */
	END_UNWRITTEN,		/* the output takes no more; the user knows */
};

/**
 * struct monitor - what the printer needs
 * @context: how
 * @left: how many more events are wanted
 */
struct monitor {
	const struct mcpeer_context *context;
	uint64_t left;
};

/* Gets a line out at once, or finds why it will never get out. */
static int flush(int err)
{
	enum mcpeer_idle_end end = MCPEER_IDLE_READY;

	if (!err)
		end = mcpeer_idle_until_writable();
	if (end != MCPEER_IDLE_READY) {
		/* Nor may the end of the process wait for a slow reader. */
		__fpurge(stdout);
		return end == MCPEER_IDLE_STOPPED ? MCPEER_FOLLOW_STOPPED :
						    MCPEER_FOLLOW_UNREAD;
	}
	if (!err && fflush(stdout))
		err = -errno;
	return mcpeer_report_print(err) ? END_UNWRITTEN : 0;
}

static int print_event(const struct mcpeer_event_info *event, void *arg)
{
	struct monitor *monitor = arg;
	const char *group = monitor->context->group;
	int end;

	if (group && (!event->group || strcmp(event->group, group)))
		return 0;
	end = flush(mcpeer_print_event(monitor->context, event));
	if (!end && monitor->left != NO_LIMIT && !--monitor->left)
		end = END_COUNTED;
	return end;
}

static int report_lost(uint64_t first, uint64_t last,
		       enum mcpeer_follow_reason reason, void *arg)
{
	static const struct {
		const char *one, *many;
	} words[] = {
		[MCPEER_FOLLOW_BEFORE] = {
			"it happened before the journal begins",
			"happened before the journal begins",
		},
		[MCPEER_FOLLOW_OVERRUN] = {
			"it happened faster than it was read",
			"happened faster than they were read",
		},
		[MCPEER_FOLLOW_MEMORY] = {
			"the kernel had no memory for it",
			"found no memory in the kernel",
		},
	};
	const struct monitor *monitor = arg;

	if (first == last)
		mcpeer_report("lost event %" PRIu64 ": %s", first,
			      words[reason].one);
	else
		mcpeer_report("lost events %" PRIu64 "–%" PRIu64 ": %" PRIu64
			      " %s", first, last, last - first + 1,
			      words[reason].many);
	return flush(mcpeer_print_lost(monitor->context, first, last));
}

static void report_early(uint64_t last, void *arg)
{
	(void)arg;
	mcpeer_report("the last event was %" PRIu64 "; going on from there",
		      last);
}

static void report_trouble(int err, void *arg)
{
	(void)arg;
	mcpeer_report("cannot read missed events, trying again: %s",
		      strerror(-err));
}

static enum mcpeer_status finish(const struct mcpeer_client *client, int end)
{
	const struct mcpeer_deed deed = {
		.verb = "follow events",
		.gerund = "following events",
		.noun = "event",
	};

	switch (end) {
	case END_COUNTED:
	case MCPEER_FOLLOW_STOPPED:
		return MCPEER_DONE;
	case END_UNWRITTEN:
		return MCPEER_REFUSED;
	case MCPEER_FOLLOW_UNREAD:
		/* The same end as writing a line would bring. */
		raise(SIGPIPE);
		return mcpeer_report_print(-EPIPE);
	case MCPEER_FOLLOW_UNLOADED:
		mcpeer_report("the mcpeer module was unloaded");
		return MCPEER_REFUSED;
	default:
		return mcpeer_report_outcome(client, &deed, end);
	}
}

static enum mcpeer_status parse(struct mcpeer_context *context,
				int argc, char **argv,
				struct monitor *monitor, uint64_t *since)
{
	static const struct option longs[] = {
		{ "since",	required_argument,	NULL, 's' },
		{ "count",	required_argument,	NULL, 'c' },
		{ NULL,		0,			NULL, 0 }
	};
	static const char *const names[] = { NULL };
	bool is_number;
	int option;

	while ((option = mcpeer_options_next(context, argc, argv,
					     "s:c:", longs)) >= 0) {
		is_number = mcpeer_text_parse_number(optarg, INT64_MAX,
						     option == 's' ? since :
						     &monitor->left);
		if (!is_number)
			return mcpeer_options_misuse(context,
						     "'%s' is not a number",
						     optarg);
		if (!monitor->left)
			return mcpeer_options_misuse(context,
						     "a count of 0 makes no sense");
	}
	return mcpeer_options_rest(context, &argc, &argv, option, names, 0);
}

static enum mcpeer_status run(struct mcpeer_context *context,
			      int argc, char **argv)
{
	struct monitor monitor = { .context = context, .left = NO_LIMIT };
	const struct mcpeer_follower follower = {
		.event = print_event,
		.lost = report_lost,
		.early = report_early,
		.trouble = report_trouble,
		.arg = &monitor,
	};
	uint64_t since = MCPEER_FOLLOW_NOW;
	struct mcpeer_client *client = NULL;
	enum mcpeer_status status;
	int end;

	status = parse(context, argc, argv, &monitor, &since);
	if (status != MCPEER_GO_ON)
		return status;
	status = mcpeer_report_open(mcpeer_client_open(&client));
	if (status == MCPEER_GO_ON) {
		end = mcpeer_idle_begin();
		if (!end)
			end = mcpeer_follow_run(client, since, &follower);
		status = finish(client, end);
	}
	mcpeer_client_close(client);
	return status;
}

const struct mcpeer_verb mcpeer_cmd_monitor = {
	.name = "monitor",
	.usage = "monitor [-j] [-g GROUP] [-s SEQ] [-c COUNT]",
	.summary = "follow the events",
	.help =
	"Prints each event as it happens: its time, number and kind, and the peer or\n"
	"the interface that it is about.\n"
	"\n"
	"  join, update, expire, leave\n"
	"             a peer came, changed, fell silent, was removed\n"
	"  conflict, conflict-end\n"
	"             another host announces the name of this host, or two hosts that of\n"
	"             a peer; they do no more\n"
	"  table-full, table-full-end\n"
	"             a new peer was refused at max-peers; none is any more\n"
	"  deaf, recovered\n"
	"             an interface does not hear this host's own announcements; it\n"
	"             hears them again, or takes part no more\n"
	"\n"
	"Events are numbered without gaps; what was missed is read again from the\n"
	"kernel's journal, and what is not there either is reported as lost.\n"
	"\n"
	"  -s, --since SEQ    begin with event number SEQ, as far as the journal\n"
	"                     reaches back; 0 for all it has\n"
	"  -c, --count COUNT  end after this many events\n"
	"\n"
	"Ends at SIGINT and SIGTERM with status 0, and when the module is unloaded with\n"
	"status 1.\n",
	.run = run,
};
