// SPDX-License-Identifier: GPL-2.0
#include <linux/netlink.h>
#include <linux/slab.h>
#include "deadline.h"
#include "group.h"
#include "hotplug.h"
#include "inet.h"
#include "lifetime.h"

/*
 * The slow things. Joining may wait long for RTNL, which sending must not: so
 * each has a queue of its own.
 */
static struct workqueue_struct *mcpeer_group_join_queue;
static struct workqueue_struct *mcpeer_group_send_queue;

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

static struct mcpeer_socket *
mcpeer_group_open_socket(struct mcpeer_group *group, unsigned int which,
			 const struct mcpeer_settings *settings,
			 struct netlink_ext_ack *extack)
{
	enum mcpeer_family family = mcpeer_settings_family(which);
	struct mcpeer_socket wanted = {
		.net = group->set->net,
		.port = htons(settings->port),
		.ttl = settings->ttl,
		.prefix_len = settings->prefix_len,
		.table = &group->table,
		.ifaces = &group->ifaces,
		.stats = group->stats,
	};

	memcpy(wanted.prefix, settings->prefix, settings->prefix_len);
	if (mcpeer_settings_is_direct(which)) {
		wanted.addr.family = mcpeer_inet_of(family)->family;
		wanted.targets = &settings->targets;
	} else {
		wanted.addr = settings->choice.addr[family];
	}
	return mcpeer_socket_open(&wanted, extack);
}

/* Close those sockets that are not kept. */
static void mcpeer_group_close_sockets(struct mcpeer_socket *const *socket,
				       struct mcpeer_socket *const *kept)
{
	unsigned int which;

	for (which = 0; which < MCPEER_SETTINGS_SOCKETS; which++)
		if (socket[which] && (!kept || socket[which] != kept[which]))
			mcpeer_socket_close(socket[which]);
}

/*
 * A host whose administrator turned IPv6 off does without an address of it, as
 * long as there is IPv4; but not without a target that somebody named.
 */
static bool mcpeer_group_can_do_without(const struct mcpeer_settings *settings,
					unsigned int which, int err)
{
	return err == -EAFNOSUPPORT && !mcpeer_settings_is_direct(which) &&
	       settings->choice.addr[MCPEER_V4].family;
}

/*
 * Sockets for the settings, of which those that need not change are the
 * group's.
 */
static int mcpeer_group_open_sockets(struct mcpeer_group *group,
				     const struct mcpeer_settings *settings,
				     struct mcpeer_socket **new,
				     struct netlink_ext_ack *extack)
{
	unsigned int which;
	int err = 0;

