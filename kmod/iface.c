// SPDX-License-Identifier: GPL-2.0
/*
 * Memberships belong to the devices, not to the socket, whose own list ends
 * at 20 (igmp_max_memberships). So they are ours to balance: each interface
 * in @joined holds one reference to the group in its in_device, taken with
 * ip_mc_inc_group() and given back with ip_mc_dec_group(), all under RTNL.
 *
 * The in_device goes when the interface does, or when its MTU gets too small
 * for IP, and takes the references with it. IP does both in its own handler of
 * the same netdevice events as ours, before or after it. If ours comes first
 * it finds the in_device still there, and gives the reference back. If it
 * comes second, or sees nothing wrong with the event, the in_device is gone by
 * the next event for this interface; and another one only comes with such an
 * event. So an entry whose in_device is gone is dropped before there can be
 * one that does not have the reference.
 */
#include <linux/if_arp.h>
#include <linux/igmp.h>
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/ip.h>
#include "iface.h"

/* When to try again to join, in ticks, if there was no memory for it. */
#define MCPEER_IFACE_RETRY	HZ

/* How long to let events gather, in ticks, before all interfaces are seen. */
#define MCPEER_IFACE_GATHER	(HZ / 50)

/**
 * struct mcpeer_iface - an interface that takes part
 * @fresh: not announced on yet
 * @error: positive error number of the last announcement, 0 if it went well
 * @rcu: frees it after a grace period
 */
struct mcpeer_iface {
	bool fresh;
	int error;
	struct rcu_head rcu;
};

static u32 mcpeer_iface_state(const struct net_device *dev)
{
	const struct in_device *in_dev = rcu_dereference_rtnl(dev->ip_ptr);

	if (dev->flags & IFF_LOOPBACK)
		return MCPEER_INTERFACE_STATE_LOOPBACK;
	if (!(dev->flags & IFF_MULTICAST))
		return MCPEER_INTERFACE_STATE_NO_MULTICAST;
	if (!(dev->flags & IFF_UP))
		return MCPEER_INTERFACE_STATE_DOWN;
	if (!in_dev || !rcu_access_pointer(in_dev->ifa_list))
		return MCPEER_INTERFACE_STATE_NO_ADDRESS;
	return MCPEER_INTERFACE_STATE_JOINED;
}

static bool mcpeer_iface_has_group(const struct in_device *in_dev, __be32 addr)
{
	const struct ip_mc_list *im;

	for (im = rtnl_dereference(in_dev->mc_list); im;
	     im = rtnl_dereference(im->next_rcu))
		if (im->multiaddr == addr)
			return true;
	return false;
}

/*
 * IP does not notice if the device had no memory to let the group's frames
 * through: do then what IP failed to do, and what it undoes when the group's
 * last user has left. Only Ethernet has such filters that matter.
 */
static int mcpeer_iface_pass(struct net_device *dev, __be32 addr)
{
	const struct netdev_hw_addr *known;
	bool found = false;
	u8 mac[ETH_ALEN];

	if (dev->type != ARPHRD_ETHER)
		return 0;

	ip_eth_mc_map(addr, (char *)mac);
	netif_addr_lock_bh(dev);
	netdev_for_each_mc_addr(known, dev)
		if (!memcmp(known->addr, mac, ETH_ALEN))
			found = true;
	netif_addr_unlock_bh(dev);
	return found ? 0 : dev_mc_add(dev, mac);
}

/* ip_mc_inc_group() does not say that it had no memory. */
static int mcpeer_iface_inc_group(struct net_device *dev, __be32 addr)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);

	ip_mc_inc_group(in_dev, addr);
	if (!mcpeer_iface_has_group(in_dev, addr))
		return -ENOMEM;
	if (mcpeer_iface_pass(dev, addr)) {
		ip_mc_dec_group(in_dev, addr);
		return -ENOMEM;
	}
	return 0;
}

static int mcpeer_iface_join(struct mcpeer_ifaces *ifaces,
			     struct net_device *dev)
{
	struct mcpeer_iface *iface;
	int err;

	ASSERT_RTNL();

	iface = kzalloc(sizeof(*iface), GFP_KERNEL_ACCOUNT);
	if (!iface)
		return -ENOMEM;
	iface->fresh = true;
	/* Only reserved: an interface that may yet fail must not be seen. */
	if (xa_reserve(&ifaces->joined, dev->ifindex, GFP_KERNEL_ACCOUNT)) {
		err = -ENOMEM;
		goto err_free;
	}
	err = mcpeer_iface_inc_group(dev, ifaces->addr);
	if (err)
		goto err_release;
	/* What is reserved takes no memory to fill. */
	xa_store(&ifaces->joined, dev->ifindex, iface, 0);
	return 0;

err_release:
	xa_release(&ifaces->joined, dev->ifindex);
err_free:
	kfree(iface);
	return err;
}

