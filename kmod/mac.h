/* SPDX-License-Identifier: GPL-2.0 */
/* The multicast filter of an Ethernet device. */
#ifndef MCPEER_MAC_H
#define MCPEER_MAC_H

#include <linux/if_arp.h>
#include <linux/netdevice.h>

/**
 * mcpeer_mac_pass - make sure that the device lets a group's frames through
 * @dev: the device, which is a member of the group
 * @mac: Ethernet address of the group
 *
 * IP does not notice if the device had no memory for it: do then what IP
 * failed to do, and what it undoes when the group's last user has left. Only
 * Ethernet has such filters that matter.
 *
 * Context: Process context, under RTNL.
 * Return: 0 or -ENOMEM.
 */
static inline int mcpeer_mac_pass(struct net_device *dev,
				  const u8 mac[ETH_ALEN])
{
	const struct netdev_hw_addr *known;
	bool found = false;

	if (dev->type != ARPHRD_ETHER)
		return 0;
	netif_addr_lock_bh(dev);
	netdev_for_each_mc_addr(known, dev)
		if (!memcmp(known->addr, mac, ETH_ALEN))
			found = true;
	netif_addr_unlock_bh(dev);
	return found ? 0 : dev_mc_add(dev, mac);
}

#endif /* MCPEER_MAC_H */
