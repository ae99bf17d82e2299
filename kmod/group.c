// SPDX-License-Identifier: GPL-2.0
#include <linux/netlink.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "group.h"
#include "hotplug.h"
#include "lifetime.h"

/*
 * Groups at most in a namespace: each is a socket and two notifiers, and the
 * owner of a user namespace may add them.
 */
#define MCPEER_GROUP_MAX	16

unsigned int mcpeer_group_net_id __read_mostly;

/*
 * The slow things. Joining may wait long for RTNL, which sending must not: so
 * each has a queue of its own.
 */
static struct workqueue_struct *mcpeer_group_join_queue;
static struct workqueue_struct *mcpeer_group_send_queue;

static struct mcpeer_text mcpeer_group_name(const struct mcpeer_group *group)
{
	return (struct mcpeer_text){ group->name, group->name_len };
}

static struct mcpeer_limits
mcpeer_group_limits(const struct mcpeer_settings *settings)
{
	return (struct mcpeer_limits){
		.max = settings->max_peers,
		.per_source = settings->per_source,
		.join_rate = settings->join_rate,
		.expiry = (u64)settings->expiry * NSEC_PER_MSEC,
		.interval = (u64)settings->interval * NSEC_PER_MSEC,
	};
}

/* Two groups with one address hear the same. */
static int mcpeer_group_check_others(struct mcpeer_groups *set,
				     const struct mcpeer_group *self,
				     const struct mcpeer_settings *settings,
				     struct netlink_ext_ack *extack)
{
	const struct mcpeer_group *group;

	lockdep_assert_held_write(&set->lock);

	list_for_each_entry(group, &set->list, link) {
		if (group == self ||
		    !mcpeer_settings_overlap(&group->settings, settings))
			continue;
		NL_SET_ERR_MSG(extack,
			       "another group has this address and port");
		return -EADDRINUSE;
	}
	return 0;
}

static struct mcpeer_socket *
mcpeer_group_open_socket(struct mcpeer_group *group, enum mcpeer_family family,
			 const struct mcpeer_settings *settings,
			 struct netlink_ext_ack *extack)
{
	struct mcpeer_socket wanted = {
		.net = group->set->net,
		.addr = settings->choice.addr[family],
		.port = htons(settings->port),
		.ttl = settings->ttl,
		.prefix_len = settings->prefix_len,
		.table = &group->table,
		.ifaces = &group->ifaces,
		.stats = group->stats,
	};

	memcpy(wanted.prefix, settings->prefix, settings->prefix_len);
	return mcpeer_socket_open(&wanted, extack);
}

/* Close those sockets that are not kept. */
static void
mcpeer_group_close_sockets(struct mcpeer_socket *const socket[MCPEER_FAMILIES],
			   struct mcpeer_socket *const kept[MCPEER_FAMILIES])
{
	int family;

	for (family = 0; family < MCPEER_FAMILIES; family++)
		if (socket[family] && (!kept || socket[family] != kept[family]))
			mcpeer_socket_close(socket[family]);
}

/*
 * Sockets for the settings, of which those that need not change are the
 * group's. A host whose administrator turned IPv6 off does without it, as long
 * as there is IPv4.
 */
static int mcpeer_group_open_sockets(struct mcpeer_group *group,
				     const struct mcpeer_settings *settings,
				     struct mcpeer_socket *new[MCPEER_FAMILIES],
				     struct netlink_ext_ack *extack)
{
	const struct mcpeer_addr *addr = settings->choice.addr;
	int family, err = 0;

	memset(new, 0, sizeof(*new) * MCPEER_FAMILIES);
	for (family = 0; family < MCPEER_FAMILIES && !err; family++) {
		if (!addr[family].family)
			continue;
		if (group->socket[family] &&
		    mcpeer_settings_same_socket(settings, &group->settings,
						family)) {
			new[family] = group->socket[family];
			continue;
		}
		new[family] = mcpeer_group_open_socket(group, family, settings,
						       extack);
		err = PTR_ERR_OR_ZERO(new[family]);
		if (err)
			new[family] = NULL;
		if (err == -EAFNOSUPPORT && addr[MCPEER_V4].family)
			err = 0;
	}
	if (err)
		mcpeer_group_close_sockets(new, group->socket);
	return err;
}

static void mcpeer_group_fresh(struct mcpeer_ifaces *ifaces)
{
	struct mcpeer_group *group =
		container_of(ifaces, struct mcpeer_group, ifaces);

	mcpeer_announce_greet(&group->announce);
}

