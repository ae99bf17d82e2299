/* SPDX-License-Identifier: GPL-2.0 */
/* Noticing that an interface does not hear any more. */
#ifndef MCPEER_WATCHDOG_H
#define MCPEER_WATCHDOG_H

#include "addr.h"

struct mcpeer_iface;
struct mcpeer_ifaces;
struct net_device;

void mcpeer_watchdog_say(struct mcpeer_ifaces *ifaces, int ifindex,
			 enum mcpeer_family family);
void mcpeer_watchdog_echo(struct mcpeer_ifaces *ifaces, int ifindex,
			  enum mcpeer_family family);
void mcpeer_watchdog_leave(struct mcpeer_ifaces *ifaces,
			   struct mcpeer_iface *iface, int ifindex,
			   enum mcpeer_family family);
void mcpeer_watchdog_remind(struct mcpeer_ifaces *ifaces, int ifindex);
int mcpeer_watchdog_rejoin(struct mcpeer_ifaces *ifaces,
			   struct net_device *dev, enum mcpeer_family family);

#endif /* MCPEER_WATCHDOG_H */
