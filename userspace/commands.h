/* SPDX-License-Identifier: GPL-2.0 */
/* The verbs, and what they share. */
#ifndef MCPEER_COMMANDS_H
#define MCPEER_COMMANDS_H

#include <stdbool.h>

/* Exit status of the command, and what its parts return. */
enum mcpeer_status {
	MCPEER_GO_ON	= -1,	/* none yet: there is more to do */
	MCPEER_DONE	= 0,
	MCPEER_REFUSED	= 1,	/* by the kernel or the system */
	MCPEER_MISUSED	= 2,
	MCPEER_MISSING	= 3,	/* what was named was not found */
};

struct mcpeer_context;

/**
 * struct mcpeer_verb - one verb of the command
 * @name: never abbreviated
 * @usage: how it is called, from the verb on
 * @summary: a line for the list of verbs
 * @help: what the verb does, in lines
 * @run: does it; gets the arguments from the verb on
 */
struct mcpeer_verb {
	const char *name;
	const char *usage;
	const char *summary;
	const char *help;
	enum mcpeer_status (*run)(struct mcpeer_context *context,
				  int argc, char **argv);
};

/**
 * struct mcpeer_context - how the command was called
 * @verb: the verb that runs
 * @group: from -g, or NULL
 * @json: from -j
 * @terminal: a person reads the output
 * @colour: and likes it coloured
 */
struct mcpeer_context {
	const struct mcpeer_verb *verb;
	const char *group;
	bool json;
	bool terminal;
	bool colour;
};

extern const struct mcpeer_verb mcpeer_cmd_list;
extern const struct mcpeer_verb mcpeer_cmd_show;
extern const struct mcpeer_verb mcpeer_cmd_monitor;
extern const struct mcpeer_verb mcpeer_cmd_register;
extern const struct mcpeer_verb mcpeer_cmd_unregister;
extern const struct mcpeer_verb mcpeer_cmd_expire;
extern const struct mcpeer_verb mcpeer_cmd_group;
extern const struct mcpeer_verb mcpeer_cmd_stats;

#endif
