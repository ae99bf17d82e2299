/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_OPTIONS_H
#define MCPEER_OPTIONS_H

#include <getopt.h>

#include "client.h"
#include "commands.h"
#include "compiler.h"

/* What mcpeer_options_next() returns besides a verb's own options. */
enum mcpeer_options_end {
	MCPEER_OPTIONS_END	= -1,	/* the arguments follow */
	MCPEER_OPTIONS_HELPED	= -2,	/* nothing else is to be done */
	MCPEER_OPTIONS_WRONG	= -3,	/* and the user knows */
};

int mcpeer_options_next(struct mcpeer_context *context, int argc, char **argv,
			const char *shorts, const struct option *longs);
enum mcpeer_status mcpeer_options_rest(const struct mcpeer_context *context,
				       int *argc, char ***argv, int option,
				       const char *const *names, int min);
enum mcpeer_status mcpeer_options_only(struct mcpeer_context *context,
				       int *argc, char ***argv,
				       const char *const *names, int min);
__printf(2, 3)
enum mcpeer_status mcpeer_options_misuse(const struct mcpeer_context *context,
					 const char *format, ...);
enum mcpeer_status mcpeer_options_wrong(const struct mcpeer_context *context,
					char **argv, int option);
enum mcpeer_status mcpeer_options_address(const struct mcpeer_context *context,
					  const char *text,
					  struct mcpeer_address *address);

#endif
