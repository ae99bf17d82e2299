// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include "compat.h"
#include "deadline.h"
#include "peer.h"

/* Few names are longer, and a peer of a short one takes 192 bytes, not 224. */
#define MCPEER_PEER_SHORT	(MCPEER_NAME_MAX / 2)

static struct kmem_cache *mcpeer_peer_cache, *mcpeer_peer_long_cache;

static struct kmem_cache *mcpeer_peer_cache_for(unsigned int name_len)
{
	return name_len <= MCPEER_PEER_SHORT ? mcpeer_peer_cache :
					       mcpeer_peer_long_cache;
}

/**
 * mcpeer_peer_new - make a peer that is in no table yet
 * @table: the table that it is for
 * @key: its name, at most MCPEER_NAME_MAX bytes, and the hash of that
 * @expire: what its timer calls
 * @gfp: GFP_ATOMIC or GFP_KERNEL_ACCOUNT
 *
 * Context: Any that suits @gfp.
 * Return: the peer, all zero but for the arguments, or NULL.
 */
struct mcpeer_peer *mcpeer_peer_new(struct mcpeer_table *table,
				    const struct mcpeer_key *key,
				    void (*expire)(struct timer_list *timer),
				    gfp_t gfp)
{
	struct mcpeer_peer *peer;

	/* The LAN decides how often this fails: no splat in the log. */
	peer = kmem_cache_zalloc(mcpeer_peer_cache_for(key->name.len),
				 gfp | __GFP_NOWARN);
	if (!peer)
		return NULL;
	peer->table = table;
	peer->hash = key->hash;
	peer->name_len = key->name.len;
	memcpy(peer->name, key->name.at, key->name.len);
	timer_setup(&peer->timer, expire, 0);
	return peer;
}

/**
 * mcpeer_peer_free - free a peer that nobody else can know
 * @peer: was never in a table, or a grace period ago; its timer is not armed
 *
 * Context: Any.
 */
void mcpeer_peer_free(struct mcpeer_peer *peer)
{
	kfree(peer->value);
	mcpeer_path_free(&peer->paths);
	kmem_cache_free(mcpeer_peer_cache_for(peer->name_len), peer);
}

static void mcpeer_peer_free_rcu(struct rcu_head *rcu)
{
	mcpeer_peer_free(container_of(rcu, struct mcpeer_peer, rcu));
}

/**
 * mcpeer_peer_free_later - free a peer when nobody can hold it any more
 * @peer: is dead; its timer is shut down
 *
 * Context: Any.
 */
void mcpeer_peer_free_later(struct mcpeer_peer *peer)
{
	call_rcu(&peer->rcu, mcpeer_peer_free_rcu);
}

/**
 * mcpeer_peer_arm - arm the timer for a moment, or a step towards it
 * @peer: is not dead
 * @when: the moment, may have passed; or MCPEER_DEADLINE_NEVER
 * @now: mcpeer_deadline_now()
 * @spread: there are many peers, whose timers should not all run at once; those
 *	of few had better do
 *
 * Context: Any, under the table's lock.
 */
void mcpeer_peer_arm(struct mcpeer_peer *peer, u64 when, u64 now, bool spread)
{
	unsigned long delay = 0, at = jiffies;

	if (when == MCPEER_DEADLINE_NEVER) {
		timer_delete(&peer->timer);
		return;
	}
	if (!mcpeer_deadline_passed(when, now))
		delay = mcpeer_deadline_delay(when, now);
	delay = spread ? mcpeer_deadline_spread(delay, peer->hash) :
			 mcpeer_deadline_gather(delay, at);
	mcpeer_deadline_arm(&peer->timer, at + delay);
}

static u64 mcpeer_peer_remaining(const struct mcpeer_peer *peer, u64 now)
{
	if (peer->deadline == MCPEER_DEADLINE_NEVER)
		return U64_MAX;
	if (peer->deadline <= now)
		return 0;
	return div_u64(peer->deadline - now, NSEC_PER_MSEC);
}

static void mcpeer_peer_describe_paths(const struct mcpeer_peer *peer,
				       struct mcpeer_peer_info *info, u64 now)
{
	const struct mcpeer_path *sorted[MCPEER_PATHS_MAX];
	unsigned int i;

	info->path_count = mcpeer_path_sort(&peer->paths, sorted);
	for (i = 0; i < info->path_count; i++) {
		info->path[i].place = sorted[i]->place;
		info->path[i].silent =
			div_u64(mcpeer_deadline_since(sorted[i]->heard_at, now),
				NSEC_PER_MSEC);
	}
}

/**
 * mcpeer_peer_describe - say what the peer knows of itself
 * @peer: the peer
 * @info: set, except for the group and the names of interfaces
 * @now: mcpeer_deadline_now()
 *
 * Context: Any, under the table's lock. @info is good as long as that is held.
 */
void mcpeer_peer_describe(const struct mcpeer_peer *peer,
			  struct mcpeer_peer_info *info, u64 now)
{
	info->name = mcpeer_peer_name(peer);
	info->value = mcpeer_peer_value(peer);
	info->source = peer->source;
	info->state = MCPEER_STATE_ALIVE;
	info->age = div_u64(mcpeer_deadline_since(peer->joined, now),
			    NSEC_PER_MSEC);
	info->expires_in = mcpeer_peer_remaining(peer, now);
	info->heard = peer->heard;
	info->own = false;
	mcpeer_peer_describe_paths(peer, info, now);
}

static struct kmem_cache *mcpeer_peer_make_cache(const char *name,
						 size_t name_len)
{
	return mcpeer_compat_cache(name,
				   offsetof(struct mcpeer_peer, name[name_len]),
				   SLAB_ACCOUNT);
}

/**
 * mcpeer_peer_module_init - make the slab caches of peers
 *
 * Context: Process context, at load.
 * Return: 0 or -ENOMEM.
 */
int __init mcpeer_peer_module_init(void)
{
	mcpeer_peer_cache = mcpeer_peer_make_cache("mcpeer_peer",
						   MCPEER_PEER_SHORT);
	if (!mcpeer_peer_cache)
		return -ENOMEM;
	mcpeer_peer_long_cache = mcpeer_peer_make_cache("mcpeer_peer_long",
							MCPEER_NAME_MAX);
	if (mcpeer_peer_long_cache)
		return 0;
	kmem_cache_destroy(mcpeer_peer_cache);
	return -ENOMEM;
}

/**
 * mcpeer_peer_module_exit - undo mcpeer_peer_module_init()
 *
 * Waits for the peers that are still to be freed.
 *
 * Context: Process context; all tables are gone.
 */
void mcpeer_peer_module_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(mcpeer_peer_long_cache);
	kmem_cache_destroy(mcpeer_peer_cache);
}
