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

bool mcpeer_wire_is_name(struct mcpeer_text name);
enum mcpeer_wire_verdict mcpeer_wire_parse(struct mcpeer_text datagram,
					   struct mcpeer_text prefix,
					   struct mcpeer_text *name);
unsigned int mcpeer_wire_build(char *buf, struct mcpeer_text prefix,
			       struct mcpeer_text name);

#endif /* MCPEER_WIRE_H */
