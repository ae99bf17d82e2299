/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The paths of a peer: the places where it is heard, each with a lifetime of
 * its own. The first takes no memory of its own; a host that speaks both IPv4
 * and IPv6 has two.
 */
#ifndef MCPEER_PATH_H
#define MCPEER_PATH_H

#include <linux/mcpeer.h>
#include "addr.h"
#include "deadline.h"

/**
 * struct mcpeer_path - a path
 * @heard_at: when the peer was last heard there, nanoseconds of coarse boot
 *	time
 * @place: where
 */
struct mcpeer_path {
	u64 heard_at;
	struct mcpeer_place place;
};

/**
 * struct mcpeer_paths - the paths of a peer
 * @first: the first one
 * @more: room for the others, NULL until there are some
 * @count: how many there are, 1 to MCPEER_PATHS_MAX
 * @turned: a bit for each that took a turn when it was heard last (rival.c)
 * @rivals: the bits of the two between which there is a conflict, or 0
 * @told: when the last conflict began, seconds of boot time; 0 for never
 *
 * Guarded by the table's lock, as the peer.
 */
struct mcpeer_paths {
	struct mcpeer_path first;
	struct mcpeer_path *more;
	u8 count;
	u8 turned;
	u8 rivals;
	u32 told;
};

static inline struct mcpeer_path *mcpeer_path_at(struct mcpeer_paths *paths,
						 unsigned int i)
{
	return i ? &paths->more[i - 1] : &paths->first;
}

static inline unsigned int mcpeer_path_index(const struct mcpeer_paths *paths,
					     const struct mcpeer_path *path)
{
	return path == &paths->first ? 0 : path - paths->more + 1;
}

/* Whether it was silent for a lifetime. */
static inline bool mcpeer_path_is_over(const struct mcpeer_path *path,
				       u64 expiry, u64 now)
{
	return mcpeer_deadline_passed(mcpeer_deadline_after(path->heard_at,
							    expiry), now);
}

/**
 * mcpeer_path_find - the path at a place
 * @paths: of a peer
 * @place: where it was heard
 *
 * Context: Any, under the table's lock.
 * Return: the path, or NULL.
 */
static inline struct mcpeer_path *
mcpeer_path_find(struct mcpeer_paths *paths, const struct mcpeer_place *place)
{
	unsigned int i;

	if (likely(mcpeer_addr_same_place(&paths->first.place, place)))
		return &paths->first;
	for (i = 1; i < paths->count; i++)
		if (mcpeer_addr_same_place(&paths->more[i - 1].place, place))
			return &paths->more[i - 1];
	return NULL;
}

void mcpeer_path_set(struct mcpeer_paths *paths,
		     const struct mcpeer_place *place, u64 now);
struct mcpeer_path *mcpeer_path_add(struct mcpeer_paths *paths,
				    const struct mcpeer_place *place);
void mcpeer_path_replace(struct mcpeer_paths *paths, struct mcpeer_path *path,
			 const struct mcpeer_place *place);
struct mcpeer_path *mcpeer_path_stalest(struct mcpeer_paths *paths);
unsigned int mcpeer_path_prune(struct mcpeer_paths *paths, u64 expiry, u64 now);
u64 mcpeer_path_latest(const struct mcpeer_paths *paths);
unsigned int mcpeer_path_sort(const struct mcpeer_paths *paths,
			      const struct mcpeer_path **sorted);
void mcpeer_path_free(struct mcpeer_paths *paths);

#endif /* MCPEER_PATH_H */
