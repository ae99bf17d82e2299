/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which interfaces of a network namespace take part in a group, and why the
 * others do not.
 */
#ifndef MCPEER_IFACE_H
#define MCPEER_IFACE_H

#include <linux/notifier.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include "attrs.h"

struct net;

/**
 * struct mcpeer_ifaces - the interfaces of a group
 * @net: network namespace; constant
 * @queue: for @reconcile; constant
 * @on_fresh: called when interfaces were joined or got an address, in process
 *	context and without locks; constant
 * @addr: multicast address of the group; guarded by RTNL
 * @stopped: join no more; guarded by RTNL
 * @error: positive error number of the last attempt to join those eligible, 0
 *	if all went well; written under RTNL
 * @joined: those that take part, by interface index; written under RTNL, read
 *	under RCU
 * @netdev_events: tells of changes to interfaces of @net
 * @inetaddr_events: tells of addresses that come and go, in any namespace
 * @reconcile: compares those wanted with those joined
 */
struct mcpeer_ifaces {
	struct net *net;
	struct workqueue_struct *queue;
	void (*on_fresh)(struct mcpeer_ifaces *ifaces);
	__be32 addr;
	bool stopped;
	int error;
	struct xarray joined;
	struct notifier_block netdev_events;
	struct notifier_block inetaddr_events;
	struct delayed_work reconcile;
};

int mcpeer_iface_start(struct mcpeer_ifaces *ifaces);
void mcpeer_iface_stop(struct mcpeer_ifaces *ifaces);
void mcpeer_iface_move(struct mcpeer_ifaces *ifaces, __be32 addr);

bool mcpeer_iface_takes_part(struct mcpeer_ifaces *ifaces, int ifindex);
int mcpeer_iface_next(struct mcpeer_ifaces *ifaces, int ifindex, bool fresh);
void mcpeer_iface_greet(struct mcpeer_ifaces *ifaces, int ifindex);
void mcpeer_iface_note(struct mcpeer_ifaces *ifaces, int ifindex, int err);
int mcpeer_iface_dump(struct mcpeer_ifaces *ifaces,
		      int (*put)(const struct mcpeer_iface_info *info,
				 void *ctx), void *ctx);

#endif /* MCPEER_IFACE_H */
