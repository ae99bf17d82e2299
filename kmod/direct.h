/* SPDX-License-Identifier: GPL-2.0 */
/* Sending to a group's targets, each the way it is to go. */
#ifndef MCPEER_DIRECT_H
#define MCPEER_DIRECT_H

struct mcpeer_choice;
struct mcpeer_socket;
struct mcpeer_target;

/* What was not sent, since it should not be. */
#define MCPEER_DIRECT_SPARED	1

int mcpeer_direct_send(const struct mcpeer_socket *socket,
		       const struct mcpeer_choice *choice,
		       const struct mcpeer_target *target,
		       const char *data, unsigned int len);
int mcpeer_direct_broadcast(const struct mcpeer_socket *socket, int ifindex,
			    const char *data, unsigned int len);

#endif /* MCPEER_DIRECT_H */
