// SPDX-License-Identifier: GPL-2.0
#include <linux/netlink.h>
#include <linux/slab.h>
#include "deadline.h"
#include "registration.h"
#include "lifetime.h"

/* May it go ahead, given what the name stands for now? */
static int mcpeer_registration_admit(struct mcpeer_table *table,
				     const struct mcpeer_registration *reg,
				     const struct mcpeer_peer *old,
				     struct netlink_ext_ack *extack)
{
	if (mcpeer_table_is_own(table, reg->name)) {
		NL_SET_ERR_MSG(extack, "this is the name of this host itself");
		return -EINVAL;
	}
	if (old && reg->exclusive) {
		NL_SET_ERR_MSG(extack, "the name exists already");
		return -EEXIST;
	}
	if (!old && reg->replace) {
		NL_SET_ERR_MSG(extack,
			       "there is no peer of that name to replace");
		return -ENOENT;
	}
	if (!old && table->count >= table->limits.max) {
		NL_SET_ERR_MSG(extack, "the group is full (max-peers)");
		return -ENOSPC;
	}
	return 0;
}

static bool mcpeer_registration_same_value(const struct mcpeer_peer *a,
					   const struct mcpeer_peer *b)
{
	if (!a->value || !b->value)
		return a->value == b->value;
	return mcpeer_text_equal(mcpeer_peer_value(a), mcpeer_peer_value(b));
}

/*
 * Let @old become what @new is. The peer stays the same one, with its id and
 * age; @new goes away with the value that @old had.
 */
static void mcpeer_registration_merge(struct mcpeer_peer *old,
				      struct mcpeer_peer *new, u64 now)
{
	const struct mcpeer_place *place = &new->paths.first.place;
	bool changed = old->source != new->source ||
		       !mcpeer_addr_same_place(&old->paths.first.place,
					       place) ||
		       !mcpeer_registration_same_value(old, new);

	lockdep_assert_held(&old->table->lock);

	mcpeer_table_part_rivals(old, now);
	old->source = new->source;
	mcpeer_path_set(&old->paths, place, now);
	mcpeer_origin_give(&old->table->origins, old->origin);
	old->origin = NULL;
	swap(old->value, new->value);
	swap(old->value_len, new->value_len);
	old->heard = 0;
	old->deadline = new->deadline;
	mcpeer_lifetime_arm(old, now);
	if (changed)
		mcpeer_table_tell(old, MCPEER_EVENT_TYPE_UPDATE, now);
}

static struct mcpeer_peer *
mcpeer_registration_peer(struct mcpeer_table *table,
			 const struct mcpeer_registration *reg,
			 const struct mcpeer_key *key)
{
	struct mcpeer_place place = { .addr = reg->addr };
	struct mcpeer_peer *peer;

	peer = mcpeer_lifetime_new_peer(table, key, GFP_KERNEL_ACCOUNT);
	if (!peer)
		return NULL;
	peer->source = MCPEER_SOURCE_LOCAL;
	mcpeer_path_set(&peer->paths, &place, 0);
	if (!reg->value.at)
		return peer;

	/* One byte more, since an empty value is a value too. */
	peer->value = kmalloc(reg->value.len + 1, GFP_KERNEL_ACCOUNT);
	if (!peer->value) {
		mcpeer_peer_free(peer);
		return NULL;
	}
	memcpy(peer->value, reg->value.at, reg->value.len);
	peer->value_len = reg->value.len;
	return peer;
}

/**
 * mcpeer_registration_add - create it, or replace what the name stands for
 * @table: table of the group
 * @reg: the registration; its name and value were checked
 * @extack: for the sentence that goes with a refusal
 *
 * Context: Process context, may sleep. Takes the table's lock.
 * Return: 0; -EINVAL for this host's own name, -EEXIST, -ENOENT, -ENOSPC at
 * max-peers, -ENOMEM.
 */
int mcpeer_registration_add(struct mcpeer_table *table,
			    const struct mcpeer_registration *reg,
			    struct netlink_ext_ack *extack)
{
	const struct mcpeer_key key = mcpeer_table_key(table, reg->name);
	struct mcpeer_peer *new, *old;
	u64 now;
	int err;

	new = mcpeer_registration_peer(table, reg, &key);
	if (!new) {
		NL_SET_ERR_MSG(extack, "there is no memory for another peer");
		return -ENOMEM;
	}

	spin_lock_bh(&table->lock);
	old = mcpeer_lifetime_find(table, &key);
	err = mcpeer_registration_admit(table, reg, old, extack);
	if (!err) {
		now = mcpeer_deadline_now();
		new->paths.first.heard_at = now;
		new->deadline = mcpeer_deadline_after(now, reg->lifetime ?:
						      table->limits.expiry);
		if (old)
			mcpeer_registration_merge(old, new, now);
		else
			err = mcpeer_table_insert(table, new, now);
		if (err)
			NL_SET_ERR_MSG(extack,
				       "there is no memory for another peer");
		else if (!old)
			mcpeer_lifetime_arm(new, now);
	}
	spin_unlock_bh(&table->lock);

	if (err || old)
		mcpeer_peer_free(new);
	return err;
}

/**
 * mcpeer_registration_remove - remove a registration
 * @table: table of the group
 * @name: its name
 * @extack: for the sentence that goes with a refusal
 *
 * Context: Process context. Takes the table's lock.
 * Return: 0; -ENOENT, or -EOPNOTSUPP for a peer of the network.
 */
int mcpeer_registration_remove(struct mcpeer_table *table,
			       struct mcpeer_text name,
			       struct netlink_ext_ack *extack)
{
	const struct mcpeer_key key = mcpeer_table_key(table, name);
	struct mcpeer_peer *peer;
	int err = 0;

	spin_lock_bh(&table->lock);
	peer = mcpeer_lifetime_find(table, &key);
	if (!peer) {
		NL_SET_ERR_MSG(extack, "there is no peer of that name");
		err = -ENOENT;
	} else if (peer->source != MCPEER_SOURCE_LOCAL) {
		NL_SET_ERR_MSG(extack,
			       "the peer was heard on the network, not registered");
		err = -EOPNOTSUPP;
	} else {
		mcpeer_table_remove(peer, true, MCPEER_EVENT_TYPE_LEAVE);
	}
	spin_unlock_bh(&table->lock);
	return err;
}
