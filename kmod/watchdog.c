// SPDX-License-Identifier: GPL-2.0
/*
 * Does an interface still hear? What this host announces comes back to it, as
 * long as it is a member of the group; and the LAN is never silent as a whole,
 * as long as switches know that it is.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include "iface.h"
#include "inet.h"
#include "watchdog.h"

/* After so many announcements that it did not hear itself a host is deaf. */
#define MCPEER_WATCHDOG_DEAF	2

/*
 * Nor is it before so many ticks: where announcements follow each other fast,
 * some may wait in a queue behind a flood.
 */
#define MCPEER_WATCHDOG_PATIENCE	(2 * HZ)

/* The bit beside those of the families. */
#define MCPEER_WATCHDOG_REMIND	MCPEER_FAMILIES

static void mcpeer_watchdog_look_again(struct mcpeer_ifaces *ifaces)
{
	mod_delayed_work(ifaces->queue, &ifaces->reconcile, 0);
}

/*
 * Told for the interface as a whole: when the first family gets deaf, and when
 * the last one is not any more. Nothing is told of one that was found just
 * before it left, as nobody would take it back.
 */
static void mcpeer_watchdog_set(struct mcpeer_ifaces *ifaces,
				struct mcpeer_iface *iface, int ifindex,
				enum mcpeer_family family, bool deaf)
{
	unsigned int before, after;

	spin_lock_bh(&ifaces->deaf_lock);
	before = iface->deaf;
	after = deaf ? before | (READ_ONCE(iface->families) & BIT(family)) :
		       before & ~BIT(family);
	WRITE_ONCE(iface->deaf, after);
	if (!before != !after)
		ifaces->on_deaf(ifaces, ifindex, deaf);
	spin_unlock_bh(&ifaces->deaf_lock);
}

/*
 * One more announcement: were those before heard? Only one CPU at a time says
 * something on a group, and in the order of its announcements.
 */
static bool mcpeer_watchdog_is_deaf(struct mcpeer_iface *iface,
				    enum mcpeer_family family)
{
	int count = atomic_inc_return(&iface->unheard[family]);

	if (count == 1)
		iface->since[family] = jiffies;
	return count > MCPEER_WATCHDOG_DEAF &&
	       time_after(jiffies, iface->since[family] +
				   MCPEER_WATCHDOG_PATIENCE);
}

/**
 * mcpeer_watchdog_say - this host is about to announce, and should hear it
 * @ifaces: the interfaces of the group
 * @ifindex: interface on which it announces
 * @family: with which
 *
 * If it did not hear the last ones it has lost its membership, or somebody
 * drops what comes in: it joins anew.
 *
 * Context: Process context.
 */
void mcpeer_watchdog_say(struct mcpeer_ifaces *ifaces, int ifindex,
			 enum mcpeer_family family)
{
	struct mcpeer_iface *iface;

	rcu_read_lock();
	iface = xa_load(&ifaces->joined, ifindex);
	if (iface && mcpeer_watchdog_is_deaf(iface, family)) {
		atomic_set(&iface->unheard[family], 0);
		set_bit(family, &iface->rejoin);
		mcpeer_watchdog_look_again(ifaces);
		mcpeer_watchdog_set(ifaces, iface, ifindex, family, true);
	}
	rcu_read_unlock();
}

/**
 * mcpeer_watchdog_echo - this host hears its own announcement
 * @ifaces: the interfaces of the group
 * @ifindex: interface by which it came in
 * @family: with which
 *
 * Context: Softirq, or process context with bottom halves off.
 */
void mcpeer_watchdog_echo(struct mcpeer_ifaces *ifaces, int ifindex,
			  enum mcpeer_family family)
{
	struct mcpeer_iface *iface;

	rcu_read_lock();
	iface = xa_load(&ifaces->joined, ifindex);
	if (iface) {
		atomic_set(&iface->unheard[family], 0);
		if (READ_ONCE(iface->deaf) & BIT(family))
			mcpeer_watchdog_set(ifaces, iface, ifindex, family,
					    false);
	}
	rcu_read_unlock();
}

/**
 * mcpeer_watchdog_leave - an interface takes part no more with a family
 * @ifaces: the interfaces of the group
 * @iface: the interface
 * @ifindex: its index
 * @family: the family
 *
 * Whether it hears is then no question any more. The interface's families are
 * already without it.
 *
 * Context: Process context, under RTNL.
 */
void mcpeer_watchdog_leave(struct mcpeer_ifaces *ifaces,
			   struct mcpeer_iface *iface, int ifindex,
			   enum mcpeer_family family)
{
	atomic_set(&iface->unheard[family], 0);
	clear_bit(family, &iface->rejoin);
	/* Under the lock, after which nobody finds it deaf any more. */
	mcpeer_watchdog_set(ifaces, iface, ifindex, family, false);
}

/**
 * mcpeer_watchdog_remind - have switches be reminded of our memberships
 * @ifaces: the interfaces of the group
 * @ifindex: interface on which they may have forgotten
 *
 * Context: Any.
 */
void mcpeer_watchdog_remind(struct mcpeer_ifaces *ifaces, int ifindex)
{
	struct mcpeer_iface *iface;

	rcu_read_lock();
	iface = xa_load(&ifaces->joined, ifindex);
	if (iface) {
		set_bit(MCPEER_WATCHDOG_REMIND, &iface->rejoin);
		mcpeer_watchdog_look_again(ifaces);
	}
	rcu_read_unlock();
}

/**
 * mcpeer_watchdog_rejoin - join anew, or report memberships anew, if asked to
 * @ifaces: the interfaces of the group
 * @dev: an interface that takes part with the family
 * @family: the family
 *
 * Joining anew gives a membership back and takes it again, whether it is still
 * there or was lost.
 *
 * Context: Process context, under RTNL.
 * Return: 0, or -ENOMEM with the interface having left.
 */
int mcpeer_watchdog_rejoin(struct mcpeer_ifaces *ifaces, struct net_device *dev,
			   enum mcpeer_family family)
{
	struct mcpeer_iface *iface = xa_load(&ifaces->joined, dev->ifindex);
	const struct mcpeer_addr *addr = &ifaces->choice.addr[family];
	int err = 0;

	ASSERT_RTNL();

	if (test_and_clear_bit(family, &iface->rejoin)) {
		mcpeer_inet_of(family)->leave(dev, addr);
		err = mcpeer_inet_of(family)->join(dev, addr);
	}
	if (err) {
		mcpeer_iface_forget(ifaces, dev, family);
		return err;
	}
	/* As a bond does when it fails over. */
	if (test_and_clear_bit(MCPEER_WATCHDOG_REMIND, &iface->rejoin))
		call_netdevice_notifiers(NETDEV_RESEND_IGMP, dev);
	return 0;
}
