// SPDX-License-Identifier: GPL-2.0
/* The settings of a group, as people write them. */
#include <string.h>

#include "compiler.h"
#include "options.h"
#include "settings.h"
#include "text.h"

/* Takes a text as it is; empty, it is sent as well. */
static bool take_text(struct mcpeer_settings *settings, const char *key,
		      const char *value)
{
	const struct {
		const char *key;
		const char **text;
	} texts[] = {
		{ "prefix",	&settings->prefix },
		{ "hostname",	&settings->hostname },
		{ "interfaces",	&settings->interfaces },
		{ "listen",	&settings->listen },
		{ "targets",	&settings->targets },
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (strcmp(key, texts[i].key))
			continue;
		*texts[i].text = value;
		return true;
	}
	return false;
}

static enum mcpeer_status parse_address(const struct mcpeer_context *context,
					struct mcpeer_address *address,
					const char *value)
{
	if (strcmp(value, "none"))
		return mcpeer_options_address(context, value, address);
	*address = (struct mcpeer_address) { .none = true };
	return MCPEER_GO_ON;
}

static enum mcpeer_status parse_off_link(const struct mcpeer_context *context,
					 struct mcpeer_settings *settings,
					 const char *value)
{
	bool accepts = !strcmp(value, "accept");

	if (!accepts && strcmp(value, "drop"))
		return mcpeer_options_misuse(context,
					     "off-link: '%s' is neither accept nor drop",
					     value);
	settings->off_link = accepts;
	return MCPEER_GO_ON;
}

static enum mcpeer_status parse_number(const struct mcpeer_context *context,
				       struct mcpeer_settings *settings,
				       const char *key, const char *value)
{
	const struct {
		const char *key;
		uint64_t *number;
		bool is_time;
	} numbers[] = {
		{ "port",	&settings->port,	false },
		{ "ttl",	&settings->ttl,		false },
		{ "interval",	&settings->interval,	true },
		{ "expiry",	&settings->expiry,	true },
		{ "max-peers",	&settings->max_peers,	false },
		{ "per-source",	&settings->per_source,	false },
		{ "join-rate",	&settings->join_rate,	false },
		{ "repeat",	&settings->repeat,	false },
	};
	uint32_t ms;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (strcmp(key, numbers[i].key))
			continue;
		if (!numbers[i].is_time &&
		    mcpeer_text_parse_number(value, UINT32_MAX,
					     numbers[i].number))
			return MCPEER_GO_ON;
		if (numbers[i].is_time &&
		    mcpeer_text_parse_seconds(value, &ms)) {
			*numbers[i].number = ms;
			return MCPEER_GO_ON;
		}
		return mcpeer_options_misuse(context,
					     "%s: '%s' is not a number%s",
					     key, value, numbers[i].is_time ?
						" of seconds, as in 15" : "");
	}
	return mcpeer_options_misuse(context, "unknown setting '%s'", key);
}

/*
 * Only what cannot be sent is refused here; the rest is for the kernel, an
 * address of the wrong family among it.
 */
static enum mcpeer_status parse_setting(const struct mcpeer_context *context,
					struct mcpeer_settings *settings,
					const char *key, const char *value)
{
	if (take_text(settings, key, value))
		return MCPEER_GO_ON;
	if (!strcmp(key, "address"))
		return parse_address(context, &settings->address, value);
	if (!strcmp(key, "address6"))
		return parse_address(context, &settings->address6, value);
	if (!strcmp(key, "off-link"))
		return parse_off_link(context, settings, value);
	return parse_number(context, settings, key, value);
}

/**
 * mcpeer_settings_parse - read the settings of a group
 * @context: names the verb
 * @argc: number of @argv
 * @argv: keys and values by turns, each key once
 * @settings: the same
 *
 * Return: MCPEER_GO_ON or MCPEER_MISUSED.
 */
enum mcpeer_status mcpeer_settings_parse(const struct mcpeer_context *context,
					 int argc, char **argv,
					 struct mcpeer_settings *settings)
{
	enum mcpeer_status status;

	*settings = (struct mcpeer_settings) {
		.port = MCPEER_CLIENT_NONE,
		.ttl = MCPEER_CLIENT_NONE,
		.interval = MCPEER_CLIENT_NONE,
		.expiry = MCPEER_CLIENT_NONE,
		.max_peers = MCPEER_CLIENT_NONE,
		.per_source = MCPEER_CLIENT_NONE,
		.join_rate = MCPEER_CLIENT_NONE,
		.off_link = MCPEER_CLIENT_NONE,
		.repeat = MCPEER_CLIENT_NONE,
	};
	for (int i = 0; i < argc; i += 2) {
		for (int j = 0; j < i; j += 2)
			if (!strcmp(argv[i], argv[j]))
				return mcpeer_options_misuse(context,
							     "%s is given twice",
							     argv[i]);
		if (i + 1 == argc)
			return mcpeer_options_misuse(context,
						     "missing value of '%s'",
						     argv[i]);
		status = parse_setting(context, settings, argv[i],
				       argv[i + 1]);
		if (status != MCPEER_GO_ON)
			return status;
	}
	return MCPEER_GO_ON;
}
