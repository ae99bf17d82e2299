// SPDX-License-Identifier: GPL-2.0
#include <linux/netlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "groups.h"

/*
 * Groups at most in a namespace: each is up to four sockets and three
 * notifiers, and the owner of a user namespace may add them.
 */
#define MCPEER_GROUPS_MAX	16

unsigned int mcpeer_groups_net_id __read_mostly;

/* Two groups with one address hear the same, and targets with one port too. */
static int mcpeer_groups_check_others(struct mcpeer_groups *set,
				      const struct mcpeer_group *self,
				      const struct mcpeer_settings *settings,
				      struct netlink_ext_ack *extack)
{
	const struct mcpeer_group *group;

	lockdep_assert_held_write(&set->lock);

	list_for_each_entry(group, &set->list, link) {
		if (group == self)
			continue;
		if (mcpeer_settings_overlap(&group->settings, settings)) {
			NL_SET_ERR_MSG(extack,
				       "another group has this address and port");
			return -EADDRINUSE;
		}
		if (mcpeer_settings_collide(&group->settings, settings)) {
			NL_SET_ERR_MSG(extack,
				       "another group with targets has this port");
			return -EADDRINUSE;
		}
	}
	return 0;
}

static unsigned int mcpeer_groups_count(const struct mcpeer_groups *set)
{
	const struct list_head *link;
	unsigned int count = 0;

	list_for_each(link, &set->list)
		count++;
	return count;
}

static int mcpeer_groups_check_new(struct mcpeer_groups *set,
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
	if (mcpeer_groups_find(set, name, NULL)) {
		NL_SET_ERR_MSG(extack, "a group of that name exists already");
		return -EEXIST;
	}
	if (mcpeer_groups_count(set) >= MCPEER_GROUPS_MAX) {
		NL_SET_ERR_MSG(extack,
			       "there are 16 groups already, which is the most");
		return -ENOSPC;
	}
	err = mcpeer_settings_check(settings, extack);
	if (err)
		return err;
	return mcpeer_groups_check_others(set, NULL, settings, extack);
}

/**
 * mcpeer_groups_add - start a group
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
int mcpeer_groups_add(struct mcpeer_groups *set, struct mcpeer_text name,
		      const struct mcpeer_settings *settings, bool autostart,
		      struct netlink_ext_ack *extack)
{
	struct mcpeer_group *group;
	int err;

	lockdep_assert_held_write(&set->lock);

	err = mcpeer_groups_check_new(set, name, settings, extack);
	if (err)
		return err;
	err = mcpeer_event_open(&set->journal);
	if (err) {
		NL_SET_ERR_MSG(extack, "there is no memory for the journal");
		return err;
	}
	group = mcpeer_group_create(set, name, settings, autostart, extack);
	if (IS_ERR(group))
		return PTR_ERR(group);
	group->id = ++set->last_id;
	list_add_tail(&group->link, &set->list);
	atomic_inc(&set->generation);
	return 0;
}

static void mcpeer_groups_drop(struct mcpeer_group *group, bool tell)
{
	list_del(&group->link);
	atomic_inc(&group->set->generation);
	mcpeer_group_destroy(group, tell);
}

/**
 * mcpeer_groups_remove - stop a group
 * @group: of a set whose lock is held for writing
 *
 * Context: Process context, sleeps.
 */
void mcpeer_groups_remove(struct mcpeer_group *group)
{
	lockdep_assert_held_write(&group->set->lock);

	mcpeer_groups_drop(group, true);
}

/**
 * mcpeer_groups_change - change the settings of a group
 * @group: of a set whose lock is held for writing
 * @settings: all settings, each within its range
 * @extack: for the sentence that goes with a refusal
 *
 * Context: Process context, sleeps.
 * Return: 0; -EINVAL, -EADDRINUSE, -EAFNOSUPPORT or -ENOMEM with nothing
 * changed.
 */
int mcpeer_groups_change(struct mcpeer_group *group,
			 const struct mcpeer_settings *settings,
			 struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held_write(&group->set->lock);

	err = mcpeer_settings_check(settings, extack);
	if (!err)
		err = mcpeer_groups_check_others(group->set, group, settings,
						 extack);
	return err ?: mcpeer_group_change(group, settings, extack);
}

/**
 * mcpeer_groups_find - find a group by its name
 * @set: groups of the namespace
 * @name: name of the group
 * @extack: for the sentence that goes with NULL, may be NULL
 *
 * Context: Process context. The set's lock is held, and keeps the group.
 * Return: the group or NULL.
 */
struct mcpeer_group *mcpeer_groups_find(struct mcpeer_groups *set,
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
 * mcpeer_groups_next - go through the groups
 * @set: groups of the namespace
 * @id: where to go on, 0 to begin with
 *
 * Context: Process context. The set's lock is held, and keeps the group.
 * Return: the group with the lowest id not below @id, or NULL.
 */
struct mcpeer_group *mcpeer_groups_next(struct mcpeer_groups *set, u32 id)
{
	struct mcpeer_group *group;

	lockdep_assert_held(&set->lock);

	list_for_each_entry(group, &set->list, link)
		if (group->id >= id)
			return group;
	return NULL;
}

/**
 * mcpeer_groups_of - the groups of a network namespace
 * @net: the namespace
 *
 * Context: Any, while the module's pernet operations are registered.
 * Return: the set.
 */
struct mcpeer_groups *mcpeer_groups_of(struct net *net)
{
	return net_generic(net, mcpeer_groups_net_id);
}

/**
 * mcpeer_groups_init - make an empty set of groups
 * @net: a new network namespace
 * @family: the netlink family, for events
 *
 * Context: Process context.
 */
void mcpeer_groups_init(struct net *net, const struct genl_family *family)
{
	struct mcpeer_groups *set = mcpeer_groups_of(net);

	set->net = net;
	init_rwsem(&set->lock);
	INIT_LIST_HEAD(&set->list);
	mcpeer_event_init(&set->journal, net, family);
}

/**
 * mcpeer_groups_destroy - stop all groups of a network namespace
 * @net: the namespace, which goes or is left; nobody asks for its groups now
 *
 * Context: Process context, sleeps.
 */
void mcpeer_groups_destroy(struct net *net)
{
	struct mcpeer_groups *set = mcpeer_groups_of(net);
	struct mcpeer_group *group, *next;

	list_for_each_entry_safe(group, next, &set->list, link)
		mcpeer_groups_drop(group, false);
	mcpeer_event_close(&set->journal);
}
