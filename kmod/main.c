// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and unloading, and network namespaces: order only.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <net/net_namespace.h>
#include "event.h"
#include "groups.h"
#include "netlink.h"
#include "peer.h"

static bool autostart = true;
module_param(autostart, bool, 0444);
MODULE_PARM_DESC(autostart, "start the group \"default\" in the initial network namespace");

static int __net_init mcpeer_net_init(struct net *net)
{
	mcpeer_groups_init(net, &mcpeer_netlink_family);
	return 0;
}

static void __net_exit mcpeer_net_exit(struct net *net)
{
	mcpeer_groups_destroy(net);
}

/*
 * Registered as those of devices are, so that a namespace which goes loses its
 * groups before its interfaces. UDP's early demultiplexing lets a socket that
 * hears multicast keep the route of a datagram, and that route the loopback
 * interface: only without the group's socket can this be unregistered.
 */
static struct pernet_operations mcpeer_net_ops = {
	.init = mcpeer_net_init,
	.exit = mcpeer_net_exit,
	.id = &mcpeer_groups_net_id,
	.size = sizeof(struct mcpeer_groups),
};

static int __init mcpeer_autostart(void)
{
	struct mcpeer_text name = {
		MCPEER_GROUP_DEFAULT, sizeof(MCPEER_GROUP_DEFAULT) - 1
	};
	struct mcpeer_groups *set = mcpeer_groups_of(&init_net);
	struct netlink_ext_ack extack = {};
	int err;

	if (!autostart)
		return 0;
	down_write(&set->lock);
	err = mcpeer_groups_add(set, name, &mcpeer_settings_default, true,
				&extack);
	up_write(&set->lock);
	if (err)
		pr_err("cannot start the group default: %s\n", extack._msg);
	return err;
}

/*
 * 1. What groups are made of.
 * 2. Namespaces, without groups as yet.
 * 3. The group "default", which fails if a program holds its port.
 * 4. The family. It comes last, as loading must not fail any more then: a dump
 *    that somebody has begun holds on to the module, but a module that fails to
 *    load is freed all the same.
 * 5. Events are sent, now that they can be.
 */
static int __init mcpeer_init(void)
{
	int err;

	err = mcpeer_peer_module_init();
	if (err)
		return err;
	err = mcpeer_group_module_init();
	if (err)
		goto err_exit_peer;
	err = register_pernet_device(&mcpeer_net_ops);
	if (err)
		goto err_exit_group;
	err = mcpeer_autostart();
	if (err)
		goto err_unregister_net;
	err = genl_register_family(&mcpeer_netlink_family);
	if (err)
		goto err_unregister_net;
	mcpeer_event_unmute();
	return 0;

err_unregister_net:
	unregister_pernet_device(&mcpeer_net_ops);
err_exit_group:
	mcpeer_group_module_exit();
err_exit_peer:
	mcpeer_peer_module_exit();
	return err;
}

/*
 * 1. No more events are sent: the family that sends them is about to go.
 * 2. The family goes, and with it requests; who listens is told so by the
 *    generic netlink controller.
 * 3. All groups stop, namespace by namespace.
 * 4. The queue is empty by then; peers may still wait for RCU to free them.
 */
static void __exit mcpeer_exit(void)
{
	mcpeer_event_mute();
	genl_unregister_family(&mcpeer_netlink_family);
	unregister_pernet_device(&mcpeer_net_ops);
	mcpeer_group_module_exit();
	mcpeer_peer_module_exit();
}

module_init(mcpeer_init);
module_exit(mcpeer_exit);

MODULE_DESCRIPTION("Presence of hosts on the local network");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