/* A group whose parts know each other, but do nothing yet. */
static struct mcpeer_group *
mcpeer_group_alloc(struct mcpeer_groups *set, struct mcpeer_text name,
		   const struct mcpeer_settings *settings)
{
	struct mcpeer_group *group;

	group = kzalloc(sizeof(*group), GFP_KERNEL_ACCOUNT);
	if (!group)
		return NULL;
	group->stats = mcpeer_stats_alloc();
	if (!group->stats) {
		kfree(group);
		return NULL;
	}
	group->set = set;
	group->settings = *settings;
	group->name_len = name.len;
	memcpy(group->name, name.at, name.len);

	group->table.limits = mcpeer_group_limits(settings);
	group->table.journal = &set->journal;
	group->table.generation = &set->generation;
	group->table.stats = group->stats;
	group->table.net = set->net;
	group->table.group = mcpeer_group_name(group);

	group->ifaces.net = set->net;
	group->ifaces.queue = mcpeer_group_join_queue;
	group->ifaces.on_fresh = mcpeer_group_fresh;
	group->ifaces.choice = settings->choice;
	group->ifaces.off_link = settings->off_link;

	group->announce.queue = mcpeer_group_send_queue;
	group->announce.ifaces = &group->ifaces;
	group->announce.table = &group->table;
	group->announce.stats = group->stats;
	group->announce.interval = settings->interval;
	return group;
}

static void mcpeer_group_free(struct mcpeer_group *group)
{
	mcpeer_stats_free(group->stats);
	kfree(group);
}

/* From the inside out: what hears and sends comes when all is there. */
static int mcpeer_group_start(struct mcpeer_group *group, bool autostart,
			      struct netlink_ext_ack *extack)
{
	struct mcpeer_socket *socket[MCPEER_FAMILIES];
	int err;

	err = mcpeer_table_init(&group->table);
	if (err) {
		NL_SET_ERR_MSG(extack,
			       "there is no memory for a table of peers");
		return err;
	}
	err = mcpeer_group_open_sockets(group, &group->settings, socket,
					extack);
	if (err)
		goto err_destroy_table;
	memcpy(group->socket, socket, sizeof(socket));
	memcpy(group->announce.socket, socket, sizeof(socket));
	mcpeer_announce_start(&group->announce,
			      mcpeer_settings_hostname(&group->settings),
			      autostart);
	err = mcpeer_hotplug_start(&group->ifaces);
	if (err) {
		NL_SET_ERR_MSG(extack, "interfaces cannot be followed");
		goto err_stop_announce;
	}
	return 0;

err_stop_announce:
	mcpeer_announce_stop(&group->announce);
	mcpeer_group_close_sockets(group->socket, NULL);
err_destroy_table:
	mcpeer_table_destroy(&group->table, false);
	return err;
}

/*
 * Undo mcpeer_group_start():
 * 1. No interface takes part any more, and none asks to be announced on.
 * 2. Announcements stop; nobody uses the socket to send.
 * 3. The socket closes, and the receive hook has run for the last time: no
 *    peer is added.
 * 4. The table removes its peers, shutting their timers down, and waits for
 *    timers that had fired. The peers themselves are freed by RCU, which
 *    needs nothing of the group.
 */
static void mcpeer_group_stop(struct mcpeer_group *group, bool tell)
{
	mcpeer_hotplug_stop(&group->ifaces);
	mcpeer_announce_stop(&group->announce);
	mcpeer_group_close_sockets(group->socket, NULL);
	mcpeer_table_destroy(&group->table, tell);
}

static unsigned int mcpeer_group_count(const struct mcpeer_groups *set)
{
	const struct list_head *link;
	unsigned int count = 0;

	list_for_each(link, &set->list)
		count++;
	return count;
}

static int mcpeer_group_check_new(struct mcpeer_groups *set,
				  struct mcpeer_text name,
				  const struct mcpeer_settings *settings,
				  struct netlink_ext_ack *extack)
{
	int err;

	if (!name.len || name.len > MCPEER_GROUP_NAME_MAX ||
	    !mcpeer_text_is_graphic(name)) {
		NL_SET_ERR_MSG(extack,
			       "a group's name must be 1 to 32 bytes of printable ASCII without space");
		return -EINVAL;
	}
	if (mcpeer_group_find(set, name, NULL)) {
		NL_SET_ERR_MSG(extack, "a group of that name exists already");
		return -EEXIST;
	}
	if (mcpeer_group_count(set) >= MCPEER_GROUP_MAX) {
		NL_SET_ERR_MSG(extack,
			       "there are 16 groups already, which is the most");
		return -ENOSPC;
	}
	err = mcpeer_settings_check(settings, extack);
	if (err)
		return err;
	return mcpeer_group_check_others(set, NULL, settings, extack);
}

