// SPDX-License-Identifier: GPL-2.0
/*
 * A dump that goes on at an id needs peers in the order of their ids, which
 * only grow: those of peers that have left stay unused. An xarray of them takes
 * as long to be told of a peer as all else that is done for one; so it is told
 * of rows of them instead, and the row that is being filled is at hand.
 */
#include <linux/math64.h>
#include <linux/slab.h>
#include "peer.h"
#include "roster.h"

/* So many that a row is 256 bytes where pointers have 64 bits. */
#define MCPEER_ROSTER_ROW	31

/**
 * struct mcpeer_row - peers whose ids follow each other
 * @count: how many there are
 * @peer: each by its id, NULL where it is gone or yet to come
 */
struct mcpeer_row {
	unsigned long count;
	struct mcpeer_peer *peer[MCPEER_ROSTER_ROW];
};

/* Of an id: the number of its row, and its place there. */
static unsigned long mcpeer_roster_split(u64 id, u32 *place)
{
	return div_u64_rem(id, MCPEER_ROSTER_ROW, place);
}

static void mcpeer_roster_drop(struct mcpeer_roster *roster,
			       unsigned long number, struct mcpeer_row *row)
{
	xa_erase(&roster->rows, number);
	kfree(row);
}

/* The next row takes the place of the last. */
static int mcpeer_roster_grow(struct mcpeer_roster *roster,
			      unsigned long number)
{
	struct mcpeer_row *row;

	row = kzalloc(sizeof(*row), GFP_ATOMIC | __GFP_NOWARN);
	if (!row)
		return -ENOMEM;
	if (xa_insert(&roster->rows, number, row, GFP_ATOMIC | __GFP_NOWARN)) {
		kfree(row);
		return -ENOMEM;
	}
	if (roster->last && !roster->last->count)
		mcpeer_roster_drop(roster, number - 1, roster->last);
	roster->last = row;
	return 0;
}

/**
 * mcpeer_roster_add - put a peer behind all others
 * @roster: the roster
 * @peer: gets its id
 *
 * Context: Any, under the table's lock. Allocates with GFP_ATOMIC.
 * Return: 0 or -ENOMEM.
 */
int mcpeer_roster_add(struct mcpeer_roster *roster, struct mcpeer_peer *peer)
{
	unsigned long number;
	u32 place;

	number = mcpeer_roster_split(roster->next_id, &place);
	if (!place && mcpeer_roster_grow(roster, number))
		return -ENOMEM;
	peer->id = roster->next_id++;
	roster->last->peer[place] = peer;
	roster->last->count++;
	return 0;
}

/**
 * mcpeer_roster_remove - take a peer out
 * @roster: the roster
 * @peer: is in it
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_roster_remove(struct mcpeer_roster *roster,
			  const struct mcpeer_peer *peer)
{
	struct mcpeer_row *row;
	unsigned long number;
	u32 place;

	number = mcpeer_roster_split(peer->id, &place);
	row = xa_load(&roster->rows, number);
	row->peer[place] = NULL;
	if (!--row->count && row != roster->last)
		mcpeer_roster_drop(roster, number, row);
}

/**
 * mcpeer_roster_next - the first peer from an id on
 * @roster: the roster
 * @id: the id; set to that of the peer
 *
 * Context: Any, under the table's lock.
 * Return: the peer, NULL if there is none.
 */
struct mcpeer_peer *mcpeer_roster_next(struct mcpeer_roster *roster, u64 *id)
{
	unsigned long first, number;
	const struct mcpeer_row *row;
	u32 i;

	first = mcpeer_roster_split(*id, &i);
	number = first;
	row = xa_find(&roster->rows, &number, ULONG_MAX, XA_PRESENT);
	if (number != first)
		i = 0;
	while (row) {
		for (; i < MCPEER_ROSTER_ROW; i++) {
			if (!row->peer[i])
				continue;
			*id = (u64)number * MCPEER_ROSTER_ROW + i;
			return row->peer[i];
		}
		row = xa_find_after(&roster->rows, &number, ULONG_MAX,
				    XA_PRESENT);
		i = 0;
	}
	return NULL;
}

/**
 * mcpeer_roster_init - have no peers as yet
 * @roster: zeroed
 *
 * Context: Any.
 */
void mcpeer_roster_init(struct mcpeer_roster *roster)
{
	xa_init(&roster->rows);
}

/**
 * mcpeer_roster_destroy - undo mcpeer_roster_init()
 * @roster: all peers were taken out
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_roster_destroy(struct mcpeer_roster *roster)
{
	u32 place;

	if (roster->last)
		mcpeer_roster_drop(roster,
				   mcpeer_roster_split(roster->next_id - 1,
						       &place),
				   roster->last);
	WARN_ON_ONCE(!xa_empty(&roster->rows));
	xa_destroy(&roster->rows);
}