/* Works for an interface whose in_device is gone, too. */
static void mcpeer_iface_leave(struct mcpeer_ifaces *ifaces,
			       struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	struct mcpeer_iface *iface;

	ASSERT_RTNL();

	iface = xa_erase(&ifaces->joined, dev->ifindex);
	if (!iface)
		return;
	if (in_dev)
		ip_mc_dec_group(in_dev, ifaces->addr);
	kfree_rcu(iface, rcu);
}

/* Whether an announcement is due on some interface. */
static bool mcpeer_iface_any_fresh(struct mcpeer_ifaces *ifaces)
{
	return mcpeer_iface_next(ifaces, 0, true) > 0;
}

static void mcpeer_iface_reconcile(struct work_struct *work)
{
	struct mcpeer_ifaces *ifaces =
		container_of(work, struct mcpeer_ifaces, reconcile.work);
	struct net_device *dev;
	bool wanted, joined;
	int err = 0;

	rtnl_lock();
	for_each_netdev(ifaces->net, dev) {
		if (ifaces->stopped)
			break;
		wanted = mcpeer_iface_state(dev) ==
			 MCPEER_INTERFACE_STATE_JOINED;
		joined = xa_load(&ifaces->joined, dev->ifindex);
		if (wanted && !joined)
			err = mcpeer_iface_join(ifaces, dev) ?: err;
		else if (joined && !wanted)
			mcpeer_iface_leave(ifaces, dev);
	}
	WRITE_ONCE(ifaces->error, -err);
	if (err)
		queue_delayed_work(ifaces->queue, &ifaces->reconcile,
				   MCPEER_IFACE_RETRY);
	rtnl_unlock();

	if (mcpeer_iface_any_fresh(ifaces))
		ifaces->on_fresh(ifaces);
}

/* Runs under RTNL. See the top of this file for why it may not only queue. */
static int mcpeer_iface_netdev_event(struct notifier_block *nb,
				     unsigned long event, void *ptr)
{
	struct mcpeer_ifaces *ifaces =
		container_of(nb, struct mcpeer_ifaces, netdev_events);
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	if (event == NETDEV_UNREGISTER || !__in_dev_get_rtnl(dev))
		mcpeer_iface_leave(ifaces, dev);
	if (!ifaces->stopped)
		queue_delayed_work(ifaces->queue, &ifaces->reconcile,
				   MCPEER_IFACE_GATHER);
	return NOTIFY_DONE;
}

/* Runs under RTNL. */
static int mcpeer_iface_inetaddr_event(struct notifier_block *nb,
				       unsigned long event, void *ptr)
{
	struct mcpeer_ifaces *ifaces =
		container_of(nb, struct mcpeer_ifaces, inetaddr_events);
	const struct in_ifaddr *ifa = ptr;
	const struct net_device *dev = ifa->ifa_dev->dev;
	struct mcpeer_iface *iface;

	if (!net_eq(dev_net(dev), ifaces->net) || ifaces->stopped)
		return NOTIFY_DONE;

	/* Peers should learn of the new address before the old one expires. */
	iface = xa_load(&ifaces->joined, dev->ifindex);
	if (iface && event == NETDEV_UP)
		WRITE_ONCE(iface->fresh, true);
	queue_delayed_work(ifaces->queue, &ifaces->reconcile,
			   MCPEER_IFACE_GATHER);
	return NOTIFY_DONE;
}

static void mcpeer_iface_withdraw(struct mcpeer_ifaces *ifaces)
{
	rtnl_lock();
	ifaces->stopped = true;
	rtnl_unlock();

	/* Tells of each interface as if it went, which makes us leave it. */
	unregister_netdevice_notifier_net(ifaces->net, &ifaces->netdev_events);
	cancel_delayed_work_sync(&ifaces->reconcile);

	WARN_ON_ONCE(!xa_empty(&ifaces->joined));
	xa_destroy(&ifaces->joined);
}

/**
 * mcpeer_iface_start - have the eligible interfaces take part from now on
 * @ifaces: zeroed, with net, queue, on_fresh and addr set
 *
 * Joining is left to the queue, as it is for interfaces that come later.
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative error number.
 */
int mcpeer_iface_start(struct mcpeer_ifaces *ifaces)
{
	int err;

	xa_init(&ifaces->joined);
	INIT_DELAYED_WORK(&ifaces->reconcile, mcpeer_iface_reconcile);
	ifaces->netdev_events.notifier_call = mcpeer_iface_netdev_event;
	ifaces->inetaddr_events.notifier_call = mcpeer_iface_inetaddr_event;

	/* Tells of the interfaces that exist, too. */
	err = register_netdevice_notifier_net(ifaces->net,
					      &ifaces->netdev_events);
	if (err)
		return err;
	err = register_inetaddr_notifier(&ifaces->inetaddr_events);
	if (err) {
		mcpeer_iface_withdraw(ifaces);
		return err;
	}
	mod_delayed_work(ifaces->queue, &ifaces->reconcile, 0);
	return 0;
}

