// SPDX-License-Identifier: GPL-2.0
#include <linux/in.h>
#include <linux/netlink.h>
#include <linux/time64.h>
#include "pattern.h"
#include "settings.h"
#include "wire.h"

/*
 * The plain format's: IPv4 address, port, prefix and times are those of the
 * programs that spoke it first. The IPv6 address is of link-local scope, as
 * the time to live is 1, and transient, as nobody assigned it (RFC 4291, 2.7);
 * its group is the same number as in IPv4, out of the range for such addresses
 * (RFC 3307, 4.3).
 */
const struct mcpeer_settings mcpeer_settings_default = {
	.choice.addr = {
		[MCPEER_V4] = {
			.family = AF_INET,
			.v4 = cpu_to_be32(0xef020304),	/* 239.2.3.4 */
		},
#if IS_ENABLED(CONFIG_IPV6)
		[MCPEER_V6] = {
			.family = AF_INET6,
			/* ff12::ef02:304 */
			.v6.s6_addr = { 0xff, 0x12, [12] = 0xef, 2, 3, 4 },
		},
#endif
	},
	.port = 49001,
	.ttl = 1,
	.prefix_len = sizeof("multitastic:") - 1,
	.prefix = "multitastic:",
	.interval = 15 * MSEC_PER_SEC,
	.expiry = 35 * MSEC_PER_SEC,
	.max_peers = MCPEER_SETTINGS_MAX_PEERS,
	/* A host announces one name; a few containers behind it some more. */
	.per_source = 16,
	/* The whole of a large table within the 15 seconds it speaks up in. */
	.join_rate = 1000,
	.repeat = 1,
};

static int mcpeer_settings_check_addr(const struct mcpeer_settings *settings,
				      struct netlink_ext_ack *extack)
{
	const struct mcpeer_addr *v4 = &settings->choice.addr[MCPEER_V4];
	const struct mcpeer_addr *v6 = &settings->choice.addr[MCPEER_V6];

	if (!v4->family && !v6->family) {
		NL_SET_ERR_MSG(extack,
			       "a group needs an IPv4 or an IPv6 address");
		return -EINVAL;
	}
	if (v4->family && !ipv4_is_multicast(v4->v4)) {
		NL_SET_ERR_MSG(extack,
			       "the address is not an IPv4 multicast address");
		return -EINVAL;
	}
	if (!v6->family)
		return 0;
	if (!IS_ENABLED(CONFIG_IPV6)) {
		NL_SET_ERR_MSG(extack, "this kernel was built without IPv6");
		return -EAFNOSUPPORT;
	}
	/* What does not leave the host is heard by nobody else. */
	if (!ipv6_addr_is_multicast(&v6->v6) ||
	    IPV6_ADDR_MC_SCOPE(&v6->v6) < IPV6_ADDR_SCOPE_LINKLOCAL) {
		NL_SET_ERR_MSG(extack,
			       "the IPv6 address is not a multicast address of link-local or wider scope");
		return -EINVAL;
	}
	return 0;
}

static int mcpeer_settings_check_texts(const struct mcpeer_settings *settings,
				       struct netlink_ext_ack *extack)
{
	struct mcpeer_text prefix = mcpeer_settings_prefix(settings);
	struct mcpeer_text hostname = mcpeer_settings_hostname(settings);
	const struct mcpeer_choice *choice = &settings->choice;

	if (!prefix.len || !mcpeer_text_is_graphic(prefix)) {
		NL_SET_ERR_MSG(extack,
			       "the prefix must be 1 to 32 bytes of printable ASCII without space");
		return -EINVAL;
	}
	if (hostname.len && !mcpeer_wire_is_name(hostname)) {
		NL_SET_ERR_MSG(extack,
			       "a name must be 1 to 64 bytes of printable ASCII without space");
		return -EINVAL;
	}
	if (!mcpeer_pattern_is_valid(mcpeer_choice_interfaces(choice)) ||
	    !mcpeer_pattern_is_valid(mcpeer_choice_listen(choice))) {
		NL_SET_ERR_MSG(extack,
			       "patterns must be as in 'eth*,!docker*', with no empty one and no open [");
		return -EINVAL;
	}
	return 0;
}

