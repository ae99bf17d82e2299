/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_BATCH_H
#define MCPEER_BATCH_H

#include "client.h"
#include "commands.h"
#include "report.h"

typedef enum mcpeer_status (*mcpeer_batch_parse_fn)(
	struct mcpeer_context *context, int argc, char **argv,
	struct mcpeer_registration *what);

enum mcpeer_status mcpeer_batch_register(const struct mcpeer_context *context,
					 const struct mcpeer_deed *deed,
					 const char *file,
					 mcpeer_batch_parse_fn parse);

#endif
