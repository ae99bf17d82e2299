/* SPDX-License-Identifier: GPL-2.0 */
/* What can be set of a group. */
#ifndef MCPEER_SETTINGS_H
#define MCPEER_SETTINGS_H

#include <linux/mcpeer.h>
#include <linux/types.h>
#include "choice.h"
#include "target.h"
#include "text.h"

struct netlink_ext_ack;

/**
 * struct mcpeer_settings - what can be set of a group
 * @choice: addresses and interfaces
 * @port: UDP port, host byte order
 * @ttl: IP time to live of announcements
 * @prefix_len: length of @prefix
 * @prefix: what datagrams start with
 * @interval: longest time between two announcements in milliseconds
 * @expiry: lifetime of a peer of the network in milliseconds
 * @max_peers: peers at most
 * @per_source: peers that may have joined from one address
 * @join_rate: new names in a second
 * @off_link: accept announcements from addresses of other networks than the
 *	interface's
 * @targets: where announcements go besides @choice.addr
 * @repeat: how many times each announcement is sent
 * @hostname_given: @hostname was given by whoever asks for the settings now
 * @hostname_len: length of @hostname
 * @hostname: what to announce in place of the host's name; empty for that
 */
struct mcpeer_settings {
	struct mcpeer_choice choice;
	u16 port;
	u8 ttl;
	unsigned int prefix_len;
	char prefix[MCPEER_PREFIX_MAX];
	u32 interval;
	u32 expiry;
	u32 max_peers;
	u32 per_source;
	u32 join_rate;
	bool off_link;
	struct mcpeer_targets targets;
	u8 repeat;
	bool hostname_given;
	unsigned int hostname_len;
	char hostname[MCPEER_NAME_MAX];
};

/*
 * The most peers of a group that somebody may allow who is no administrator of
 * the initial user namespace: the table is memory that a network fills.
 */
#define MCPEER_SETTINGS_MAX_PEERS	4096

/*
 * The sockets that a group may have: by family that of its own address, and
 * behind these, by family again, that for its targets.
 */
#define MCPEER_SETTINGS_SOCKETS	(2 * MCPEER_FAMILIES)

extern const struct mcpeer_settings mcpeer_settings_default;

int mcpeer_settings_check(const struct mcpeer_settings *settings,
			  struct netlink_ext_ack *extack);
bool mcpeer_settings_wants_socket(const struct mcpeer_settings *settings,
				  unsigned int which);
bool mcpeer_settings_same_socket(const struct mcpeer_settings *a,
				 const struct mcpeer_settings *b,
				 unsigned int which);
bool mcpeer_settings_overlap(const struct mcpeer_settings *a,
			     const struct mcpeer_settings *b);
bool mcpeer_settings_collide(const struct mcpeer_settings *a,
			     const struct mcpeer_settings *b);

/* Is it one for targets? */
static inline bool mcpeer_settings_is_direct(unsigned int which)
{
	return which >= MCPEER_FAMILIES;
}

static inline enum mcpeer_family mcpeer_settings_family(unsigned int which)
{
	return which % MCPEER_FAMILIES;
}

static inline struct mcpeer_text
mcpeer_settings_prefix(const struct mcpeer_settings *settings)
{
	return (struct mcpeer_text){ settings->prefix, settings->prefix_len };
}

static inline struct mcpeer_text
mcpeer_settings_hostname(const struct mcpeer_settings *settings)
{
	return (struct mcpeer_text){ settings->hostname,
				     settings->hostname_len };
}

#endif /* MCPEER_SETTINGS_H */
