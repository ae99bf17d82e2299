// SPDX-License-Identifier: GPL-2.0
/* Addresses, interfaces, times and enums as the words that users see. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "compiler.h"
#include "text.h"
#include "word.h"

static void set(struct mcpeer_word *word, const char *text)
{
	char *to = word->text;

	while (*text && to < word->text + MCPEER_WORD_MAX)
		*to++ = *text++;
	*to = '\0';
}

/* What a newer kernel has no word for here is shown by its number. */
static struct mcpeer_word look_up(const char *const *names, size_t count,
				  uint32_t value)
{
	struct mcpeer_word word;

	word.text[0] = '\0';
	if (value < count && names[value])
		set(&word, names[value]);
	else if (value)
		mcpeer_text_number(word.text, value);
	return word;
}

/**
 * mcpeer_word_source - where a peer is known from
 * @source: enum mcpeer_source
 *
 * Return: a word, or a number for what is not known here.
 */
struct mcpeer_word mcpeer_word_source(uint32_t source)
{
	static const char *const names[] = {
		[MCPEER_SOURCE_NETWORK]	= "network",
		[MCPEER_SOURCE_LOCAL]	= "local",
	};

	return look_up(names, ARRAY_SIZE(names), source);
}

/**
 * mcpeer_word_state - what is known of a peer's life
 * @state: enum mcpeer_state
 *
 * Return: a word, or a number for what is not known here.
 */
struct mcpeer_word mcpeer_word_state(uint32_t state)
{
	static const char *const names[] = {
		[MCPEER_STATE_ALIVE]	= "alive",
	};

	return look_up(names, ARRAY_SIZE(names), state);
}

/**
 * mcpeer_word_event - what happened
 * @type: enum mcpeer_event_type
 *
 * Return: a word, or a number for what is not known here.
 */
struct mcpeer_word mcpeer_word_event(uint32_t type)
{
	static const char *const names[] = {
		[MCPEER_EVENT_TYPE_JOIN]		= "join",
		[MCPEER_EVENT_TYPE_UPDATE]		= "update",
		[MCPEER_EVENT_TYPE_EXPIRE]		= "expire",
		[MCPEER_EVENT_TYPE_LEAVE]		= "leave",
		[MCPEER_EVENT_TYPE_CONFLICT]		= "conflict",
		[MCPEER_EVENT_TYPE_CONFLICT_END]	= "conflict-end",
		[MCPEER_EVENT_TYPE_TABLE_FULL]		= "table-full",
		[MCPEER_EVENT_TYPE_TABLE_FULL_END]	= "table-full-end",
		[MCPEER_EVENT_TYPE_DEAF]		= "deaf",
		[MCPEER_EVENT_TYPE_RECOVERED]		= "recovered",
	};

	return look_up(names, ARRAY_SIZE(names), type);
}

/**
 * mcpeer_word_interface_state - whether an interface takes part
 * @state: enum mcpeer_interface_state
 *
 * Return: a word, or a number for what is not known here.
 */
struct mcpeer_word mcpeer_word_interface_state(uint32_t state)
{
	static const char *const names[] = {
		[MCPEER_INTERFACE_STATE_JOINED]		= "joined",
		[MCPEER_INTERFACE_STATE_EXCLUDED]	= "excluded",
		[MCPEER_INTERFACE_STATE_LOOPBACK]	= "loopback",
		[MCPEER_INTERFACE_STATE_DOWN]		= "down",
		[MCPEER_INTERFACE_STATE_NO_MULTICAST]	= "no-multicast",
		[MCPEER_INTERFACE_STATE_PORT]		= "port",
		[MCPEER_INTERFACE_STATE_NO_ADDRESS]	= "no-address",
		[MCPEER_INTERFACE_STATE_TENTATIVE]	= "tentative",
		[MCPEER_INTERFACE_STATE_DUPLICATE]	= "duplicate",
		[MCPEER_INTERFACE_STATE_PENDING]	= "pending",
	};

	return look_up(names, ARRAY_SIZE(names), state);
}

/**
 * mcpeer_word_off_link - what becomes of announcements from other networks
 * @off_link: the setting, or MCPEER_CLIENT_NONE
 *
 * Return: a word, or a number for what is not known here.
 */
struct mcpeer_word mcpeer_word_off_link(uint64_t off_link)
{
	struct mcpeer_word word;

	word.text[0] = '\0';
	if (off_link <= 1)
		set(&word, off_link ? "accept" : "drop");
	else if (off_link != MCPEER_CLIENT_NONE)
		mcpeer_text_number(word.text, off_link);
	return word;
}

/* The library does it by printf(), which lists are too long for. */
static void write_ipv4(char *dst, const unsigned char *bytes)
{
	for (int i = 0; i < 4; i++) {
		if (i)
			*dst++ = '.';
		dst = mcpeer_text_number(dst, bytes[i]);
	}
}

/**
 * mcpeer_word_address - an address in its usual form
 * @address: the address
 *
 * Return: the word, empty if there is no address.
 */
struct mcpeer_word mcpeer_word_address(const struct mcpeer_address *address)
{
	struct mcpeer_word word;

	word.text[0] = '\0';
	if (address->len == 4)
		write_ipv4(word.text, address->bytes);
	else if (address->len)
		inet_ntop(AF_INET6, address->bytes, word.text,
			  sizeof(word.text));
	return word;
}

/**
 * mcpeer_word_interface - the name of an interface
 * @ifname: as the kernel gave it, NULL if the interface is gone
 * @ifindex: its number, 0 if there is no interface
 *
 * Return: the word, empty if there is no interface.
 */
struct mcpeer_word mcpeer_word_interface(const char *ifname, uint32_t ifindex)
{
	struct mcpeer_word word;

	word.text[0] = '\0';
	if (ifname)
		set(&word, ifname);
	else if (ifindex)
		snprintf(word.text, sizeof(word.text), "if%u", ifindex);
	return word;
}

/**
 * mcpeer_word_seconds - write a time with its unit
 * @dst: where to
 * @ms: milliseconds, or MCPEER_CLIENT_NONE
 * @digits: how many behind the point
 * @none: a short text, for MCPEER_CLIENT_NONE
 */
void mcpeer_word_seconds(char dst[MCPEER_WORD_SECONDS_MAX], uint64_t ms,
			 int digits, const char *none)
{
	if (ms == MCPEER_CLIENT_NONE)
		stpcpy(dst, none);
	else
		stpcpy(mcpeer_text_seconds(dst, ms, digits), "s");
}

/**
 * mcpeer_word_or_dash - a word for people
 * @text: a text, or NULL
 *
 * Return: the text, or what stands where there is none.
 */
const char *mcpeer_word_or_dash(const char *text)
{
	return text && *text ? text : MCPEER_WORD_NOTHING;
}
