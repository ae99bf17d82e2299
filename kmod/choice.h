/* SPDX-License-Identifier: GPL-2.0 */
/* A group's choice of interfaces: which may take part, and why others not. */
#ifndef MCPEER_CHOICE_H
#define MCPEER_CHOICE_H

#include <linux/mcpeer.h>
#include "addr.h"
#include "text.h"

struct net_device;

/**
 * struct mcpeer_choice - which interfaces, and how
 * @addr: multicast addresses by family, one at least; those that there are not
 *	are AF_UNSPEC
 * @interfaces_len: length of @interfaces
 * @interfaces: patterns of the interfaces that may take part; empty for all
 * @listen_len: length of @listen
 * @listen: patterns of those on which nothing is announced; empty for none
 */
struct mcpeer_choice {
	struct mcpeer_addr addr[MCPEER_FAMILIES];
	unsigned int interfaces_len;
	char interfaces[MCPEER_PATTERNS_MAX];
	unsigned int listen_len;
	char listen[MCPEER_PATTERNS_MAX];
};

static inline struct mcpeer_text
mcpeer_choice_interfaces(const struct mcpeer_choice *choice)
{
	return (struct mcpeer_text){ choice->interfaces,
				     choice->interfaces_len };
}

static inline struct mcpeer_text
mcpeer_choice_listen(const struct mcpeer_choice *choice)
{
	return (struct mcpeer_text){ choice->listen, choice->listen_len };
}

bool mcpeer_choice_listens(const struct mcpeer_choice *choice,
			   const struct net_device *dev);
u32 mcpeer_choice_state(const struct mcpeer_choice *choice,
			const struct net_device *dev,
			enum mcpeer_family family);

#endif /* MCPEER_CHOICE_H */
