/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's side of things, without a word of netlink: what can be asked
 * of the module, and what it answers.
 *
 * Texts and arrays that an answer points to live as long as the callback
 * that gets the answer. A number that was not given is MCPEER_CLIENT_NONE, a
 * text that was not given NULL, an enum that was not given 0.
 *
 * Functions that return int return 0 or a negative error number, the very
 * one the kernel gave. A callback that returns something else than 0 gets no
 * further answers, and the function that called it returns the same.
 */
#ifndef MCPEER_CLIENT_H
#define MCPEER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/mcpeer.h>

#define MCPEER_CLIENT_NONE	UINT64_MAX

/* The group that requests mean which name none. */
#define MCPEER_CLIENT_DEFAULT_GROUP	"default"

struct mcpeer_client;
struct mcpeer_bulk;

/**
 * struct mcpeer_address - an IP address
 * @bytes: in network byte order
 * @len: 4, 16, or 0 if there is none
 * @none: in settings, that there shall be none
 */
struct mcpeer_address {
	unsigned char bytes[16];
	unsigned int len;
	bool none;
};

/**
 * struct mcpeer_path_info - an address and interface at which a peer is heard
 * @ifname: name of the interface, NULL if that has none any more
 * @address: where the peer is
 * @ifindex: number of the interface
 * @silent: milliseconds since it was last heard there
 */
struct mcpeer_path_info {
	const char *ifname;
	struct mcpeer_address address;
	uint32_t ifindex;
	uint64_t silent;
};

/**
 * struct mcpeer_peer_info - a peer
 * @group: the group it belongs to
 * @name: its name
 * @ifname: the interface it was heard on last, NULL if that has no name any
 *	more
 * @value: what was registered with it
 * @address: where it was heard last, or was registered to be
 * @ifindex: number of that interface, 0 for a peer that was not heard
 * @source: enum mcpeer_source
 * @state: enum mcpeer_state
 * @age: milliseconds since it joined
 * @silent: milliseconds since it was last heard
 * @expires_in: milliseconds left, MCPEER_CLIENT_NONE if it never expires
 * @heard: how many of its announcements were accepted
 * @paths: all its paths, the one heard last first, if it has several; NULL if
 *	what is above tells its only one
 * @path_count: of @paths, at most MCPEER_PATHS_MAX
 */
struct mcpeer_peer_info {
	const char *group;
	const char *name;
	const char *ifname;
	const char *value;
	struct mcpeer_address address;
	uint32_t ifindex;
	uint32_t source;
	uint32_t state;
	uint64_t age;
	uint64_t silent;
	uint64_t expires_in;
	uint64_t heard;
	const struct mcpeer_path_info *paths;
	size_t path_count;
};

/**
 * struct mcpeer_event_info - an event
 * @seq: its number
 * @type: enum mcpeer_event_type
 * @group: the group in which it happened
 * @ago: milliseconds since it happened
 * @ifname: the interface it is about, NULL if that has no name or there is none
 * @ifindex: number of that interface, 0 if the event is about none
 * @has_peer: it is about a peer
 * @own: it is a conflict about the name of this host
 * @peer: as it was at the event
 */
struct mcpeer_event_info {
	uint64_t seq;
	uint32_t type;
	const char *group;
	uint64_t ago;
	const char *ifname;
	uint32_t ifindex;
	bool has_peer;
	bool own;
	struct mcpeer_peer_info peer;
};

/**
 * struct mcpeer_journal_info - how far the journal reaches
 * @seq: number of the last event, 0 before the first
 * @first: number of the oldest event kept
 * @lost: how many events could not be kept for want of memory
 */
struct mcpeer_journal_info {
	uint64_t seq;
	uint64_t first;
	uint64_t lost;
};