/**
 * mcpeer_group_add - start a group
 * @set: groups of the namespace
 * @name: name of the group
 * @settings: its settings, each within its range
 * @autostart: announce the initial UTS namespace's name, not the caller's
 * @extack: for the sentence that goes with a refusal, may be NULL
 *
 * Context: Process context, sleeps. The set's lock is held for writing.
 * Return: 0; -EINVAL, -EEXIST, -ENOSPC, -EADDRINUSE, -EAFNOSUPPORT, -EACCES for
 * a port that the caller may not bind, or -ENOMEM.
 */
int mcpeer_group_add(struct mcpeer_groups *set, struct mcpeer_text name,
		     const struct mcpeer_settings *settings, bool autostart,
		     struct netlink_ext_ack *extack)
{
	struct mcpeer_group *group;
	int err;

	lockdep_assert_held_write(&set->lock);

	err = mcpeer_group_check_new(set, name, settings, extack);
	if (err)
		return err;
	err = mcpeer_event_open(&set->journal);
	if (err) {
		NL_SET_ERR_MSG(extack, "there is no memory for the journal");
		return err;
	}
	group = mcpeer_group_alloc(set, name, settings);
	if (!group) {
		NL_SET_ERR_MSG(extack, "there is no memory for another group");
		return -ENOMEM;
	}
	err = mcpeer_group_start(group, autostart, extack);
	if (err) {
		mcpeer_group_free(group);
		return err;
	}
	group->id = ++set->last_id;
	list_add_tail(&group->link, &set->list);
	atomic_inc(&set->generation);
	return 0;
}

static void mcpeer_group_drop(struct mcpeer_group *group, bool tell)
{
	list_del(&group->link);
	atomic_inc(&group->set->generation);
	mcpeer_group_stop(group, tell);
	mcpeer_group_free(group);
}

/**
 * mcpeer_group_remove - stop a group
 * @group: of a set whose lock is held for writing
 *
 * Context: Process context, sleeps.
 */
void mcpeer_group_remove(struct mcpeer_group *group)
{
	lockdep_assert_held_write(&group->set->lock);

	mcpeer_group_drop(group, true);
}

/* Settings that do not show in a socket. */
static void mcpeer_group_apply(struct mcpeer_group *group,
			       const struct mcpeer_settings *settings)
{
	struct mcpeer_limits limits = mcpeer_group_limits(settings);
	struct mcpeer_settings *old = &group->settings;
	bool chosen = memcmp(&settings->choice, &old->choice,
			     sizeof(settings->choice));

	mcpeer_lifetime_set_limits(&group->table, &limits);
	WRITE_ONCE(group->ifaces.off_link, settings->off_link);
	if (!mcpeer_text_equal(mcpeer_settings_hostname(settings),
			       mcpeer_settings_hostname(old)))
		mcpeer_announce_rename(&group->announce,
				       mcpeer_settings_hostname(settings),
				       false);
	*old = *settings;
	/* In this order interfaces that join anew greet the new address. */
	mcpeer_announce_change(&group->announce, group->socket,
			       settings->interval);
	if (chosen)
		mcpeer_hotplug_choose(&group->ifaces, &settings->choice);
}

/**
 * mcpeer_group_change - change the settings of a running group
 * @group: of a set whose lock is held for writing
 * @settings: all settings, each within its range
 * @extack: for the sentence that goes with a refusal
 *
 * What can fail comes first and changes nothing. Another address, port, time
 * to live or prefix takes another socket; in the moment in which there are two
 * a datagram may be heard twice. Another address is heard once its interfaces
 * have been joined anew.
 *
 * Context: Process context, sleeps.
 * Return: 0; -EINVAL, -EADDRINUSE, -EAFNOSUPPORT or -ENOMEM.
 */
int mcpeer_group_change(struct mcpeer_group *group,
			const struct mcpeer_settings *settings,
			struct netlink_ext_ack *extack)
{
	struct mcpeer_socket *old[MCPEER_FAMILIES], *new[MCPEER_FAMILIES];
	int err;

	lockdep_assert_held_write(&group->set->lock);

	err = mcpeer_settings_check(settings, extack);
	if (!err)
		err = mcpeer_group_check_others(group->set, group, settings,
						extack);
	if (!err)
		err = mcpeer_group_open_sockets(group, settings, new, extack);
	if (err)
		return err;

	memcpy(old, group->socket, sizeof(old));
	memcpy(group->socket, new, sizeof(new));
	mcpeer_group_apply(group, settings);
	mcpeer_group_close_sockets(old, new);
	return 0;
}

/**
 * mcpeer_group_find - find a group by its name
 * @set: groups of the namespace
 * @name: name of the group
 * @extack: for the sentence that goes with NULL, may be NULL
 *
 * Context: Process context. The set's lock is held, and keeps the group.
 * Return: the group or NULL.
 */
