/* SPDX-License-Identifier: GPL-2.0 */
/* An IP address of either family, and where on the network somebody is. */
#ifndef MCPEER_ADDR_H
#define MCPEER_ADDR_H

#include <linux/in6.h>
#include <linux/socket.h>
#include <net/ipv6.h>

/* The families, where something is kept for each of them. */
enum mcpeer_family {
	MCPEER_V4,
	MCPEER_V6,
	MCPEER_FAMILIES,
};

/**
 * struct mcpeer_addr - an IP address
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for none
 * @v4: for AF_INET
 * @v6: for AF_INET6
 */
struct mcpeer_addr {
	u16 family;
	union {
		__be32 v4;
		struct in6_addr v6;
	};
};

/**
 * struct mcpeer_place - where on the network somebody is heard
 * @ifindex: the interface
 * @addr: the address
 */
struct mcpeer_place {
	int ifindex;
	struct mcpeer_addr addr;
};

static inline bool mcpeer_addr_equal(const struct mcpeer_addr *a,
				     const struct mcpeer_addr *b)
{
	if (a->family != b->family)
		return false;
	switch (a->family) {
	case AF_INET:
		return a->v4 == b->v4;
	case AF_INET6:
		return ipv6_addr_equal(&a->v6, &b->v6);
	default:
		return true;
	}
}

/* For printing: @to has room for a struct sockaddr_in6. */
static inline void mcpeer_addr_sockaddr(const struct mcpeer_addr *addr,
					void *to)
{
	struct sockaddr_in6 *sin6 = to;
	struct sockaddr_in *sin = to;

	memset(to, 0, sizeof(*sin6));
	sin->sin_family = addr->family;
	if (addr->family == AF_INET)
		sin->sin_addr.s_addr = addr->v4;
	else
		sin6->sin6_addr = addr->v6;
}

static inline bool mcpeer_addr_same_place(const struct mcpeer_place *a,
					  const struct mcpeer_place *b)
{
	return a->ifindex == b->ifindex &&
	       mcpeer_addr_equal(&a->addr, &b->addr);
}

#endif /* MCPEER_ADDR_H */
