// SPDX-License-Identifier: GPL-2.0
/*
 * One host announces itself on all its addresses at once, and once in an
 * interval. Two hosts each do so at moments of their own. So a path that is
 * heard twice within an interval, and another one in between but at once with
 * neither, has taken a turn; when two paths take turns, they are rivals.
 *
 * An address that replaces another takes none, as it is heard from then on
 * alone. Neither does a host with several addresses some of whose datagrams
 * are lost: what is between two of one address is then an interval away from
 * both, and the two are too far apart. Who is heard twice at once has repeated
 * what it said, or said it by broadcast as well.
 */
#include "deadline.h"
#include "rival.h"

/*
 * Interfaces and families are what one host has several of, and it may have
 * come to know of them at different times: they are no rivals of each other.
 */
static bool mcpeer_rival_could_be(const struct mcpeer_path *a,
				  const struct mcpeer_path *b)
{
	return a != b && a->place.ifindex == b->place.ifindex &&
	       a->place.addr.family == b->place.addr.family;
}

/* The other one like it that was heard last, or NULL. */
static const struct mcpeer_path *
mcpeer_rival_last(struct mcpeer_paths *paths, const struct mcpeer_path *path)
{
	const struct mcpeer_path *other, *last = NULL;
	unsigned int i;

	for (i = 0; i < paths->count; i++) {
		other = mcpeer_path_at(paths, i);
		if (mcpeer_rival_could_be(path, other) &&
		    (!last || other->heard_at > last->heard_at))
			last = other;
	}
	return last;
}

/* Those like it that took a turn when they were heard last. */
static u8 mcpeer_rival_turned(struct mcpeer_paths *paths,
			      const struct mcpeer_path *path)
{
	unsigned int i;
	u8 found = 0;

	for (i = 0; i < paths->count; i++)
		if (paths->turned & BIT(i) &&
		    mcpeer_rival_could_be(path, mcpeer_path_at(paths, i)))
			found |= BIT(i);
	return found;
}

/**
 * mcpeer_rival_heard - a path is heard again: does it take a turn?
 * @paths: of the peer, at least two
 * @path: one of them, heard_at not yet set to now
 * @interval: longest time between two announcements in nanoseconds
 * @now: mcpeer_deadline_now()
 *
 * Context: Any, under the table's lock.
 * Return: true if it does, and another one has: they are rivals.
 */
bool mcpeer_rival_heard(struct mcpeer_paths *paths,
			const struct mcpeer_path *path, u64 interval, u64 now)
{
	const struct mcpeer_path *last = mcpeer_rival_last(paths, path);
	u8 self = BIT(mcpeer_path_index(paths, path));
	/* Less is at once; so much more an announcement may be late. */
	u64 apart = interval / 8;
	u64 silent = mcpeer_deadline_since(path->heard_at, now);

	/* The same announcement: repeated, or by broadcast as well. */
	if (silent <= apart)
		return false;
	paths->turned &= ~self;
	if (!last)
		return false;
	if (mcpeer_deadline_since(last->heard_at, now) <= apart) {
		paths->turned = 0;
		return false;
	}
	if (last->heard_at <= path->heard_at + apart ||
	    silent > interval + apart)
		return false;
	paths->turned |= self;
	return mcpeer_rival_turned(paths, path);
}

static u32 mcpeer_rival_seconds(u64 ns)
{
	return div_u64(ns, NSEC_PER_SEC);
}

/**
 * mcpeer_rival_begin - may a conflict be told, and between whom?
 * @paths: for one of which mcpeer_rival_heard() was true
 * @path: that one
 * @expiry: lifetime of a path in nanoseconds
 * @now: mcpeer_deadline_now()
 *
 * There is one at a time, and not a second one within a lifetime, whatever is
 * heard.
 *
 * Context: Any, under the table's lock.
 * Return: true if so; the peer has rivals from now on.
 */
bool mcpeer_rival_begin(struct mcpeer_paths *paths,
			const struct mcpeer_path *path, u64 expiry, u64 now)
{
	u32 seconds = mcpeer_rival_seconds(now);
	u8 others = mcpeer_rival_turned(paths, path);

	if (paths->rivals || !others)
		return false;
	if (paths->told &&
	    seconds - paths->told <= mcpeer_rival_seconds(expiry))
		return false;
	paths->told = max(seconds, 1U);
	paths->rivals = BIT(mcpeer_path_index(paths, path)) |
			BIT(__ffs(others));
	return true;
}

/**
 * mcpeer_rival_over - has one of the rivals been silent for too long?
 * @paths: of the peer
 * @expiry: lifetime of a path in nanoseconds
 * @now: mcpeer_deadline_now()
 *
 * Context: Any, under the table's lock.
 * Return: true if so, false as well if there are none.
 */
bool mcpeer_rival_over(struct mcpeer_paths *paths, u64 expiry, u64 now)
{
	unsigned int i;

	for (i = 0; i < paths->count; i++)
		if (paths->rivals & BIT(i) &&
		    mcpeer_path_is_over(mcpeer_path_at(paths, i), expiry, now))
			return true;
	return false;
}
