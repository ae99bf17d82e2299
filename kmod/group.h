/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A discovery group: its settings and the parts that serve it; and what those
 * of a network namespace share.
 */
#ifndef MCPEER_GROUP_H
#define MCPEER_GROUP_H

#include <linux/list.h>
#include <linux/rwsem.h>
#include "announce.h"
#include "event.h"
#include "iface.h"
#include "resume.h"
#include "settings.h"
#include "socket.h"
#include "table.h"

/* The group that exists once the module is loaded. */
#define MCPEER_GROUP_DEFAULT	"default"

/**
 * struct mcpeer_group - a running group
 * @link: in the set's list
 * @id: grows with each group of the set, for dumps; constant
 * @set: the set; constant
 * @settings: as they are now
 * @socket: as the settings have them; NULL for none
 * @table: the peers
 * @ifaces: the interfaces that take part
 * @announce: the announcements
 * @resume: what happens when the machine wakes up
 * @stats: counters
 * @name_len: length of @name; constant
 * @name: constant
 *
 * The set's lock guards what is not constant; the parts have their own.
 */
struct mcpeer_group {
	struct list_head link;
	u32 id;
	struct mcpeer_groups *set;
	struct mcpeer_settings settings;
	struct mcpeer_socket *socket[MCPEER_SETTINGS_SOCKETS];
	struct mcpeer_table table;
	struct mcpeer_ifaces ifaces;
	struct mcpeer_announce announce;
	struct mcpeer_resume resume;
	struct mcpeer_stats __percpu *stats;
	unsigned int name_len;
	char name[MCPEER_GROUP_NAME_MAX];
};

/**
 * struct mcpeer_groups - the groups of a network namespace
 * @net: the namespace; constant
 * @lock: guards the list, and that a group found in it stays; held for
 *	writing to add, change and remove groups, and then taken before RTNL
 * @list: of struct mcpeer_group, by growing id
 * @last_id: id of the newest group
 * @generation: moved when a peer or group comes or goes, for NLM_F_DUMP_INTR
 * @journal: the namespace's events
 */
struct mcpeer_groups {
	struct net *net;
	struct rw_semaphore lock;
	struct list_head list;
	u32 last_id;
	atomic_t generation;
	struct mcpeer_journal journal;
};

static inline struct mcpeer_text
mcpeer_group_name(const struct mcpeer_group *group)
{
	return (struct mcpeer_text){ group->name, group->name_len };
}

int mcpeer_group_module_init(void);
void mcpeer_group_module_exit(void);

struct mcpeer_group *
mcpeer_group_create(struct mcpeer_groups *set, struct mcpeer_text name,
		    const struct mcpeer_settings *settings, bool autostart,
		    struct netlink_ext_ack *extack);
void mcpeer_group_destroy(struct mcpeer_group *group, bool tell);
int mcpeer_group_change(struct mcpeer_group *group,
			const struct mcpeer_settings *settings,
			struct netlink_ext_ack *extack);
void mcpeer_group_describe(struct mcpeer_group *group,
			   struct mcpeer_group_info *info,
			   char hostname[MCPEER_NAME_MAX]);

#endif /* MCPEER_GROUP_H */
