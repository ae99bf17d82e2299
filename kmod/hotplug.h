/* SPDX-License-Identifier: GPL-2.0 */
/* Following the interfaces of a network namespace as they come and go. */
#ifndef MCPEER_HOTPLUG_H
#define MCPEER_HOTPLUG_H

struct mcpeer_choice;
struct mcpeer_ifaces;

void mcpeer_hotplug_init(struct mcpeer_ifaces *ifaces);
int mcpeer_hotplug_start(struct mcpeer_ifaces *ifaces);
void mcpeer_hotplug_stop(struct mcpeer_ifaces *ifaces);
void mcpeer_hotplug_choose(struct mcpeer_ifaces *ifaces,
			   const struct mcpeer_choice *choice);

#endif /* MCPEER_HOTPLUG_H */
