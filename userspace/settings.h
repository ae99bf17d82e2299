/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_SETTINGS_H
#define MCPEER_SETTINGS_H

#include "client.h"
#include "commands.h"

enum mcpeer_status mcpeer_settings_parse(const struct mcpeer_context *context,
					 int argc, char **argv,
					 struct mcpeer_settings *settings);

#endif
