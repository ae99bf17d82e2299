/* SPDX-License-Identifier: GPL-2.0 */
/* Saying "I am here" on a group, and when. */
#ifndef MCPEER_ANNOUNCE_H
#define MCPEER_ANNOUNCE_H

#include <linux/mutex.h>
#include <linux/workqueue.h>
#include "iface.h"
#include "settings.h"
#include "socket.h"
#include "table.h"

/**
 * struct mcpeer_announce - the announcements of a group
 * @queue: for the works; constant, as are the four below
 * @ifaces: where to announce
 * @table: is told this host's name
 * @stats: counters of the group
 * @periodic: announces on all interfaces, and arms itself again
 * @greet: announces on the interfaces that are new
 * @repeat: says the last announcement again
 * @lock: guards all below, and that nobody sends by a socket that is exchanged
 * @follow: the name is the initial UTS namespace's, and changes with it
 * @socket: to send by, as the settings have them; NULL for none
 * @choice: where only to listen, for what is routed
 * @interval: longest time between two announcements in milliseconds
 * @times: how many times each is sent
 * @left: how many times the last one is still to be sent
 * @due: when next, in ticks
 * @name_len: length of @name, 0 while there is nothing to announce
 * @name: this host's name
 */
struct mcpeer_announce {
	struct workqueue_struct *queue;
	struct mcpeer_ifaces *ifaces;
	struct mcpeer_table *table;
	struct mcpeer_stats __percpu *stats;
	struct delayed_work periodic;
	struct work_struct greet;
	struct delayed_work repeat;

	struct mutex lock; /* guards all below */
	bool follow;
	const struct mcpeer_socket *socket[MCPEER_SETTINGS_SOCKETS];
	struct mcpeer_choice choice;
	u32 interval;
	unsigned int times;
	unsigned int left;
	unsigned long due;
	unsigned int name_len;
	char name[MCPEER_NAME_MAX];
};

void mcpeer_announce_start(struct mcpeer_announce *announce,
			   const struct mcpeer_settings *settings,
			   struct mcpeer_socket *const *socket, bool autostart);
void mcpeer_announce_rename(struct mcpeer_announce *announce,
			    struct mcpeer_text name, bool autostart);
void mcpeer_announce_stop(struct mcpeer_announce *announce);
void mcpeer_announce_change(struct mcpeer_announce *announce,
			    const struct mcpeer_settings *settings,
			    struct mcpeer_socket *const *socket);
void mcpeer_announce_now(struct mcpeer_announce *announce);
void mcpeer_announce_greet(struct mcpeer_announce *announce);
unsigned int mcpeer_announce_name(struct mcpeer_announce *announce,
				  char name[MCPEER_NAME_MAX]);

#endif /* MCPEER_ANNOUNCE_H */