struct mcpeer_group *mcpeer_group_find(struct mcpeer_groups *set,
				       struct mcpeer_text name,
				       struct netlink_ext_ack *extack)
{
	struct mcpeer_group *group;

	lockdep_assert_held(&set->lock);

	list_for_each_entry(group, &set->list, link)
		if (mcpeer_text_equal(mcpeer_group_name(group), name))
			return group;
	NL_SET_ERR_MSG(extack,
		       "this network namespace has no group of that name");
	return NULL;
}

/**
 * mcpeer_group_next - go through the groups
 * @set: groups of the namespace
 * @id: where to go on, 0 to begin with
 *
 * Context: Process context. The set's lock is held, and keeps the group.
 * Return: the group with the lowest id not below @id, or NULL.
 */
struct mcpeer_group *mcpeer_group_next(struct mcpeer_groups *set, u32 id)
{
	struct mcpeer_group *group;

	lockdep_assert_held(&set->lock);

	list_for_each_entry(group, &set->list, link)
		if (group->id >= id)
			return group;
	return NULL;
}

/**
 * mcpeer_group_describe - say what is known of a group, but its interfaces
 * @group: of a set whose lock is held
 * @info: set
 * @hostname: room for the name that @info then has
 *
 * Context: Process context, may sleep.
 */
void mcpeer_group_describe(struct mcpeer_group *group,
			   struct mcpeer_group_info *info,
			   char hostname[MCPEER_NAME_MAX])
{
	const struct mcpeer_settings *settings = &group->settings;

	lockdep_assert_held(&group->set->lock);

	info->name = mcpeer_group_name(group);
	info->prefix = mcpeer_settings_prefix(settings);
	info->interfaces = mcpeer_choice_interfaces(&settings->choice);
	info->listen = mcpeer_choice_listen(&settings->choice);
	info->hostname.at = hostname;
	info->hostname.len = mcpeer_announce_name(&group->announce, hostname);
	memcpy(info->addr, settings->choice.addr, sizeof(info->addr));
	info->port = settings->port;
	info->ttl = settings->ttl;
	info->interval = settings->interval;
	info->expiry = settings->expiry;
	info->max_peers = settings->max_peers;
	info->per_source = settings->per_source;
	info->join_rate = settings->join_rate;
	info->off_link = settings->off_link;
	info->peers = mcpeer_table_count(&group->table);
	mcpeer_stats_sum(group->stats, info->stats);
}

/**
 * mcpeer_group_set - the groups of a network namespace
 * @net: the namespace
 *
 * Context: Any, while the module's pernet operations are registered.
 * Return: the set.
 */
struct mcpeer_groups *mcpeer_group_set(struct net *net)
{
	return net_generic(net, mcpeer_group_net_id);
}

/**
 * mcpeer_group_set_init - make an empty set of groups
 * @net: a new network namespace
 * @family: the netlink family, for events
 *
 * Context: Process context.
 */
void mcpeer_group_set_init(struct net *net, const struct genl_family *family)
{
	struct mcpeer_groups *set = mcpeer_group_set(net);

	set->net = net;
	init_rwsem(&set->lock);
	INIT_LIST_HEAD(&set->list);
	mcpeer_event_init(&set->journal, net, family);
}

/**
 * mcpeer_group_set_destroy - stop all groups of a network namespace
 * @net: the namespace, which goes or is left; nobody asks for its groups now
 *
 * Context: Process context, sleeps.
 */
void mcpeer_group_set_destroy(struct net *net)
{
	struct mcpeer_groups *set = mcpeer_group_set(net);
	struct mcpeer_group *group, *next;

	list_for_each_entry_safe(group, next, &set->list, link)
		mcpeer_group_drop(group, false);
	mcpeer_event_close(&set->journal);
}

/**
 * mcpeer_group_module_init - make the work queues
 *
 * Context: Process context, at load.
 * Return: 0 or -ENOMEM.
 */
int __init mcpeer_group_module_init(void)
{
	mcpeer_group_join_queue = alloc_workqueue("mcpeer_join", WQ_UNBOUND, 0);
	if (!mcpeer_group_join_queue)
		return -ENOMEM;
	mcpeer_group_send_queue = alloc_workqueue("mcpeer_send", WQ_UNBOUND, 0);
	if (!mcpeer_group_send_queue) {
		destroy_workqueue(mcpeer_group_join_queue);
		return -ENOMEM;
	}
	return 0;
}

/**
 * mcpeer_group_module_exit - undo mcpeer_group_module_init()
 *
 * Context: Process context; all groups are gone.
 */
void mcpeer_group_module_exit(void)
{
	destroy_workqueue(mcpeer_group_send_queue);
	destroy_workqueue(mcpeer_group_join_queue);
}
