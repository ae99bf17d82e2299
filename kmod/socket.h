/* SPDX-License-Identifier: GPL-2.0 */
/* A group's UDP socket: the receive hook, and sending. */
#ifndef MCPEER_SOCKET_H
#define MCPEER_SOCKET_H

#include <linux/types.h>
#include "addr.h"
#include "stats.h"
#include "text.h"

struct mcpeer_ifaces;
struct mcpeer_table;
struct mcpeer_targets;
struct net;
struct netlink_ext_ack;
struct socket;

/**
 * struct mcpeer_socket - an open socket; constant while it is open
 * @sock: the kernel's socket
 * @net: network namespace
 * @addr: multicast address of the group, of one family; for a socket with
 *	@targets the wildcard
 * @targets: to whom it sends, and from whom it hears more than from others;
 *	NULL for a socket of the group's address
 * @port: UDP port, network byte order
 * @ttl: IP time to live of what is sent
 * @prefix_len: length of @prefix
 * @prefix: what datagrams start with
 * @table: hears of announcements
 * @ifaces: says which interfaces take part
 * @stats: counters of the group
 */
struct mcpeer_socket {
	struct socket *sock;
	struct net *net;
	struct mcpeer_addr addr;
	const struct mcpeer_targets *targets;
	__be16 port;
	u8 ttl;
	unsigned int prefix_len;
	char prefix[MCPEER_PREFIX_MAX];
	struct mcpeer_table *table;
	struct mcpeer_ifaces *ifaces;
	struct mcpeer_stats __percpu *stats;
};

struct mcpeer_socket *mcpeer_socket_open(const struct mcpeer_socket *wanted,
					 struct netlink_ext_ack *extack);
void mcpeer_socket_close(struct mcpeer_socket *socket);
int mcpeer_socket_send(const struct mcpeer_socket *socket,
		       const struct mcpeer_addr *to, int ifindex,
		       const char *data, unsigned int len);

#endif /* MCPEER_SOCKET_H */
