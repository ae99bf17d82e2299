// SPDX-License-Identifier: GPL-2.0
/*
 * Memberships belong to the devices, not to the socket, whose own list ends
 * at 20 (igmp_max_memberships). So they are ours to balance: each interface
 * in @joined holds one reference to the group for each family it takes part
 * with, in its in_device or inet6_dev, taken and given back under RTNL.
 *
 * An in_device goes when the interface does, or when its MTU gets too small
 * for IP, and takes the references with it. IP does both in its own handler of
 * the same netdevice events as ours, before or after it. If ours comes first
 * it finds the in_device still there, and gives the reference back. If it
 * comes second, or sees nothing wrong with the event, the in_device is gone by
 * the next event for this interface; and another one only comes with such an
 * event. So what was joined on an in_device that is gone is forgotten before
 * there can be one that does not have the reference. An inet6_dev is treated
 * by IPv6 in the same way.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include "iface.h"
#include "inet.h"
#include "watchdog.h"

/**
 * mcpeer_iface_init - have no interface take part as yet
 * @ifaces: zeroed
 *
 * Context: Any.
 */
void mcpeer_iface_init(struct mcpeer_ifaces *ifaces)
{
	spin_lock_init(&ifaces->deaf_lock);
	xa_init(&ifaces->joined);
}

/* Makes it known with the first family, of what was reserved for it. */
static struct mcpeer_iface *mcpeer_iface_add(struct mcpeer_ifaces *ifaces,
					     const struct net_device *dev)
{
	struct mcpeer_iface *iface;

	iface = kzalloc(sizeof(*iface), GFP_KERNEL_ACCOUNT);
	if (!iface)
		return NULL;
	/* Only reserved: an interface that may yet fail must not be seen. */
	if (xa_reserve(&ifaces->joined, dev->ifindex, GFP_KERNEL_ACCOUNT)) {
		kfree(iface);
		return NULL;
	}
	iface->listen = mcpeer_choice_listens(&ifaces->choice, dev);
	return iface;
}

/**
 * mcpeer_iface_join - have an interface take part with a family
 * @ifaces: the interfaces of the group
 * @dev: one that may, and does not
 * @family: the family
 *
 * Context: Process context, under RTNL.
 * Return: 0 or -ENOMEM.
 */
int mcpeer_iface_join(struct mcpeer_ifaces *ifaces,
		      struct net_device *dev, enum mcpeer_family family)
{
	struct mcpeer_iface *iface = xa_load(&ifaces->joined, dev->ifindex);
	bool first = !iface;
	int err;

	ASSERT_RTNL();

	if (first)
		iface = mcpeer_iface_add(ifaces, dev);
	if (!iface)
		return -ENOMEM;
	err = mcpeer_inet_of(family)->join(dev, &ifaces->choice.addr[family]);
	if (!err) {
		iface->error[family] = 0;
		set_bit(family, &iface->fresh);
		WRITE_ONCE(iface->families, iface->families | BIT(family));
	}
	if (first && err) {
		xa_release(&ifaces->joined, dev->ifindex);
		kfree(iface);
	} else if (first) {
		/* What is reserved takes no memory to fill. */
		xa_store(&ifaces->joined, dev->ifindex, iface, 0);
	}
	return err;
}

/**
 * mcpeer_iface_forget - a membership is gone, or about to be given back
 * @ifaces: the interfaces of the group
 * @dev: an interface that takes part with the family
 * @family: the family
 *
 * Context: Process context, under RTNL.
 */
void mcpeer_iface_forget(struct mcpeer_ifaces *ifaces,
			 const struct net_device *dev,
			 enum mcpeer_family family)
{
	struct mcpeer_iface *iface = xa_load(&ifaces->joined, dev->ifindex);

	ASSERT_RTNL();

	WRITE_ONCE(iface->families, iface->families & ~BIT(family));
	mcpeer_watchdog_leave(ifaces, iface, dev->ifindex, family);
	if (!iface->families) {
		xa_erase(&ifaces->joined, dev->ifindex);
		kfree_rcu(iface, rcu);
	}
}

/**
 * mcpeer_iface_leave - have an interface take part no more with a family
 * @ifaces: the interfaces of the group
 * @dev: any interface, even one whose in_device is gone
 * @family: the family
 *
 * Context: Process context, under RTNL.
 */
void mcpeer_iface_leave(struct mcpeer_ifaces *ifaces, struct net_device *dev,
			enum mcpeer_family family)
{
	struct mcpeer_iface *iface = xa_load(&ifaces->joined, dev->ifindex);

	ASSERT_RTNL();

	if (!iface || !(iface->families & BIT(family)))
		return;
	mcpeer_iface_forget(ifaces, dev, family);
	mcpeer_inet_of(family)->leave(dev, &ifaces->choice.addr[family]);
}

