/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_REPORT_H
#define MCPEER_REPORT_H

#include "client.h"
#include "commands.h"
#include "compiler.h"

/**
 * struct mcpeer_deed - what is being tried, for the sentence if it fails
 * @verb: as in "cannot register 'x'"
 * @gerund: as in "registering needs CAP_NET_ADMIN"
 * @noun: what it is about: "peer" or "group"
 * @name: of the one concerned, or NULL
 * @group: in which it is, or NULL
 */
struct mcpeer_deed {
	const char *verb;
	const char *gerund;
	const char *noun;
	const char *name;
	const char *group;
};

__printf(1, 2)
void mcpeer_report(const char *format, ...);
void mcpeer_report_place(const char *place);
bool mcpeer_report_has_place(void);
enum mcpeer_status mcpeer_report_open(int err);
enum mcpeer_status mcpeer_report_outcome(const struct mcpeer_client *client,
					 const struct mcpeer_deed *deed,
					 int err);
enum mcpeer_status mcpeer_report_print(int err);

#endif
