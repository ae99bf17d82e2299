/* SPDX-License-Identifier: GPL-2.0 */
/* What an announcement heard on the network does to the table of peers. */
#ifndef MCPEER_HEARD_H
#define MCPEER_HEARD_H

#include "addr.h"
#include "peer.h"

struct mcpeer_path;
struct mcpeer_table;

/**
 * struct mcpeer_heard - an announcement
 * @key: the name of the sender, and the hash of that
 * @place: its address, and the interface it came in by
 * @direct: it was sent to this host, or by broadcast, which shows nothing of
 *	what becomes of multicast
 */
struct mcpeer_heard {
	struct mcpeer_key key;
	struct mcpeer_place place;
	bool direct;
};

void mcpeer_heard_one_of(struct mcpeer_peer *peer, struct mcpeer_path *path,
			 bool direct, u64 now);
bool mcpeer_heard_refresh(struct mcpeer_table *table,
			  const struct mcpeer_heard *heard);
unsigned int mcpeer_heard_accept(struct mcpeer_table *table,
				 const struct mcpeer_heard *heard);

#endif /* MCPEER_HEARD_H */