/**
 * mcpeer_iface_has_joined - does an interface take part with a family?
 * @ifaces: the interfaces of the group
 * @dev: any interface
 * @family: the family
 *
 * Context: Any.
 * Return: true if it does.
 */
bool mcpeer_iface_has_joined(struct mcpeer_ifaces *ifaces,
			     const struct net_device *dev,
			     enum mcpeer_family family)
{
	const struct mcpeer_iface *iface;
	bool joined;

	rcu_read_lock();
	iface = xa_load(&ifaces->joined, dev->ifindex);
	joined = iface && READ_ONCE(iface->families) & BIT(family);
	rcu_read_unlock();
	return joined;
}

/**
 * mcpeer_iface_set_listen - see anew whether an interface only listens
 * @ifaces: the interfaces of the group
 * @dev: any interface
 *
 * Context: Process context, under RTNL.
 */
void mcpeer_iface_set_listen(struct mcpeer_ifaces *ifaces,
			     const struct net_device *dev)
{
	struct mcpeer_iface *iface = xa_load(&ifaces->joined, dev->ifindex);
	bool listen;
	int family;

	ASSERT_RTNL();

	if (!iface)
		return;
	listen = mcpeer_choice_listens(&ifaces->choice, dev);
	/* Who may speak again has something to say. */
	for (family = 0; iface->listen && !listen &&
	     family < MCPEER_FAMILIES; family++)
		set_bit(family, &iface->fresh);
	WRITE_ONCE(iface->listen, listen);
}

/**
 * mcpeer_iface_refresh - an interface shall be announced on soon
 * @ifaces: the interfaces of the group
 * @ifindex: index of any interface
 * @family: with which it has a new address
 *
 * Context: Any.
 */
void mcpeer_iface_refresh(struct mcpeer_ifaces *ifaces, int ifindex,
			  enum mcpeer_family family)
{
	struct mcpeer_iface *iface;

	rcu_read_lock();
	iface = xa_load(&ifaces->joined, ifindex);
	if (iface)
		set_bit(family, &iface->fresh);
	rcu_read_unlock();
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
	const struct mcpeer_iface *iface;
	bool joined;

	rcu_read_lock();
	iface = xa_load(&ifaces->joined, ifindex);
	/* Told to have left, it is heard no more, though it is still here. */
	joined = iface && READ_ONCE(iface->families);
	rcu_read_unlock();
	return joined;
}

/* The families to announce with. */
static unsigned int mcpeer_iface_families(const struct mcpeer_iface *iface,
					  enum mcpeer_iface_turn turn)
{
	unsigned int families = READ_ONCE(iface->families);
	int family;

	if (READ_ONCE(iface->listen))
		return 0;
	if (turn == MCPEER_IFACE_FRESH)
		return families & READ_ONCE(iface->fresh);
	for (family = 0; turn == MCPEER_IFACE_AGAIN &&
	     family < MCPEER_FAMILIES; family++)
		if (!iface->again[family])
			families &= ~BIT(family);
	return families;
}

/**
 * mcpeer_iface_next - go through the interfaces to announce on
 * @ifaces: the interfaces of the group
 * @ifindex: where to go on, 0 to begin with
 * @turn: which of them
 * @families: set to a bit for each family to announce with
 *
 * Context: Any. The interface may be gone when this returns; its index then
 * leads to an error at worst.
 * Return: index of the next interface above @ifindex, 0 if there is none.
 */
int mcpeer_iface_next(struct mcpeer_ifaces *ifaces, int ifindex,
		      enum mcpeer_iface_turn turn, unsigned int *families)
{
	unsigned long index = ifindex + 1;
	struct mcpeer_iface *iface;

	*families = 0;
	rcu_read_lock();
	xa_for_each_start(&ifaces->joined, index, iface, index) {
		*families = mcpeer_iface_families(iface, turn);
		if (*families)
			break;
	}
	rcu_read_unlock();
	return iface ? index : 0;
}

/**
 * mcpeer_iface_next_joined - go through the interfaces that take part
 * @ifaces: the interfaces of the group
 * @ifindex: where to go on, 0 to begin with
 *
 * Context: Any.
 * Return: index of the next interface above @ifindex, 0 if there is none.
 */
int mcpeer_iface_next_joined(struct mcpeer_ifaces *ifaces, int ifindex)
{
	unsigned long index = ifindex;

	return xa_find_after(&ifaces->joined, &index, ULONG_MAX,
			     XA_PRESENT) ? index : 0;
}

/**
 * mcpeer_iface_greet - an announcement is about to be sent
 * @ifaces: the interfaces of the group
 * @ifindex: interface on which it is sent
 * @families: with these
 * @again: how many times it is going to be repeated
 *
 * Comes before the sending: an address that is added meanwhile asks for
 * another announcement.
 *
 * Context: Process context, of the one who announces.
 */