/**
 * struct mcpeer_interface_info - an interface, as a group sees it
 * @ifname: its name, NULL if it has none any more
 * @ifindex: its number
 * @state: enum mcpeer_interface_state
 * @ipv4: the same for IPv4, 0 if the group has no such address
 * @ipv6: the same for IPv6, 0 if the group has no such address
 * @error: error number of the last failure, 0 if there is none
 * @listen: nothing is announced there
 */
struct mcpeer_interface_info {
	const char *ifname;
	uint32_t ifindex;
	uint32_t state;
	uint32_t ipv4;
	uint32_t ipv6;
	uint32_t error;
	bool listen;
};

/**
 * struct mcpeer_group_info - a group
 * @name: its name
 * @prefix: what its datagrams start with
 * @hostname: what this host announces, empty if nothing
 * @interface_patterns: which interfaces may take part, empty if all
 * @listen_patterns: on which of them nothing is announced, empty if on none
 * @address: IPv4 multicast address, if it has one
 * @address6: IPv6 multicast address, if it has one
 * @port: UDP port
 * @ttl: time to live of announcements
 * @interval: longest time between two of them, in milliseconds
 * @expiry: how long a peer lives that is heard once, in milliseconds
 * @max_peers: how many peers it holds at most
 * @per_source: how many of them may have joined from one address
 * @join_rate: how many new names are accepted in a second
 * @off_link: 1 if addresses that are not of the interface's networks are
 *	accepted, 0 if not
 * @targets: where announcements go besides its addresses, empty if nowhere
 * @repeat: how many times each is sent
 * @peers: how many it holds now
 * @stats: counters, indexed by MCPEER_A_STATS_*
 * @interfaces: only where one group was asked for
 * @interface_count: of @interfaces
 *
 * Texts are kept inside, so that a group can be copied, but for @interfaces.
 */
struct mcpeer_group_info {
	char name[MCPEER_GROUP_NAME_MAX + 1];
	char prefix[MCPEER_PREFIX_MAX + 1];
	char hostname[MCPEER_NAME_MAX + 1];
	char interface_patterns[MCPEER_PATTERNS_MAX + 1];
	char listen_patterns[MCPEER_PATTERNS_MAX + 1];
	char targets[MCPEER_TARGETS_TEXT_MAX + 1];
	struct mcpeer_address address;
	struct mcpeer_address address6;
	uint64_t port;
	uint64_t ttl;
	uint64_t interval;
	uint64_t expiry;
	uint64_t max_peers;
	uint64_t per_source;
	uint64_t join_rate;
	uint64_t off_link;
	uint64_t repeat;
	uint64_t peers;
	uint64_t stats[MCPEER_A_STATS_MAX + 1];
	const struct mcpeer_interface_info *interfaces;
	size_t interface_count;
};

/* What may stand in the way of a registration. */
enum mcpeer_client_mode {
	MCPEER_CLIENT_ANY,
	MCPEER_CLIENT_EXCLUSIVE,	/* the name must be new */
	MCPEER_CLIENT_REPLACE,		/* the name must be there */
};

/**
 * struct mcpeer_registration - a peer to be registered
 * @group: its group, NULL for "default"
 * @name: its name
 * @value: its value, NULL for none
 * @address: its address, if it has one
 * @lifetime: milliseconds
 * @has_lifetime: it lives for @lifetime; otherwise as the group has it
 * @permanent: it never expires
 * @mode: what may stand in the way
 */
struct mcpeer_registration {
	const char *group;
	const char *name;
	const char *value;
	struct mcpeer_address address;
	uint32_t lifetime;
	bool has_lifetime;
	bool permanent;
	enum mcpeer_client_mode mode;
};

