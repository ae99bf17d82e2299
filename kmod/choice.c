// SPDX-License-Identifier: GPL-2.0
#include <linux/netdevice.h>
#include "choice.h"
#include "inet.h"
#include "pattern.h"

/**
 * mcpeer_choice_listens - is nothing to be announced on an interface?
 * @choice: the choice
 * @dev: any interface
 *
 * Context: Any.
 * Return: true if not.
 */
bool mcpeer_choice_listens(const struct mcpeer_choice *choice,
			   const struct net_device *dev)
{
	return mcpeer_pattern_match(mcpeer_choice_listen(choice), dev->name,
				    false);
}

/* A port's traffic arrives on its master, where it is heard. */
static bool mcpeer_choice_is_port(const struct net_device *dev)
{
	return netif_is_bridge_port(dev) || netif_is_lag_port(dev) ||
	       netif_is_ovs_port(dev);
}

/* What keeps an interface from taking part with any family. */
static u32 mcpeer_choice_obstacle(const struct mcpeer_choice *choice,
				  const struct net_device *dev)
{
	if (dev->flags & IFF_LOOPBACK)
		return MCPEER_INTERFACE_STATE_LOOPBACK;
	if (!mcpeer_pattern_match(mcpeer_choice_interfaces(choice),
				  dev->name, true))
		return MCPEER_INTERFACE_STATE_EXCLUDED;
	if (!(dev->flags & IFF_MULTICAST))
		return MCPEER_INTERFACE_STATE_NO_MULTICAST;
	if (mcpeer_choice_is_port(dev))
		return MCPEER_INTERFACE_STATE_PORT;
	if (!(dev->flags & IFF_UP))
		return MCPEER_INTERFACE_STATE_DOWN;
	return 0;
}

/**
 * mcpeer_choice_state - may an interface take part, and why not?
 * @choice: the choice
 * @dev: any interface
 * @family: with which
 *
 * Context: Any, under RCU or RTNL.
 * Return: enum mcpeer_interface_state: joined if it may; 0 if the group has no
 * address of the family.
 */
u32 mcpeer_choice_state(const struct mcpeer_choice *choice,
			const struct net_device *dev,
			enum mcpeer_family family)
{
	const struct mcpeer_inet *inet = mcpeer_inet_of(family);

	if (!choice->addr[family].family || !inet)
		return 0;
	return mcpeer_choice_obstacle(choice, dev) ?: inet->state(dev);
}
