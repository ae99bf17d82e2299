/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_EVENTS_H
#define MCPEER_EVENTS_H

#include <stdbool.h>

#include "client.h"

struct mcpeer_events;

int mcpeer_events_open(struct mcpeer_client *client,
		       struct mcpeer_events **events);
void mcpeer_events_close(struct mcpeer_events *events);
int mcpeer_events_fd(const struct mcpeer_events *events);
int mcpeer_events_end_fd(const struct mcpeer_events *events);
int mcpeer_events_read(struct mcpeer_events *events,
		       mcpeer_client_event_fn fn, void *arg);
int mcpeer_events_ended(struct mcpeer_events *events, bool *ended);

#endif
