/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_EXTACK_H
#define MCPEER_EXTACK_H

#include <stddef.h>
#include <linux/netlink.h>

void mcpeer_extack_read_error(const struct nlmsghdr *answer,
			      const struct nlmsghdr *request,
			      char *sentence, size_t size);
int mcpeer_extack_read_done(const struct nlmsghdr *answer,
			    const struct nlmsghdr *request,
			    char *sentence, size_t size);

#endif