/**
 * mcpeer_iface_stop - leave the group on all interfaces, for good
 * @ifaces: was started
 *
 * Context: Process context, takes RTNL, sleeps. The caller must not hold
 * what @on_fresh takes.
 */
void mcpeer_iface_stop(struct mcpeer_ifaces *ifaces)
{
	unregister_inetaddr_notifier(&ifaces->inetaddr_events);
	mcpeer_iface_withdraw(ifaces);
}

/**
 * mcpeer_iface_move - exchange the group's address
 * @ifaces: was started
 * @addr: the new multicast address
 *
 * Context: Process context, takes RTNL.
 */
void mcpeer_iface_move(struct mcpeer_ifaces *ifaces, __be32 addr)
{
	struct net_device *dev;

	rtnl_lock();
	for_each_netdev(ifaces->net, dev)
		mcpeer_iface_leave(ifaces, dev);
	ifaces->addr = addr;
	mod_delayed_work(ifaces->queue, &ifaces->reconcile, 0);
	rtnl_unlock();
}

/**
 * mcpeer_iface_takes_part - does the interface take part?
 * @ifaces: the interfaces of the group
 * @ifindex: index of any interface
 *
 * Context: Any.
 * Return: true if it does.
 */
bool mcpeer_iface_takes_part(struct mcpeer_ifaces *ifaces, int ifindex)
{
	return xa_load(&ifaces->joined, ifindex);
}

/**
 * mcpeer_iface_next - go through the interfaces that take part
 * @ifaces: the interfaces of the group
 * @ifindex: where to go on, 0 to begin with
 * @fresh: only those that were not announced on yet
 *
 * Context: Any. The interface may be gone when this returns; its index then
 * leads to an error at worst.
 * Return: index of the next interface above @ifindex, 0 if there is none.
 */
int mcpeer_iface_next(struct mcpeer_ifaces *ifaces, int ifindex, bool fresh)
{
	unsigned long index = ifindex + 1;
	struct mcpeer_iface *iface;

	rcu_read_lock();
	xa_for_each_start(&ifaces->joined, index, iface, index)
		if (!fresh || READ_ONCE(iface->fresh))
			break;
	rcu_read_unlock();
	return iface ? index : 0;
}

/**
 * mcpeer_iface_greet - an announcement is about to be sent
 * @ifaces: the interfaces of the group
 * @ifindex: interface on which it is sent
 *
 * Comes before the sending: an address that is added meanwhile asks for
 * another announcement.
 *
 * Context: Any.
 */
void mcpeer_iface_greet(struct mcpeer_ifaces *ifaces, int ifindex)
{
	struct mcpeer_iface *iface;

	rcu_read_lock();
	iface = xa_load(&ifaces->joined, ifindex);
	if (iface)
		WRITE_ONCE(iface->fresh, false);
	rcu_read_unlock();
}

/**
 * mcpeer_iface_note - note how the sending went
 * @ifaces: the interfaces of the group
 * @ifindex: interface on which it was sent
 * @err: 0 or the negative error number of the attempt
 *
 * Context: Any.
 */
void mcpeer_iface_note(struct mcpeer_ifaces *ifaces, int ifindex, int err)
{
	struct mcpeer_iface *iface;

	rcu_read_lock();
	iface = xa_load(&ifaces->joined, ifindex);
	if (iface)
		WRITE_ONCE(iface->error, -err);
	rcu_read_unlock();
}

/**
 * mcpeer_iface_dump - show all interfaces of the namespace
 * @ifaces: the interfaces of the group
 * @put: shows one; returns non-zero if it could not
 * @ctx: for @put
 *
 * Context: Process context. Calls @put within an RCU read-side section.
 * Return: 0, or what @put returned.
 */
int mcpeer_iface_dump(struct mcpeer_ifaces *ifaces,
		      int (*put)(const struct mcpeer_iface_info *info,
				 void *ctx), void *ctx)
{
	struct mcpeer_iface_info info;
	struct mcpeer_iface *iface;
	struct net_device *dev;
	int err = 0;

	rcu_read_lock();
	for_each_netdev_rcu(ifaces->net, dev) {
		iface = xa_load(&ifaces->joined, dev->ifindex);
		info.ifindex = dev->ifindex;
		info.ifname = dev->name;
		info.state = mcpeer_iface_state(dev);
		info.error = iface ? READ_ONCE(iface->error) : 0;
		if (info.state == MCPEER_INTERFACE_STATE_JOINED && !iface) {
			info.state = MCPEER_INTERFACE_STATE_PENDING;
			info.error = READ_ONCE(ifaces->error);
		}
		err = put(&info, ctx);
		if (err)
			break;
	}
	rcu_read_unlock();
	return err;
}
