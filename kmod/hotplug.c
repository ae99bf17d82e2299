// SPDX-License-Identifier: GPL-2.0
/*
 * Notifiers only queue one work that looks at all interfaces, but for what
 * iface.c says of an in_device that goes.
 */
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/net_namespace.h>
#include "hotplug.h"
#include "iface.h"
#include "inet.h"
#include "watchdog.h"

/* When to try again to join, in ticks, if there was no memory for it. */
#define MCPEER_HOTPLUG_RETRY	HZ

/* How long to let events gather, in ticks, before all interfaces are seen. */
#define MCPEER_HOTPLUG_GATHER	(HZ / 50)

/* How often to look, in ticks, whether IPv6 has found no duplicate. */
#define MCPEER_HOTPLUG_TENTATIVE	(HZ / 4)

/* Whether an announcement is due on some interface. */
static bool mcpeer_hotplug_any_fresh(struct mcpeer_ifaces *ifaces)
{
	unsigned int families;

	return mcpeer_iface_next(ifaces, 0, MCPEER_IFACE_FRESH,
				 &families) > 0;
}

/* Have an interface be what it is to be. Returns when to look again, or 0. */
static unsigned long mcpeer_hotplug_settle(struct mcpeer_ifaces *ifaces,
					   struct net_device *dev,
					   enum mcpeer_family family,
					   int *failed)
{
	u32 state = mcpeer_choice_state(&ifaces->choice, dev, family);
	bool wanted = state == MCPEER_INTERFACE_STATE_JOINED;
	bool joined = mcpeer_iface_has_joined(ifaces, dev, family);
	int err = 0;

	if (joined && !wanted)
		mcpeer_iface_leave(ifaces, dev, family);
	else if (wanted && !joined)
		err = mcpeer_iface_join(ifaces, dev, family);
	else if (joined)
		err = mcpeer_watchdog_rejoin(ifaces, dev, family);
	if (err) {
		*failed = err;
		return MCPEER_HOTPLUG_RETRY;
	}
	/* Nothing is checked until it is operational, which is an event. */
	if (state == MCPEER_INTERFACE_STATE_TENTATIVE && netif_oper_up(dev))
		return MCPEER_HOTPLUG_TENTATIVE;
	return 0;
}

static void mcpeer_hotplug_settle_all(struct mcpeer_ifaces *ifaces)
{
	unsigned long again = 0, when;
	struct net_device *dev;
	int err = 0, family;

	ASSERT_RTNL();

	for_each_netdev(ifaces->net, dev) {
		for (family = 0; family < MCPEER_FAMILIES; family++) {
			when = mcpeer_hotplug_settle(ifaces, dev, family, &err);
			if (when && (!again || when < again))
				again = when;
		}
		/* It may have been renamed. */
		mcpeer_iface_set_listen(ifaces, dev);
	}
	WRITE_ONCE(ifaces->error, -err);
	if (again)
		queue_delayed_work(ifaces->queue, &ifaces->retry, again);
}

static void mcpeer_hotplug_reconcile(struct work_struct *work)
{
	struct mcpeer_ifaces *ifaces =
		container_of(work, struct mcpeer_ifaces, reconcile.work);

	rtnl_lock();
	if (!ifaces->stopped)
		mcpeer_hotplug_settle_all(ifaces);
	rtnl_unlock();

	if (mcpeer_hotplug_any_fresh(ifaces))
		ifaces->on_fresh(ifaces);
}

/* Apart from reconcile, so that no event has to wait for it. */
static void mcpeer_hotplug_retry(struct work_struct *work)
{
	struct mcpeer_ifaces *ifaces =
		container_of(work, struct mcpeer_ifaces, retry.work);

	mod_delayed_work(ifaces->queue, &ifaces->reconcile, 0);
}

/* Runs under RTNL. See the top of this file for why it may not only queue. */
static int mcpeer_hotplug_netdev_event(struct notifier_block *nb,
				       unsigned long event, void *ptr)
{
	struct mcpeer_ifaces *ifaces =
		container_of(nb, struct mcpeer_ifaces, netdev_events);
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	int family;

	/*
	 * As long as somebody holds one that is gone it is told of again and
	 * again; its index may be another's by now.
	 */
	if (READ_ONCE(dev->reg_state) == NETREG_UNREGISTERED)
		return NOTIFY_DONE;
	for (family = 0; family < MCPEER_FAMILIES; family++)
		if (mcpeer_inet_of(family) &&
		    (event == NETDEV_UNREGISTER ||
		     !mcpeer_inet_of(family)->has_device(dev)))
			mcpeer_iface_leave(ifaces, dev, family);
	if (!ifaces->stopped)
		queue_delayed_work(ifaces->queue, &ifaces->reconcile,
				   MCPEER_HOTPLUG_GATHER);
	return NOTIFY_DONE;
}

/* Peers should learn of a new address before they give up the old one. */
static void mcpeer_hotplug_address_event(struct mcpeer_ifaces *ifaces,
					 const struct net_device *dev,
					 enum mcpeer_family family,
					 unsigned long event)
{
	if (!net_eq(dev_net(dev), ifaces->net))
		return;
	if (event == NETDEV_UP)
		mcpeer_iface_refresh(ifaces, dev->ifindex, family);
	queue_delayed_work(ifaces->queue, &ifaces->reconcile,
			   MCPEER_HOTPLUG_GATHER);
}

