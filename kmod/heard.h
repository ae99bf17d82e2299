/* SPDX-License-Identifier: GPL-2.0 */
/* What an announcement heard on the network does to the table of peers. */
#ifndef MCPEER_HEARD_H
#define MCPEER_HEARD_H

#include "text.h"

struct mcpeer_table;

/**
 * struct mcpeer_heard - an announcement
 * @name: of the sender
 * @addr: its IPv4 address
 * @ifindex: the interface it came in by
 */
struct mcpeer_heard {
	struct mcpeer_text name;
	__be32 addr;
	int ifindex;
};

bool mcpeer_heard_refresh(struct mcpeer_table *table,
			  const struct mcpeer_heard *heard);
unsigned int mcpeer_heard_accept(struct mcpeer_table *table,
				 const struct mcpeer_heard *heard,
				 bool from_here);

#endif /* MCPEER_HEARD_H */
