/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_PEER_LIST_H
#define MCPEER_PEER_LIST_H

#include "buffer.h"
#include "client.h"
#include "commands.h"
#include "table.h"

/**
 * struct mcpeer_peer_list - peers, already as they are printed
 * @context: how
 * @unsorted: they are printed in the order in which they are added, a few at a
 *	time, and forgotten
 * @rows: of each peer: name and group, by which it is sorted, each with a NUL,
 *	and then its JSON with a NUL, or the cells of its row
 * @starts: where in @rows each peer begins
 * @count: how many peers are kept
 * @printed: how many peers were printed
 * @failure: why they could not be, a negative error number, or 0
 * @room: for so many there is memory at @starts
 * @table: the columns, as wide as they have to be
 * @object: where JSON is put together
 *
 * To begin with all is zero but @context and @unsorted. If it is to be sorted
 * the whole is needed before the first line can be printed; so it is kept in
 * the form that takes the least room and work.
 */
struct mcpeer_peer_list {
	const struct mcpeer_context *context;
	bool unsorted;
	struct mcpeer_buffer rows;
	size_t *starts;
	size_t count;
	size_t printed;
	int failure;
	size_t room;
	struct mcpeer_table table;
	struct mcpeer_buffer object;
};

void mcpeer_peer_list_clear(struct mcpeer_peer_list *list);
int mcpeer_peer_list_add(struct mcpeer_peer_list *list,
			 const struct mcpeer_peer_info *peer);
int mcpeer_peer_list_print(struct mcpeer_peer_list *list, bool whole);
void mcpeer_peer_list_free(struct mcpeer_peer_list *list);

#endif
