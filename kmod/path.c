// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include "deadline.h"
#include "path.h"

/*
 * Within this time, in nanoseconds, two paths count as heard at once: a host
 * announces itself on all of them one after the other.
 */
#define MCPEER_PATH_AT_ONCE	(10 * (u64)NSEC_PER_MSEC)

/**
 * mcpeer_path_free - give back the memory of paths
 * @paths: of a peer; those after the first are forgotten
 *
 * Context: Any, under the table's lock if others know the peer.
 */
void mcpeer_path_free(struct mcpeer_paths *paths)
{
	kfree(paths->more);
	paths->more = NULL;
	paths->count = min_t(u8, paths->count, 1);
	paths->turned = 0;
	paths->rivals = 0;
}

/**
 * mcpeer_path_set - have one path only
 * @paths: of a peer
 * @place: where it is
 * @now: mcpeer_deadline_now()
 *
 * Context: Any, under the table's lock if others know the peer.
 */
void mcpeer_path_set(struct mcpeer_paths *paths,
		     const struct mcpeer_place *place, u64 now)
{
	if (paths->count)
		mcpeer_path_free(paths);
	paths->first.place = *place;
	paths->first.heard_at = now;
	paths->count = 1;
}

/**
 * mcpeer_path_add - have one more path
 * @paths: of a peer, less than MCPEER_PATHS_MAX
 * @place: where it was heard now, which none of its paths is
 *
 * Context: Any, under the table's lock. Allocates with GFP_ATOMIC.
 * Return: the path, whose heard_at is left to the caller; NULL if there is no
 * memory.
 */
struct mcpeer_path *mcpeer_path_add(struct mcpeer_paths *paths,
				    const struct mcpeer_place *place)
{
	struct mcpeer_path *path;

	if (!paths->more) {
		paths->more = kmalloc_array(MCPEER_PATHS_MAX - 1,
					    sizeof(*paths->more),
					    GFP_ATOMIC | __GFP_NOWARN);
		if (!paths->more)
			return NULL;
	}
	path = mcpeer_path_at(paths, paths->count++);
	path->place = *place;
	return path;
}

/**
 * mcpeer_path_replace - have another path in the place of one
 * @paths: of a peer
 * @path: one of them; its heard_at is left to the caller
 * @place: where it was heard now, which none of its paths is
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_path_replace(struct mcpeer_paths *paths, struct mcpeer_path *path,
			 const struct mcpeer_place *place)
{
	u8 others = ~BIT(mcpeer_path_index(paths, path));

	path->place = *place;
	paths->turned &= others;
	paths->rivals &= others;
}

/**
 * mcpeer_path_stalest - the path that was silent for longest
 * @paths: of a peer
 *
 * Context: Any, under the table's lock.
 * Return: the path.
 */
struct mcpeer_path *mcpeer_path_stalest(struct mcpeer_paths *paths)
{
	struct mcpeer_path *stalest = &paths->first;
	unsigned int i;

	for (i = 1; i < paths->count; i++)
		if (paths->more[i - 1].heard_at < stalest->heard_at)
			stalest = &paths->more[i - 1];
	return stalest;
}

/**
 * mcpeer_path_prune - drop the paths whose lifetime ran out
 * @paths: of a peer that lives, by one of them
 * @expiry: lifetime of a path in nanoseconds
 * @now: mcpeer_deadline_now()
 *
 * That a conflict between two of them is over is told before.
 *
 * Context: Any, under the table's lock.
 * Return: how many were dropped.
 */
unsigned int mcpeer_path_prune(struct mcpeer_paths *paths, u64 expiry, u64 now)
{
	unsigned int i, kept = 0, before = paths->count;
	u8 turned = paths->turned, rivals = paths->rivals;
	const struct mcpeer_path *path;

	paths->turned = 0;
	paths->rivals = 0;
	for (i = 0; i < before; i++) {
		path = mcpeer_path_at(paths, i);
		/* The last one of all is the peer's own to lose. */
		if (mcpeer_path_is_over(path, expiry, now) &&
		    paths->count > 1) {
			paths->count--;
			continue;
		}
		paths->turned |= (turned >> i & 1) << kept;
		paths->rivals |= (rivals >> i & 1) << kept;
		*mcpeer_path_at(paths, kept++) = *path;
	}
	if (paths->count == 1)
		mcpeer_path_free(paths);
	return before - paths->count;
}

/**
 * mcpeer_path_latest - when was the peer last heard, wherever?
 * @paths: of a peer
 *
 * Context: Any, under the table's lock.
 * Return: nanoseconds of coarse boot time.
 */
u64 mcpeer_path_latest(const struct mcpeer_paths *paths)
{
	u64 latest = paths->first.heard_at;
	unsigned int i;

	for (i = 1; i < paths->count; i++)
		latest = max(latest, paths->more[i - 1].heard_at);
	return latest;
}

/**
 * mcpeer_path_sort - the paths, those heard last first
 * @paths: of a peer
 * @sorted: set to them; has room for MCPEER_PATHS_MAX
 *
 * Those heard at once stay in the order in which they came, so that a host that
 * speaks by IPv4 and IPv6 is not shown by turns at the one and the other.
 *
 * Context: Any, under the table's lock.
 * Return: how many there are.
 */
unsigned int mcpeer_path_sort(const struct mcpeer_paths *paths,
			      const struct mcpeer_path **sorted)
{
	const struct mcpeer_path *path;
	unsigned int i, place;

	for (i = 0; i < paths->count; i++) {
		path = i ? &paths->more[i - 1] : &paths->first;
		for (place = i; place; place--) {
			if (sorted[place - 1]->heard_at + MCPEER_PATH_AT_ONCE >=
			    path->heard_at)
				break;
			sorted[place] = sorted[place - 1];
		}
		sorted[place] = path;
	}
	return paths->count;
}