void mcpeer_iface_greet(struct mcpeer_ifaces *ifaces, int ifindex,
			unsigned int families, unsigned int again)
{
	struct mcpeer_iface *iface;
	int family;

	rcu_read_lock();
	iface = xa_load(&ifaces->joined, ifindex);
	for (family = 0; iface && family < MCPEER_FAMILIES; family++) {
		if (!(families & BIT(family)))
			continue;
		test_and_clear_bit(family, &iface->fresh);
		iface->again[family] = again;
	}
	rcu_read_unlock();
}

/**
 * mcpeer_iface_repeat - an announcement is about to be repeated
 * @ifaces: the interfaces of the group
 * @ifindex: interface on which it is sent
 * @families: with these, whose turn it is
 *
 * Context: Process context, of the one who announces.
 */
void mcpeer_iface_repeat(struct mcpeer_ifaces *ifaces, int ifindex,
			 unsigned int families)
{
	struct mcpeer_iface *iface;
	int family;

	rcu_read_lock();
	iface = xa_load(&ifaces->joined, ifindex);
	for (family = 0; iface && family < MCPEER_FAMILIES; family++)
		if (families & BIT(family) && iface->again[family])
			iface->again[family]--;
	rcu_read_unlock();
}

/**
 * mcpeer_iface_note - note how the sending went
 * @ifaces: the interfaces of the group
 * @ifindex: interface on which it was sent
 * @family: with which it was sent
 * @err: 0 or the negative error number of the attempt
 *
 * Context: Any.
 */
void mcpeer_iface_note(struct mcpeer_ifaces *ifaces, int ifindex,
		       enum mcpeer_family family, int err)
{
	struct mcpeer_iface *iface;

	rcu_read_lock();
	iface = xa_load(&ifaces->joined, ifindex);
	if (iface) {
		WRITE_ONCE(iface->error[family], -err);
		/* What was not sent cannot be heard. */
		if (err)
			atomic_set(&iface->unheard[family], 0);
	}
	rcu_read_unlock();
}

/* An interface takes part if it does with one family; else the first tells. */
static u32 mcpeer_iface_sum(const u32 state[MCPEER_FAMILIES])
{
	u32 sum = 0;
	int family;

	for (family = 0; family < MCPEER_FAMILIES; family++) {
		if (state[family] == MCPEER_INTERFACE_STATE_JOINED)
			return state[family];
		if (!sum || state[family] == MCPEER_INTERFACE_STATE_PENDING)
			sum = state[family] ?: sum;
	}
	return sum;
}

static void mcpeer_iface_describe(struct mcpeer_ifaces *ifaces,
				  const struct net_device *dev,
				  struct mcpeer_iface_info *info)
{
	const struct mcpeer_iface *iface = xa_load(&ifaces->joined,
						   dev->ifindex);
	int family;

	info->ifindex = dev->ifindex;
	/* It may be renamed meanwhile; its last byte is always NUL. */
	memcpy(info->ifname, dev->name, IFNAMSIZ);
	info->listen = mcpeer_choice_listens(&ifaces->choice, dev);
	info->error = 0;
	for (family = 0; family < MCPEER_FAMILIES; family++) {
		u32 state = mcpeer_choice_state(&ifaces->choice, dev, family);
		u32 err = 0;

		if (iface && READ_ONCE(iface->families) & BIT(family)) {
			/* Also if it may no more, until it is left. */
			state = MCPEER_INTERFACE_STATE_JOINED;
			err = READ_ONCE(iface->error[family]);
		} else if (state == MCPEER_INTERFACE_STATE_JOINED) {
			state = MCPEER_INTERFACE_STATE_PENDING;
			err = READ_ONCE(ifaces->error);
		}
		info->family[family] = state;
		info->error = info->error ?: err;
	}
	info->state = mcpeer_iface_sum(info->family);
}

/**
 * mcpeer_iface_dump - show all interfaces of the namespace
 * @ifaces: the interfaces of the group
 * @put: shows one; returns non-zero if it could not
 * @ctx: for @put
 *
 * Context: Process context; the lock of the set of groups is held. Calls @put
 * within an RCU read-side section.
 * Return: 0, or what @put returned.
 */
int mcpeer_iface_dump(struct mcpeer_ifaces *ifaces,
		      int (*put)(const struct mcpeer_iface_info *info,
				 void *ctx), void *ctx)
{
	struct mcpeer_iface_info info;
	struct net_device *dev;
	int err = 0;

	rcu_read_lock();
	for_each_netdev_rcu(ifaces->net, dev) {
		mcpeer_iface_describe(ifaces, dev, &info);
		err = put(&info, ctx);
		if (err)
			break;
	}
	rcu_read_unlock();
	return err;
}
