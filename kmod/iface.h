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
#include "choice.h"

struct net;

/**
 * struct mcpeer_ifaces - the interfaces of a group
 * @net: network namespace; constant
 * @queue: for @reconcile and @retry; constant
 * @on_fresh: called when interfaces were joined or got an address, in process
 *	context and without locks; constant
 * @on_deaf: called when this host no longer hears itself on an interface, and
 *	when it does again; in any context with bottom halves off; constant
 * @choice: which take part; written under RTNL by those who hold the lock of
 *	the set of groups for writing, so that either lets read
 * @off_link: accept announcements from addresses of other networks than the
 *	interface's
 * @stopped: join no more; guarded by RTNL
 * @error: positive error number of the last attempt to join those eligible, 0
 *	if all went well; written under RTNL
 * @deaf_lock: guards that an interface's getting deaf and hearing again are
 *	told in their order
 * @joined: those that take part, by interface index; written under RTNL, read
 *	under RCU
 * @netdev_events: tells of changes to interfaces of @net
 * @inetaddr_events: tells of IPv4 addresses that come and go, in any namespace
 * @inet6addr_events: tells of IPv6 addresses
 * @reconcile: compares those wanted with those joined
 * @retry: has @reconcile look again at what gives no sign of its own
 */
struct mcpeer_ifaces {
	struct net *net;
	struct workqueue_struct *queue;
	void (*on_fresh)(struct mcpeer_ifaces *ifaces);
	void (*on_deaf)(struct mcpeer_ifaces *ifaces, int ifindex, bool deaf);
	struct mcpeer_choice choice;
	bool off_link;
	bool stopped;
	int error;
	spinlock_t deaf_lock; /* of the order in which deafness is told */
	struct xarray joined;
	struct notifier_block netdev_events;
	struct notifier_block inetaddr_events;
	struct notifier_block inet6addr_events;
	struct delayed_work reconcile;
	struct delayed_work retry;
};

/* Whose turn it is to be announced on, of those that do not only listen. */
enum mcpeer_iface_turn {
	MCPEER_IFACE_ALL,	/* all */
	MCPEER_IFACE_FRESH,	/* those that were not announced on yet */
	MCPEER_IFACE_AGAIN,	/* those where an announcement is repeated */
};

/**
 * struct mcpeer_iface - an interface that takes part
 * @families: a bit for each family with which it does; written under RTNL
 * @fresh: a bit for each that was not announced with yet
 * @again: how many times the last announcement is still to be repeated, by
 *	family; written by those who announce, one at a time
 * @listen: announce nothing
 * @unheard: announcements since one was heard by this host itself, by family
 * @since: when the first of those was sent, in ticks
 * @deaf: a bit for each family with which it does not hear itself; guarded by
 *	deaf_lock
 * @rejoin: a bit for each family with which to join anew, and one to remind
 *	switches of our memberships
 * @error: positive error number of the last announcement, 0 if it went well, by
 *	family
 * @rcu: frees it after a grace period
 */
struct mcpeer_iface {
	unsigned int families;
	unsigned long fresh;
	u8 again[MCPEER_FAMILIES];
	bool listen;
	atomic_t unheard[MCPEER_FAMILIES];
	unsigned long since[MCPEER_FAMILIES];
	unsigned int deaf;
	unsigned long rejoin;
	int error[MCPEER_FAMILIES];
	struct rcu_head rcu;
};

void mcpeer_iface_init(struct mcpeer_ifaces *ifaces);
int mcpeer_iface_join(struct mcpeer_ifaces *ifaces, struct net_device *dev,
		      enum mcpeer_family family);
void mcpeer_iface_leave(struct mcpeer_ifaces *ifaces, struct net_device *dev,
			enum mcpeer_family family);
void mcpeer_iface_forget(struct mcpeer_ifaces *ifaces,
			 const struct net_device *dev,
			 enum mcpeer_family family);
void mcpeer_iface_set_listen(struct mcpeer_ifaces *ifaces,
			     const struct net_device *dev);
void mcpeer_iface_refresh(struct mcpeer_ifaces *ifaces, int ifindex,
			  enum mcpeer_family family);
bool mcpeer_iface_has_joined(struct mcpeer_ifaces *ifaces,
			     const struct net_device *dev,
			     enum mcpeer_family family);

bool mcpeer_iface_takes_part(struct mcpeer_ifaces *ifaces, int ifindex);
int mcpeer_iface_next(struct mcpeer_ifaces *ifaces, int ifindex,
		      enum mcpeer_iface_turn turn, unsigned int *families);
int mcpeer_iface_next_joined(struct mcpeer_ifaces *ifaces, int ifindex);
void mcpeer_iface_greet(struct mcpeer_ifaces *ifaces, int ifindex,
			unsigned int families, unsigned int again);
void mcpeer_iface_repeat(struct mcpeer_ifaces *ifaces, int ifindex,
			 unsigned int families);
void mcpeer_iface_note(struct mcpeer_ifaces *ifaces, int ifindex,
		       enum mcpeer_family family, int err);
int mcpeer_iface_dump(struct mcpeer_ifaces *ifaces,
		      int (*put)(const struct mcpeer_iface_info *info,
				 void *ctx), void *ctx);

#endif /* MCPEER_IFACE_H */