/**
 * struct mcpeer_settings - settings of a group
 * @address: IPv4 multicast address
 * @address6: IPv6 multicast address
 * @prefix: what its datagrams start with
 * @hostname: what this host announces, empty for its own name
 * @interfaces: patterns of those that may take part, empty for all
 * @listen: patterns of those on which nothing is announced, empty for none
 * @targets: where announcements go besides its addresses, empty for nowhere
 * @port: UDP port
 * @ttl: time to live of announcements
 * @interval: longest time between two of them
 * @expiry: how long a peer lives that is heard once
 * @max_peers: how many peers it holds at most
 * @per_source: how many of them may have joined from one address
 * @join_rate: how many new names are accepted in a second
 * @off_link: 1 to accept addresses that are not of the interface's networks, 0
 *	to drop what comes from them
 * @repeat: how many times each announcement is sent
 *
 * Times are milliseconds. What is MCPEER_CLIENT_NONE, NULL or an address of
 * no length, but for one that shall be none, is left to the kernel.
 */
struct mcpeer_settings {
	struct mcpeer_address address;
	struct mcpeer_address address6;
	const char *prefix;
	const char *hostname;
	const char *interfaces;
	const char *listen;
	const char *targets;
	uint64_t port;
	uint64_t ttl;
	uint64_t interval;
	uint64_t expiry;
	uint64_t max_peers;
	uint64_t per_source;
	uint64_t join_rate;
	uint64_t off_link;
	uint64_t repeat;
};

typedef void (*mcpeer_client_begin_fn)(void *arg);
typedef int (*mcpeer_client_peer_fn)(const struct mcpeer_peer_info *peer,
				     void *arg);
typedef int (*mcpeer_client_group_fn)(const struct mcpeer_group_info *group,
				      void *arg);
typedef int (*mcpeer_client_event_fn)(const struct mcpeer_event_info *event,
				      void *arg);
typedef int (*mcpeer_client_refused_fn)(size_t id, int err, void *arg);

int mcpeer_client_open(struct mcpeer_client **client);
void mcpeer_client_close(struct mcpeer_client *client);
const char *mcpeer_client_sentence(const struct mcpeer_client *client);
bool mcpeer_client_torn(const struct mcpeer_client *client);

int mcpeer_client_get_peer(struct mcpeer_client *client, const char *group,
			   const char *name, mcpeer_client_peer_fn fn,
			   void *arg);
int mcpeer_client_list_peers(struct mcpeer_client *client, const char *group,
			     mcpeer_client_begin_fn begin,
			     mcpeer_client_peer_fn fn, void *arg);
int mcpeer_client_register(struct mcpeer_client *client,
			   const struct mcpeer_registration *registration);
int mcpeer_client_unregister(struct mcpeer_client *client, const char *group,
			     const char *name);
int mcpeer_client_expire(struct mcpeer_client *client, const char *group,
			 const char *name);

struct mcpeer_bulk *mcpeer_client_begin_bulk(struct mcpeer_client *client,
					     mcpeer_client_refused_fn fn,
					     void *arg);
int mcpeer_client_bulk_register(struct mcpeer_client *client,
				const struct mcpeer_registration *registration,
				struct mcpeer_bulk *bulk, size_t id);
int mcpeer_client_flush_bulk(struct mcpeer_bulk *bulk);
void mcpeer_client_end_bulk(struct mcpeer_bulk *bulk);

int mcpeer_client_get_group(struct mcpeer_client *client, const char *name,
			    mcpeer_client_group_fn fn, void *arg);
int mcpeer_client_list_groups(struct mcpeer_client *client,
			      mcpeer_client_begin_fn begin,
			      mcpeer_client_group_fn fn, void *arg);
int mcpeer_client_add_group(struct mcpeer_client *client, const char *name,
			    const struct mcpeer_settings *settings);
int mcpeer_client_set_group(struct mcpeer_client *client, const char *name,
			    const struct mcpeer_settings *settings);
int mcpeer_client_del_group(struct mcpeer_client *client, const char *name);

int mcpeer_client_get_journal(struct mcpeer_client *client,
			      struct mcpeer_journal_info *journal);
int mcpeer_client_replay(struct mcpeer_client *client, uint64_t since,
			 mcpeer_client_event_fn fn, void *arg);

#endif
