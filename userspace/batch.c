// SPDX-License-Identifier: GPL-2.0
/* Registrations from a file, one to a line. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "lines.h"

/* More than all options and arguments of a registration. */
#define WORDS_MAX	16

/**
 * struct batch - a file that is worked off
 * @context: how the command was called
 * @deed: what is done with each line
 * @parse: reads the words of one
 * @name: of the file, for people
 * @client: the connection
 * @bulk: what is under way
 * @status: of the first line that went wrong
 * @first: the number of that line
 * @lines: the file
 */
struct batch {
	const struct mcpeer_context *context;
	const struct mcpeer_deed *deed;
	mcpeer_batch_parse_fn parse;
	const char *name;
	struct mcpeer_client *client;
	struct mcpeer_bulk *bulk;
	enum mcpeer_status status;
	size_t first;
	struct mcpeer_lines lines;
};

/* What is wrong with a line itself is known before the kernel has answered. */
static void note(struct batch *batch, size_t number, enum mcpeer_status status)
{
	if (status == MCPEER_DONE ||
	    (batch->status != MCPEER_DONE && batch->first < number))
		return;
	batch->status = status;
	batch->first = number;
}

/* Whoever may not register one, or finds nobody who does, need not go on. */
static int on_refused(size_t number, int err, void *arg)
{
	struct batch *batch = arg;
	bool hopeless = err == -EPERM ||
		(err == -ENOENT && !mcpeer_client_sentence(batch->client));
	char place[320];

	snprintf(place, sizeof(place), "%.256s:%zu", batch->name, number);
	mcpeer_report_place(place);
	note(batch, number,
	     mcpeer_report_outcome(batch->client, batch->deed, err));
	mcpeer_report_place(NULL);
	return hopeless;
}

static enum mcpeer_status say_words(int err)
{
	if (err == -E2BIG)
		mcpeer_report("too many words");
	else
		mcpeer_report("a quote has no end");
	return MCPEER_MISUSED;
}

/* Puts a line under way; what is wrong with it is told at once. */
static enum mcpeer_status read_line(struct batch *batch, char *line, int *err)
{
	struct mcpeer_registration what = { .mode = MCPEER_CLIENT_ANY };
	struct mcpeer_context context = *batch->context;
	/* In the place of the verb, which options are read behind. */
	char *words[WORDS_MAX + 1] = { (char *)batch->deed->verb };
	enum mcpeer_status status;
	int count;

	count = mcpeer_lines_split(line, words + 1, WORDS_MAX);
	if (!count)
		return MCPEER_DONE;
	if (count < 0)
		return say_words(count);
	status = batch->parse(&context, count + 1, words, &what);
	if (status != MCPEER_GO_ON)
		return status;
	*err = mcpeer_client_bulk_register(batch->client, &what, batch->bulk,
					   batch->lines.number);
	if (*err != -EMSGSIZE)
		return MCPEER_DONE;
	/* It has not even become a request. */
	*err = 0;
	return mcpeer_report_outcome(NULL, batch->deed, -EMSGSIZE);
}

static int take_line(struct batch *batch, char *line)
{
	enum mcpeer_status status;
	char place[320];
	int err = 0;

	snprintf(place, sizeof(place), "%.256s:%zu", batch->name,
		 batch->lines.number);
	mcpeer_report_place(place);
	status = read_line(batch, line, &err);
	mcpeer_report_place(NULL);
	note(batch, batch->lines.number, status);
	return err;
}

static void say_line(const struct batch *batch, int err)
{
	if (err == -E2BIG)
		mcpeer_report("%s:%zu: the line is too long", batch->name,
			      batch->lines.number);
	else if (err == -EINVAL)
		mcpeer_report("%s:%zu: the line is no text", batch->name,
			      batch->lines.number);
	else
		mcpeer_report("cannot read %s: %s", batch->name,
			      strerror(-err));
}

/* Nothing waits for a line that may be long in coming. */
static enum mcpeer_status work(struct batch *batch)
{
	char *line;
	int err;

	do {
		err = 0;
		if (!mcpeer_lines_is_ahead(&batch->lines))
			err = mcpeer_client_flush_bulk(batch->bulk);
		if (err)
			break;
		err = mcpeer_lines_next(&batch->lines, &line);
		if (err) {
			say_line(batch, err);
			note(batch, batch->lines.number, MCPEER_REFUSED);
			line = NULL;
			err = 0;
		}
		if (line)
			err = take_line(batch, line);
	} while (line && !err);
	if (!err)
		err = mcpeer_client_flush_bulk(batch->bulk);
	/* What is not negative has been told. */
	if (err < 0)
		note(batch, batch->lines.number,
		     mcpeer_report_outcome(NULL, batch->deed, err));
	return batch->status;
}

static enum mcpeer_status run(struct batch *batch)
{
	enum mcpeer_status status;

	status = mcpeer_report_open(mcpeer_client_open(&batch->client));
	if (status != MCPEER_GO_ON)
		return status;
	batch->bulk = mcpeer_client_begin_bulk(batch->client, on_refused,
					       batch);
	if (batch->bulk)
		status = work(batch);
	else
		status = mcpeer_report_outcome(NULL, batch->deed, -ENOMEM);
	mcpeer_client_end_bulk(batch->bulk);
	mcpeer_client_close(batch->client);
	return status;
}

/**
 * mcpeer_batch_register - register what a file says
 * @context: how the command was called
 * @deed: what is done with each line
 * @file: its name, or - for the standard input
 * @parse: reads the words of a line
 *
 * A line that is refused does not keep the others from being registered.
 *
 * Return: the status to end with, that of the first line that was refused.
 */
enum mcpeer_status mcpeer_batch_register(const struct mcpeer_context *context,
					 const struct mcpeer_deed *deed,
					 const char *file,
					 mcpeer_batch_parse_fn parse)
{
	static struct batch batch;
	bool is_stdin = !strcmp(file, "-");
	enum mcpeer_status status;

	batch.context = context;
	batch.deed = deed;
	batch.parse = parse;
	batch.name = is_stdin ? "stdin" : file;
	batch.lines.fd = is_stdin ? STDIN_FILENO : open(file, O_RDONLY);
	if (batch.lines.fd < 0) {
		say_line(&batch, -errno);
		return MCPEER_REFUSED;
	}
	status = run(&batch);
	if (!is_stdin)
		close(batch.lines.fd);
	return status;
}
