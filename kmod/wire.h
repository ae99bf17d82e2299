/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The datagram: a prefix, then the sender's name, and nothing else. Pure:
 * bytes in, struct out; also compiled in user space.
 */
#ifndef MCPEER_WIRE_H
#define MCPEER_WIRE_H

#include <linux/mcpeer.h>
#include "text.h"

/* The longest datagram that says anything, and one byte to see it exceeded. */
#define MCPEER_WIRE_MAX		(MCPEER_PREFIX_MAX + MCPEER_NAME_MAX)
#define MCPEER_WIRE_LOOK	(MCPEER_WIRE_MAX + 1)

/**
 * enum mcpeer_wire_verdict - what a datagram is
 * @MCPEER_WIRE_OK: an announcement
 * @MCPEER_WIRE_TRUNCATED: shorter than the prefix
 * @MCPEER_WIRE_PREFIX: starts with something else
 * @MCPEER_WIRE_EMPTY: no name behind the prefix
 * @MCPEER_WIRE_TOO_LONG: more than MCPEER_NAME_MAX bytes behind the prefix
 * @MCPEER_WIRE_BAD_BYTE: a byte of the name is not printable ASCII, or a space
 */
enum mcpeer_wire_verdict {
	MCPEER_WIRE_OK,
	MCPEER_WIRE_TRUNCATED,
	MCPEER_WIRE_PREFIX,
	MCPEER_WIRE_EMPTY,
	MCPEER_WIRE_TOO_LONG,
	MCPEER_WIRE_BAD_BYTE,
};

/**
 * mcpeer_wire_split - find the name in a datagram, whatever bytes it is of
 * @datagram: as for mcpeer_wire_parse()
 * @prefix: what it has to start with
 * @name: set to the name within @datagram if the verdict is MCPEER_WIRE_OK
 *
 * For who only asks whether the name is known: one that is, is of good bytes.
 *
 * Context: Any. Neither reads nor writes outside of its arguments.
 * Return: the verdict, never MCPEER_WIRE_BAD_BYTE.
 */
static inline enum mcpeer_wire_verdict
mcpeer_wire_split(struct mcpeer_text datagram, struct mcpeer_text prefix,
		  struct mcpeer_text *name)
{
	struct mcpeer_text start = { datagram.at, prefix.len }, rest;

	if (datagram.len < prefix.len)
		return MCPEER_WIRE_TRUNCATED;
	if (!mcpeer_text_equal(start, prefix))
		return MCPEER_WIRE_PREFIX;
	rest.at = datagram.at + prefix.len;
	rest.len = datagram.len - prefix.len;
	if (!rest.len)
		return MCPEER_WIRE_EMPTY;
	if (rest.len > MCPEER_NAME_MAX)
		return MCPEER_WIRE_TOO_LONG;
	*name = rest;
	return MCPEER_WIRE_OK;
}

bool mcpeer_wire_is_name(struct mcpeer_text name);
enum mcpeer_wire_verdict mcpeer_wire_parse(struct mcpeer_text datagram,
					   struct mcpeer_text prefix,
					   struct mcpeer_text *name);
unsigned int mcpeer_wire_build(char *buf, struct mcpeer_text prefix,
			       struct mcpeer_text name);

#endif /* MCPEER_WIRE_H */
