/* SPDX-License-Identifier: GPL-2.0 */
/* The module's requests, as the programs that race need them: by libnl. */
#ifndef MCPEER_RACE_FAMILY_H
#define MCPEER_RACE_FAMILY_H

#include <stdbool.h>
#include <stdint.h>
#include <netlink/netlink.h>

/**
 * struct family - a socket, and what is known of the module by it
 * @sock: by libnl
 * @number: of the family, another one each time that the module is loaded
 */
struct family {
	struct nl_sock *sock;
	int number;
};

/**
 * struct sight - a peer as the kernel shows it
 * @name: of the peer
 * @stamp: its value, a hexadecimal number; 0 for none
 * @silent: milliseconds since it was heard, or registered
 * @heard: datagrams that it was heard by
 * @local: registered, not heard
 */
struct sight {
	const char *name;
	uint64_t stamp;
	uint64_t silent;
	uint64_t heard;
	bool local;
};

/**
 * struct wish - a request about a peer
 * @command: MCPEER_CMD_PEER_...
 * @flags: NLM_F_...
 * @name: of the peer
 * @stamp: the value to give it
 * @lifetime: in milliseconds, 0 for ever
 */
struct wish {
	int command;
	int flags;
	const char *name;
	uint64_t stamp;
	unsigned int lifetime;
};

typedef void (*family_sight_fn)(const struct sight *sight, void *ctx);
typedef void (*family_event_fn)(uint64_t seq, unsigned int type,
				const struct sight *sight, void *ctx);

bool family_open(struct family *family);
bool family_find(struct family *family);
int family_ask(struct family *family, const struct wish *wish,
	       uint64_t *shown);
int family_dump(struct family *family, family_sight_fn see, void *ctx);
bool family_subscribe(struct family *family);
bool family_follow(struct family *family, family_event_fn see, void *ctx,
		   const volatile bool *end);

#endif