/**
 * mcpeer_settings_check - can a group have these settings?
 * @settings: each number within its range, which the netlink policy sees to
 * @extack: for the sentence that goes with a refusal, may be NULL
 *
 * Context: Any.
 * Return: 0, -EINVAL, or -EAFNOSUPPORT for IPv6 where the kernel has none.
 */
int mcpeer_settings_check(const struct mcpeer_settings *settings,
			  struct netlink_ext_ack *extack)
{
	int err;

	err = mcpeer_settings_check_addr(settings, extack);
	if (!err)
		err = mcpeer_settings_check_texts(settings, extack);
	if (err)
		return err;
	if (mcpeer_target_has_broadcast(&settings->targets) &&
	    !settings->choice.addr[MCPEER_V4].family) {
		NL_SET_ERR_MSG(extack,
			       "broadcast is for groups that have an IPv4 address");
		return -EINVAL;
	}
	if (settings->expiry < settings->interval + settings->interval / 2) {
		NL_SET_ERR_MSG(extack,
			       "expiry must be at least one and a half times the interval");
		return -EINVAL;
	}
	return 0;
}

/**
 * mcpeer_settings_wants_socket - does a group need a socket?
 * @settings: its settings
 * @which: below MCPEER_SETTINGS_SOCKETS
 *
 * Context: Any.
 * Return: true if so.
 */
bool mcpeer_settings_wants_socket(const struct mcpeer_settings *settings,
				  unsigned int which)
{
	enum mcpeer_family family = mcpeer_settings_family(which);

	if (mcpeer_settings_is_direct(which))
		return mcpeer_target_has_family(&settings->targets, family);
	return settings->choice.addr[family].family;
}

/**
 * mcpeer_settings_same_socket - does one socket do for both?
 * @a: settings
 * @b: other settings
 * @which: below MCPEER_SETTINGS_SOCKETS
 *
 * Context: Any.
 * Return: true if port, prefix and what else makes the socket are the same.
 */
bool mcpeer_settings_same_socket(const struct mcpeer_settings *a,
				 const struct mcpeer_settings *b,
				 unsigned int which)
{
	enum mcpeer_family family = mcpeer_settings_family(which);

	if (a->port != b->port ||
	    !mcpeer_text_equal(mcpeer_settings_prefix(a),
			       mcpeer_settings_prefix(b)))
		return false;
	if (mcpeer_settings_is_direct(which))
		return !memcmp(&a->targets, &b->targets, sizeof(a->targets));
	return mcpeer_addr_equal(&a->choice.addr[family],
				 &b->choice.addr[family]) && a->ttl == b->ttl;
}

/**
 * mcpeer_settings_overlap - would groups of these settings hear the same?
 * @a: settings
 * @b: other settings
 *
 * Context: Any.
 * Return: true if they have the port and an address in common.
 */
bool mcpeer_settings_overlap(const struct mcpeer_settings *a,
			     const struct mcpeer_settings *b)
{
	int family;

	if (a->port != b->port)
		return false;
	for (family = 0; family < MCPEER_FAMILIES; family++)
		if (a->choice.addr[family].family &&
		    mcpeer_addr_equal(&a->choice.addr[family],
				      &b->choice.addr[family]))
			return true;
	return false;
}

/**
 * mcpeer_settings_collide - could two groups not tell whom a datagram is for?
 * @a: settings
 * @b: other settings
 *
 * Context: Any.
 * Return: true if both hear what is sent to the host itself, by one port and
 * family.
 */
bool mcpeer_settings_collide(const struct mcpeer_settings *a,
			     const struct mcpeer_settings *b)
{
	int family;

	if (a->port != b->port)
		return false;
	for (family = 0; family < MCPEER_FAMILIES; family++)
		if (mcpeer_target_has_family(&a->targets, family) &&
		    mcpeer_target_has_family(&b->targets, family))
			return true;
	return false;
}
