/* SPDX-License-Identifier: GPL-2.0 */
/* A registration: a peer that this host vouches for. */
#ifndef MCPEER_REGISTRATION_H
#define MCPEER_REGISTRATION_H

#include "attrs.h"

struct mcpeer_table;
struct netlink_ext_ack;

/**
 * struct mcpeer_registration - what is asked for
 * @name: its name
 * @value: its value; at is NULL for none
 * @addr: its address, may be of no family
 * @lifetime: in nanoseconds, MCPEER_DEADLINE_NEVER, or 0 for the group's
 * @exclusive: refuse a name that exists
 * @replace: refuse a name that does not
 */
struct mcpeer_registration {
	struct mcpeer_text name;
	struct mcpeer_text value;
	struct mcpeer_addr addr;
	u64 lifetime;
	bool exclusive;
	bool replace;
};

int mcpeer_registration_add(struct mcpeer_table *table,
			    const struct mcpeer_registration *reg,
			    struct netlink_ext_ack *extack);
int mcpeer_registration_remove(struct mcpeer_table *table,
			       struct mcpeer_text name,
			       struct netlink_ext_ack *extack);

#endif /* MCPEER_REGISTRATION_H */
