// SPDX-License-Identifier: GPL-2.0
#include "wire.h"

/**
 * mcpeer_wire_is_name - may this be the name of a peer?
 * @name: what to look at
 *
 * Context: Any.
 * Return: true for 1 to MCPEER_NAME_MAX bytes of printable ASCII without
 * space.
 */
bool mcpeer_wire_is_name(struct mcpeer_text name)
{
	return name.len >= 1 && name.len <= MCPEER_NAME_MAX &&
	       mcpeer_text_is_graphic(name);
}

/**
 * mcpeer_wire_parse - read a datagram
 * @datagram: its payload, or the first bytes of it, at least
 *	MCPEER_NAME_MAX + 1 more than the prefix if there are as many
 * @prefix: what it has to start with
 * @name: set to the name within @datagram if the verdict is MCPEER_WIRE_OK
 *
 * Context: Any. Neither reads nor writes outside of its arguments.
 * Return: the verdict.
 */
enum mcpeer_wire_verdict mcpeer_wire_parse(struct mcpeer_text datagram,
					   struct mcpeer_text prefix,
					   struct mcpeer_text *name)
{
	enum mcpeer_wire_verdict verdict;
	struct mcpeer_text rest;

	verdict = mcpeer_wire_split(datagram, prefix, &rest);
	if (verdict != MCPEER_WIRE_OK)
		return verdict;
	if (!mcpeer_text_is_graphic(rest))
		return MCPEER_WIRE_BAD_BYTE;

	*name = rest;
	return MCPEER_WIRE_OK;
}

/**
 * mcpeer_wire_build - write a datagram
 * @buf: room for MCPEER_WIRE_MAX bytes
 * @prefix: at most MCPEER_PREFIX_MAX bytes
 * @name: at most MCPEER_NAME_MAX bytes
 *
 * Context: Any.
 * Return: the length of the datagram.
 */
unsigned int mcpeer_wire_build(char *buf, struct mcpeer_text prefix,
			       struct mcpeer_text name)
{
	memcpy(buf, prefix.at, prefix.len);
	memcpy(buf + prefix.len, name.at, name.len);
	return prefix.len + name.len;
}
