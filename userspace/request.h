/* SPDX-License-Identifier: GPL-2.0 */
/* Between the files that know libnl; nobody else includes this. */
#ifndef MCPEER_REQUEST_H
#define MCPEER_REQUEST_H

#include <stdbool.h>
#include <stdint.h>
#include <netlink/netlink.h>
#include <netlink/genl/genl.h>

#include "client.h"

#define MCPEER_REQUEST_SENTENCE_MAX	256

/**
 * struct mcpeer_client - a connection to the module
 * @sock: carries one request and its answer at a time
 * @family: the family's number
 * @sentence: what the kernel said to the last request, empty if nothing
 * @torn: the last dump was complete, but what it read changed meanwhile
 */
struct mcpeer_client {
	struct nl_sock *sock;
	int family;
	char sentence[MCPEER_REQUEST_SENTENCE_MAX];
	bool torn;
};

typedef int (*mcpeer_request_fn)(struct nlmsghdr *answer, void *arg);

void mcpeer_request_enlarge_queue(struct nl_sock *sock);
int mcpeer_request_connect(struct mcpeer_client *client);
struct nl_msg *mcpeer_request_new(struct mcpeer_client *client,
				  uint8_t command, int flags);
int mcpeer_request_run(struct mcpeer_client *client, struct nl_msg *request,
		       mcpeer_request_fn fn, void *arg);
void mcpeer_request_refused(struct mcpeer_client *client,
			    const struct nlmsghdr *answer,
			    const struct nlmsghdr *request);
int mcpeer_request_errno(int nlerr);

int mcpeer_bulk_add(struct mcpeer_bulk *bulk, struct nl_msg *request,
		    size_t id);

#endif