	memset(new, 0, sizeof(*new) * MCPEER_SETTINGS_SOCKETS);
	for (which = 0; which < MCPEER_SETTINGS_SOCKETS && !err; which++) {
		if (!mcpeer_settings_wants_socket(settings, which))
			continue;
		if (group->socket[which] &&
		    mcpeer_settings_same_socket(settings, &group->settings,
						which)) {
			new[which] = group->socket[which];
			continue;
		}
		new[which] = mcpeer_group_open_socket(group, which, settings,
						      extack);
		err = PTR_ERR_OR_ZERO(new[which]);
		if (err)
			new[which] = NULL;
		if (mcpeer_group_can_do_without(settings, which, err)) {
			err = 0;
			/* A sentence without a refusal would be a warning. */
			if (extack)
				extack->_msg = NULL;
		}
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

static void mcpeer_group_deaf(struct mcpeer_ifaces *ifaces, int ifindex,
			      bool deaf)
{
	struct mcpeer_group *group =
		container_of(ifaces, struct mcpeer_group, ifaces);
	struct mcpeer_peer_info info = {
		.group = mcpeer_group_name(group),
		.path_count = 1,
		.path = { { .place.ifindex = ifindex } },
	};

	mcpeer_table_name_iface(&group->table, &info.path[0]);
	mcpeer_event_emit(&group->set->journal,
			  deaf ? MCPEER_EVENT_TYPE_DEAF :
				 MCPEER_EVENT_TYPE_RECOVERED, &info,
			  mcpeer_deadline_now());
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
	group->ifaces.on_deaf = mcpeer_group_deaf;
	group->ifaces.choice = settings->choice;
	group->ifaces.off_link = settings->off_link;

	mcpeer_hotplug_init(&group->ifaces);

	group->announce.queue = mcpeer_group_send_queue;
	group->announce.ifaces = &group->ifaces;
	group->announce.table = &group->table;
	group->announce.stats = group->stats;

	group->resume.queue = mcpeer_group_join_queue;
	group->resume.table = &group->table;
	group->resume.announce = &group->announce;
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
	struct mcpeer_socket *socket[MCPEER_SETTINGS_SOCKETS];
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
	mcpeer_announce_start(&group->announce, &group->settings, socket,
			      autostart);
	err = mcpeer_hotplug_start(&group->ifaces);
	if (err) {
		NL_SET_ERR_MSG(extack, "interfaces cannot be followed");
		goto err_stop_announce;
	}
	err = mcpeer_resume_start(&group->resume);
	if (err) {
		NL_SET_ERR_MSG(extack, "suspend and resume cannot be followed");
		goto err_stop_hotplug;
	}
	return 0;

err_stop_hotplug:
	mcpeer_hotplug_stop(&group->ifaces);
err_stop_announce:
	mcpeer_announce_stop(&group->announce);
	mcpeer_group_close_sockets(group->socket, NULL);
err_destroy_table:
	mcpeer_table_destroy(&group->table, false);
	return err;
}

/*
 * Undo mcpeer_group_start():
 * 1. Nobody asks for announcements because the machine woke up.
 * 2. No interface takes part any more, and none asks to be announced on.
 * 3. Announcements stop; nobody uses the sockets to send.
 * 4. The sockets close, and the receive hook has run for the last time: no
 *    peer is added.
 * 5. The table removes its peers, shutting their timers down, and waits for
 *    timers that had fired. The peers themselves are freed by RCU, which
 *    needs nothing of the group.
 */
static void mcpeer_group_stop(struct mcpeer_group *group, bool tell)
{
	mcpeer_resume_stop(&group->resume);
	mcpeer_hotplug_stop(&group->ifaces);
	mcpeer_announce_stop(&group->announce);
	mcpeer_group_close_sockets(group->socket, NULL);
	mcpeer_table_destroy(&group->table, tell);
}

/**
 * mcpeer_group_create - start a group that is in no set's list yet
 * @set: groups of the namespace, with a journal
 * @name: name of the group, which no other has
 * @settings: its settings, that were checked
 * @autostart: announce the initial UTS namespace's name, not the caller's
 * @extack: for the sentence that goes with a failure, may be NULL
 *
 * Context: Process context, sleeps. The set's lock is held for writing.
 * Return: the group or an ERR_PTR().
 */
struct mcpeer_group *
mcpeer_group_create(struct mcpeer_groups *set, struct mcpeer_text name,
		    const struct mcpeer_settings *settings, bool autostart,
		    struct netlink_ext_ack *extack)
{
	struct mcpeer_group *group;
	int err;

	group = mcpeer_group_alloc(set, name, settings);
	if (!group) {
		NL_SET_ERR_MSG(extack, "there is no memory for another group");
		return ERR_PTR(-ENOMEM);
	}
	err = mcpeer_group_start(group, autostart, extack);
	if (err) {
		mcpeer_group_free(group);
		return ERR_PTR(err);
	}
	return group;
}

/**
 * mcpeer_group_destroy - stop a group, and free it
 * @group: no longer in its set's list
 * @tell: whether its peers leave with an event each
 *
 * Context: Process context, sleeps.
 */
void mcpeer_group_destroy(struct mcpeer_group *group, bool tell)
{
	mcpeer_group_stop(group, tell);
	mcpeer_group_free(group);
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
	/* Even if it is empty as before, another task's name may be meant. */
	if (settings->hostname_given)
		mcpeer_announce_rename(&group->announce,
				       mcpeer_settings_hostname(settings),
				       false);
	*old = *settings;
	/*
	 * In this order interfaces that join anew greet the new address, and
	 * nothing more is said where only to listen.
	 */
	mcpeer_announce_change(&group->announce, settings, group->socket);
	if (chosen)
		mcpeer_hotplug_choose(&group->ifaces, &settings->choice);
	/* Peers that knew us by the old settings shall learn. */
	mcpeer_announce_now(&group->announce);
}

/**
 * mcpeer_group_change - change the settings of a running group
 * @group: of a set whose lock is held for writing
 * @settings: all settings, that were checked
 * @extack: for the sentence that goes with a refusal
 *
 * What can fail comes first and changes nothing. Another address, port, time
 * to live or prefix, and other targets, take another socket; in the moment in
 * which there are two a datagram may be heard twice. Another address is heard
 * once its interfaces have been joined anew.
 *
 * Context: Process context, sleeps.
 * Return: 0, -EADDRINUSE, -EAFNOSUPPORT or -ENOMEM.
 */
int mcpeer_group_change(struct mcpeer_group *group,
			const struct mcpeer_settings *settings,
			struct netlink_ext_ack *extack)
{
	struct mcpeer_socket *old[MCPEER_SETTINGS_SOCKETS];
	struct mcpeer_socket *new[MCPEER_SETTINGS_SOCKETS];
	int err;

	lockdep_assert_held_write(&group->set->lock);

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
	info->targets = &settings->targets;
	info->repeat = settings->repeat;
	info->peers = mcpeer_table_count(&group->table);
	mcpeer_stats_sum(group->stats, info->stats);
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