/* Runs under RTNL. */
static int mcpeer_hotplug_inetaddr_event(struct notifier_block *nb,
					 unsigned long event, void *ptr)
{
	const struct in_ifaddr *ifa = ptr;

	mcpeer_hotplug_address_event(container_of(nb, struct mcpeer_ifaces,
						  inetaddr_events),
				     ifa->ifa_dev->dev, MCPEER_V4, event);
	return NOTIFY_DONE;
}

/* Runs in any context. */
static int mcpeer_hotplug_inet6addr_event(struct notifier_block *nb,
					  unsigned long event, void *ptr)
{
	const struct inet6_ifaddr *ifa = ptr;

	mcpeer_hotplug_address_event(container_of(nb, struct mcpeer_ifaces,
						  inet6addr_events),
				     ifa->idev->dev, MCPEER_V6, event);
	return NOTIFY_DONE;
}

static void mcpeer_hotplug_withdraw(struct mcpeer_ifaces *ifaces)
{
	rtnl_lock();
	ifaces->stopped = true;
	rtnl_unlock();

	/* Tells of each interface as if it went, which makes us leave it. */
	unregister_netdevice_notifier_net(ifaces->net, &ifaces->netdev_events);
	/* Who found an interface before may yet queue the work. */
	synchronize_net();
	/* In this order, as the one queues the other. */
	cancel_delayed_work_sync(&ifaces->retry);
	cancel_delayed_work_sync(&ifaces->reconcile);

	WARN_ON_ONCE(!xa_empty(&ifaces->joined));
	xa_destroy(&ifaces->joined);
}

/**
 * mcpeer_hotplug_init - follow no interface as yet
 * @ifaces: zeroed, with net, queue, on_fresh, on_deaf and choice set
 *
 * Context: Any.
 */
void mcpeer_hotplug_init(struct mcpeer_ifaces *ifaces)
{
	mcpeer_iface_init(ifaces);
	INIT_DELAYED_WORK(&ifaces->reconcile, mcpeer_hotplug_reconcile);
	INIT_DELAYED_WORK(&ifaces->retry, mcpeer_hotplug_retry);
}

/**
 * mcpeer_hotplug_start - have the eligible interfaces take part from now on
 * @ifaces: from mcpeer_hotplug_init()
 *
 * Joining is left to the queue, as it is for interfaces that come later.
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative error number.
 */
int mcpeer_hotplug_start(struct mcpeer_ifaces *ifaces)
{
	int err;

	ifaces->netdev_events.notifier_call = mcpeer_hotplug_netdev_event;
	ifaces->inetaddr_events.notifier_call = mcpeer_hotplug_inetaddr_event;
	ifaces->inet6addr_events.notifier_call = mcpeer_hotplug_inet6addr_event;

	/* Tells of the interfaces that exist, too. */
	err = register_netdevice_notifier_net(ifaces->net,
					      &ifaces->netdev_events);
	if (err)
		return err;
	err = register_inetaddr_notifier(&ifaces->inetaddr_events);
	if (err)
		goto err_withdraw;
	err = register_inet6addr_notifier(&ifaces->inet6addr_events);
	if (err)
		goto err_unregister_inetaddr;
	mod_delayed_work(ifaces->queue, &ifaces->reconcile, 0);
	return 0;

err_unregister_inetaddr:
	unregister_inetaddr_notifier(&ifaces->inetaddr_events);
err_withdraw:
	mcpeer_hotplug_withdraw(ifaces);
	return err;
}

/**
 * mcpeer_hotplug_stop - leave the group on all interfaces, for good
 * @ifaces: was started
 *
 * Context: Process context, takes RTNL, sleeps. The caller must not hold
 * what @on_fresh takes.
 */
void mcpeer_hotplug_stop(struct mcpeer_ifaces *ifaces)
{
	unregister_inet6addr_notifier(&ifaces->inet6addr_events);
	unregister_inetaddr_notifier(&ifaces->inetaddr_events);
	mcpeer_hotplug_withdraw(ifaces);
}

/* At once, not when the work comes to it: from now on nothing is sent there. */
static void mcpeer_hotplug_silence(struct mcpeer_ifaces *ifaces,
				   struct net_device *dev)
{
	int family;

	ASSERT_RTNL();

	for (family = 0; family < MCPEER_FAMILIES; family++)
		if (mcpeer_choice_state(&ifaces->choice, dev, family) !=
		    MCPEER_INTERFACE_STATE_JOINED)
			mcpeer_iface_leave(ifaces, dev, family);
	mcpeer_iface_set_listen(ifaces, dev);
}

/**
 * mcpeer_hotplug_choose - choose the group's addresses and interfaces anew
 * @ifaces: was started
 * @choice: the new choice
 *
 * Context: Process context, takes RTNL. The lock of the set of groups is held
 * for writing.
 */
void mcpeer_hotplug_choose(struct mcpeer_ifaces *ifaces,
			   const struct mcpeer_choice *choice)
{
	struct net_device *dev;
	int family;

	rtnl_lock();
	for (family = 0; family < MCPEER_FAMILIES; family++) {
		if (mcpeer_addr_equal(&choice->addr[family],
				      &ifaces->choice.addr[family]))
			continue;
		for_each_netdev(ifaces->net, dev)
			mcpeer_iface_leave(ifaces, dev, family);
	}
	ifaces->choice = *choice;
	for_each_netdev(ifaces->net, dev)
		mcpeer_hotplug_silence(ifaces, dev);
	mod_delayed_work(ifaces->queue, &ifaces->reconcile, 0);
	rtnl_unlock();
}
