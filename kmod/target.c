// SPDX-License-Identifier: GPL-2.0
#include <linux/inet.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include "inet.h"
#include "target.h"

#define MCPEER_TARGET_BROADCAST	"broadcast"

static const char mcpeer_target_syntax[] = {
	"targets must be IPv4 or IPv6 addresses or broadcast, separated by commas"
};

static const char mcpeer_target_no_zone[] =
	"only an IPv6 target of link-local scope has an interface";

static const char mcpeer_target_zone[] = {
	"a target of link-local scope needs its interface, as in fe80::7%eth0"
};

/* Takes what stands before a separator, and that, off the rest. */
static struct mcpeer_text mcpeer_target_cut(struct mcpeer_text *rest, char by)
{
	const char *end = memchr(rest->at, by, rest->len);
	struct mcpeer_text first = { rest->at, rest->len };

	if (end)
		first.len = end - rest->at;
	rest->at += first.len + !!end;
	rest->len -= first.len + !!end;
	return first;
}

/* One form only: there are several readings of 010.1.1.1. */
static bool mcpeer_target_read4(struct mcpeer_text text,
				struct mcpeer_addr *addr)
{
	char form[sizeof("255.255.255.255")];
	unsigned int len;

	if (!in4_pton(text.at, text.len, (u8 *)&addr->v4, -1, NULL))
		return false;
	addr->family = AF_INET;
	len = snprintf(form, sizeof(form), "%pI4", &addr->v4);
	return mcpeer_text_equal(text, (struct mcpeer_text){ form, len });
}

static bool mcpeer_target_read6(struct mcpeer_text text,
				struct mcpeer_addr *addr)
{
	const char *end;

	addr->family = AF_INET6;
	return in6_pton(text.at, text.len, addr->v6.s6_addr, -1, &end) &&
	       end == text.at + text.len;
}

static bool mcpeer_target_read_ifname(struct mcpeer_text text,
				      char ifname[IFNAMSIZ])
{
	if (!text.len || text.len >= IFNAMSIZ || !mcpeer_text_is_graphic(text))
		return false;
	memcpy(ifname, text.at, text.len);
	return dev_valid_name(ifname);
}

/* Fills a target that is zero. */
static bool mcpeer_target_read(struct mcpeer_text text,
			       struct mcpeer_target *target)
{
	static const struct mcpeer_text broadcast = {
		MCPEER_TARGET_BROADCAST, sizeof(MCPEER_TARGET_BROADCAST) - 1,
	};
	unsigned int whole = text.len;
	struct mcpeer_text addr;

	if (mcpeer_text_equal(text, broadcast)) {
		target->addr.family = AF_INET;
		target->addr.v4 = htonl(INADDR_BROADCAST);
		return true;
	}
	addr = mcpeer_target_cut(&text, '%');
	if (!mcpeer_target_read4(addr, &target->addr)) {
		memset(&target->addr, 0, sizeof(target->addr));
		if (!mcpeer_target_read6(addr, &target->addr))
			return false;
	}
	return addr.len == whole ||
	       mcpeer_target_read_ifname(text, target->ifname);
}

/* Why an address cannot be a target, NULL if it can. */
static const char *mcpeer_target_fault4(const struct mcpeer_target *target)
{
	__be32 addr = target->addr.v4;

	if (target->ifname[0])
		return mcpeer_target_no_zone;
	if (ipv4_is_multicast(addr))
		return "a target must not be a multicast address";
	if (ipv4_is_zeronet(addr))
		return "a target must not be an unspecified address";
	if (ipv4_is_loopback(addr))
		return "a target must not be a loopback address";
	return NULL;
}

static const char *mcpeer_target_fault6(const struct mcpeer_target *target)
{
	int type = ipv6_addr_type(&target->addr.v6);
	bool local = type & IPV6_ADDR_LINKLOCAL;

	if (type & IPV6_ADDR_MULTICAST)
		return "a target must not be a multicast address";
	if (type == IPV6_ADDR_ANY)
		return "a target must not be an unspecified address";
	if (type & IPV6_ADDR_LOOPBACK)
		return "a target must not be a loopback address";
	if (type & IPV6_ADDR_MAPPED)
		return "an IPv4 target must not be written as an IPv6 address";
	if (local && !target->ifname[0])
		return mcpeer_target_zone;
	if (!local && target->ifname[0])
		return mcpeer_target_no_zone;
	if (!IS_ENABLED(CONFIG_IPV6))
		return "this kernel was built without IPv6";
	return NULL;
}

static bool mcpeer_target_is_known(const struct mcpeer_targets *targets,
				   const struct mcpeer_target *target)
{
	unsigned int i;

	for (i = 0; i < targets->count; i++)
		if (!memcmp(&targets->target[i], target, sizeof(*target)))
			return true;
	return false;
}

