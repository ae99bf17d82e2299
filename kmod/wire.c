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
 * mcpeer_wire_check - see whether a name is of good bytes
 * @name: from mcpeer_wire_split()
 *
 * Context: Any.
 * Return: the verdict on the datagram, MCPEER_WIRE_OK or MCPEER_WIRE_BAD_BYTE.
 */
enum mcpeer_wire_verdict mcpeer_wire_check(struct mcpeer_text name)
{
	return mcpeer_text_is_graphic(name) ? MCPEER_WIRE_OK :
					      MCPEER_WIRE_BAD_BYTE;
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
