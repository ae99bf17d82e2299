// SPDX-License-Identifier: GPL-2.0
#include <linux/in.h>
#include <linux/netlink.h>
#include <linux/time64.h>
#include "settings.h"
#include "text.h"

/*
 * The plain format's: address, port, prefix and times are those of the
 * programs that spoke it first.
 */
const struct mcpeer_settings mcpeer_settings_default = {
	.addr = cpu_to_be32(0xef020304),	/* 239.2.3.4 */
	.port = 49001,
	.ttl = 1,
	.prefix_len = sizeof("multitastic:") - 1,
	.prefix = "multitastic:",
	.interval = 15 * MSEC_PER_SEC,
	.expiry = 35 * MSEC_PER_SEC,
	.max_peers = MCPEER_SETTINGS_MAX_PEERS,
};

/**
 * mcpeer_settings_check - can a group have these settings?
 * @settings: each number within its range, which the netlink policy sees to
 * @extack: for the sentence that goes with a refusal, may be NULL
 *
 * Context: Any.
 * Return: 0 or -EINVAL.
 */
int mcpeer_settings_check(const struct mcpeer_settings *settings,
			  struct netlink_ext_ack *extack)
{
	struct mcpeer_text prefix = { settings->prefix, settings->prefix_len };

	if (!ipv4_is_multicast(settings->addr)) {
		NL_SET_ERR_MSG(extack,
			       "the address is not an IPv4 multicast address");
		return -EINVAL;
	}
	if (!prefix.len || !mcpeer_text_is_graphic(prefix)) {
		NL_SET_ERR_MSG(extack,
			       "the prefix must be 1 to 32 bytes of printable ASCII without space");
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
 * mcpeer_settings_same_socket - does one socket do for both?
 * @a: settings
 * @b: other settings
 *
 * Context: Any.
 * Return: true if address, port, time to live and prefix are the same.
 */
bool mcpeer_settings_same_socket(const struct mcpeer_settings *a,
				 const struct mcpeer_settings *b)
{
	struct mcpeer_text a_prefix = { a->prefix, a->prefix_len };
	struct mcpeer_text b_prefix = { b->prefix, b->prefix_len };

	return a->addr == b->addr && a->port == b->port && a->ttl == b->ttl &&
	       mcpeer_text_equal(a_prefix, b_prefix);
}