static const char *mcpeer_target_add(struct mcpeer_targets *targets,
				     struct mcpeer_text text)
{
	struct mcpeer_target target;
	const char *fault;

	/* Padding as well, since targets are compared as a whole. */
	memset(&target, 0, sizeof(target));
	if (!mcpeer_target_read(text, &target))
		return mcpeer_target_syntax;
	fault = target.addr.family == AF_INET ? mcpeer_target_fault4(&target) :
						mcpeer_target_fault6(&target);
	if (fault)
		return fault;
	if (mcpeer_target_is_known(targets, &target))
		return "a target is given twice";
	if (targets->count == MCPEER_TARGETS_MAX)
		return "a group has 16 targets at most";
	memcpy(&targets->target[targets->count++], &target, sizeof(target));
	return NULL;
}

/**
 * mcpeer_target_parse - read targets as people write them
 * @text: addresses, separated by commas; empty for none
 * @targets: set
 * @extack: for the sentence that goes with a refusal
 *
 * Context: Any.
 * Return: 0 or -EINVAL.
 */
int mcpeer_target_parse(struct mcpeer_text text, struct mcpeer_targets *targets,
			struct netlink_ext_ack *extack)
{
	const char *fault = NULL;
	bool more = text.len;

	memset(targets, 0, sizeof(*targets));
	if (text.len > MCPEER_TARGETS_TEXT_MAX) {
		NL_SET_ERR_MSG(extack,
			       "targets must be no longer than 1024 bytes");
		return -EINVAL;
	}
	while (more && !fault) {
		more = memchr(text.at, ',', text.len);
		fault = mcpeer_target_add(targets,
					  mcpeer_target_cut(&text, ','));
	}
	if (!fault)
		return 0;
	if (extack)
		extack->_msg = fault;
	return -EINVAL;
}

static unsigned int mcpeer_target_write(const struct mcpeer_target *target,
					char *buf, size_t size)
{
	if (mcpeer_target_is_broadcast(target))
		return snprintf(buf, size, MCPEER_TARGET_BROADCAST);
	if (target->addr.family == AF_INET)
		return snprintf(buf, size, "%pI4", &target->addr.v4);
	return snprintf(buf, size, "%pI6c%s%s", &target->addr.v6,
			target->ifname[0] ? "%" : "", target->ifname);
}

/**
 * mcpeer_target_text - write targets as mcpeer_target_parse() reads them
 * @targets: the targets
 * @buf: where to, with a NUL at the end
 * @size: of @buf, which is large enough; 0 to be told what would be
 *
 * Context: Any.
 * Return: the length of the text.
 */
unsigned int mcpeer_target_text(const struct mcpeer_targets *targets, char *buf,
				size_t size)
{
	unsigned int len = 0, i;

	for (i = 0; i < targets->count; i++) {
		if (i) {
			if (size)
				buf[len] = ',';
			len++;
		}
		len += mcpeer_target_write(&targets->target[i],
					   size ? buf + len : NULL,
					   size ? size - len : 0);
	}
	return len;
}

/**
 * mcpeer_target_has_family - is one of a family?
 * @targets: the targets
 * @family: the family
 *
 * Context: Any.
 * Return: true if so.
 */
bool mcpeer_target_has_family(const struct mcpeer_targets *targets,
			      enum mcpeer_family family)
{
	unsigned int i;

	for (i = 0; i < targets->count; i++)
		if (mcpeer_inet_family(targets->target[i].addr.family) ==
		    family)
			return true;
	return false;
}

/**
 * mcpeer_target_has_broadcast - do announcements go to all on a link?
 * @targets: the targets
 *
 * Context: Any.
 * Return: true if so.
 */
bool mcpeer_target_has_broadcast(const struct mcpeer_targets *targets)
{
	unsigned int i;

	for (i = 0; i < targets->count; i++)
		if (mcpeer_target_is_broadcast(&targets->target[i]))
			return true;
	return false;
}

/**
 * mcpeer_target_is_one - is a host a target?
 * @targets: the targets
 * @dev: where it was heard
 * @addr: its address
 *
 * Context: Any, within an RCU read-side section.
 * Return: true if so.
 */
bool mcpeer_target_is_one(const struct mcpeer_targets *targets,
			  const struct net_device *dev,
			  const struct mcpeer_addr *addr)
{
	const struct mcpeer_target *target;
	unsigned int i;

	for (i = 0; i < targets->count; i++) {
		target = &targets->target[i];
		if (mcpeer_addr_equal(&target->addr, addr) &&
		    (!target->ifname[0] ||
		     dev_get_by_name_rcu(dev_net(dev), target->ifname) == dev))
			return true;
	}
	return false;
}
