/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests made from the specification, most of them not as it says, and what
 * has to come of them.
 */
#ifndef MCPEER_FUZZ_REQUEST_H
#define MCPEER_FUZZ_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define OPS_MAX		32
#define ATTRS_MAX	32

/* So many messages in one datagram at most. */
#define REQUESTS_MAX	4
#define REQUEST_ROOM	262144

enum attr_type { STRING, BINARY, U32, U64, FLAG };

/* What an attribute is about, as far as it matters here. */
enum attr_about {
	ANYTHING, PEER_NAME, GROUP_NAME, HOST_NAME, PREFIX, VALUE, PATTERNS,
	TARGETS, ADDRESS, ADDRESS6,
};

/**
 * struct attr_spec - an attribute that an operation takes
 * @number: its type in the message
 * @type: of its value
 * @least: smallest number
 * @most: largest number
 * @about: what it means
 */
struct attr_spec {
	unsigned int number;
	enum attr_type type;
	uint64_t least;
	uint64_t most;
	enum attr_about about;
};

/**
 * struct op_spec - an operation
 * @number: its command
 * @admin: needs CAP_NET_ADMIN
 * @can_do: can be asked for once
 * @can_dump: can be asked for all
 * @all_flags: sees to the flags itself, EXCL and REPLACE among them
 * @attr_count: of @attrs
 * @attrs: the attributes that it takes
 */
struct op_spec {
	unsigned int number;
	bool admin;
	bool can_do;
	bool can_dump;
	bool all_flags;
	size_t attr_count;
	struct attr_spec attrs[ATTRS_MAX];
};

/**
 * struct spec - the family
 * @family: its number
 * @op_count: of @ops
 * @ops: its operations
 */
struct spec {
	unsigned int family;
	size_t op_count;
	struct op_spec ops[OPS_MAX];
};

/* What has to come of a request. */
enum outcome {
	IGNORED,	/* nothing at all */
	ACCEPTED,	/* success */
	REFUSED,	/* an error, whichever */
	FORBIDDEN,	/* -EPERM */
	UNSUPPORTED,	/* -EOPNOTSUPP */
	CONFORMING,	/* whatever the module says, but not its policy */
};

/**
 * struct expectation - of one message
 * @seq: its number
 * @outcome: what has to come of it
 * @wants_ack: success is to be told, too
 */
struct expectation {
	uint32_t seq;
	enum outcome outcome;
	bool wants_ack;
};

void spec_read(struct spec *spec, FILE *from);
size_t request_make(unsigned char *buf, const struct spec *spec,
		    uint64_t *random, uint32_t seq);
size_t request_expect(struct expectation expected[REQUESTS_MAX],
		      const struct spec *spec, bool admin,
		      const unsigned char *buf, size_t len);

#endif
