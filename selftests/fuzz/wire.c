// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer harness for kmod/wire.c: what parses builds back to itself, what
 * is built parses, and the verdict is what the format says, whatever the
 * bytes and lengths.
 *
 * An input is a byte that says how long the prefix is, the prefix, and the
 * datagram. If the top bit of that byte is set the datagram starts with the
 * prefix, which random bytes never would.
 */
#include "check.h"
#include "wire.h"

#define WITH_PREFIX	0x80

/**
 * struct input - what the fuzzer wants tried
 * @prefix: of exactly its size
 * @datagram: of exactly its size
 */
struct input {
	struct mcpeer_text prefix;
	struct mcpeer_text datagram;
};

/* The format in other words than those of wire.c. */
static enum mcpeer_wire_verdict expected(const struct input *in)
{
	size_t name_len, i;

	if (in->datagram.len < in->prefix.len)
		return MCPEER_WIRE_TRUNCATED;
	for (i = 0; i < in->prefix.len; i++)
		if (in->datagram.at[i] != in->prefix.at[i])
			return MCPEER_WIRE_PREFIX;

	name_len = in->datagram.len - in->prefix.len;
	if (name_len == 0)
		return MCPEER_WIRE_EMPTY;
	if (name_len > 64)
		return MCPEER_WIRE_TOO_LONG;
	for (; i < in->datagram.len; i++)
		if ((unsigned char)(in->datagram.at[i] - '!') > '~' - '!')
			return MCPEER_WIRE_BAD_BYTE;
	return MCPEER_WIRE_OK;
}

static void builds_back(const struct input *in, struct mcpeer_text name)
{
	struct exact room = exact_room(in->datagram.len);
	unsigned int len;

	len = mcpeer_wire_build(room.at, in->prefix, name);
	check(len == in->datagram.len);
	check(len <= MCPEER_WIRE_MAX);
	check(!memcmp(room.at, in->datagram.at, len));
	free(room.start);
}

static void parses_as_expected(const struct input *in)
{
	struct mcpeer_text name = { (const char *)in, 12345 };
	enum mcpeer_wire_verdict verdict;

	verdict = mcpeer_wire_parse(in->datagram, in->prefix, &name);
	check(verdict == expected(in));
	if (verdict != MCPEER_WIRE_OK) {
		check(name.at == (const char *)in && name.len == 12345);
		return;
	}
	check(name.at == in->datagram.at + in->prefix.len);
	check(name.len == in->datagram.len - in->prefix.len);
	check(mcpeer_wire_is_name(name));
	builds_back(in, name);
}

/* The module looks at no more of a datagram than this. */
static void its_beginning_is_enough(const struct input *in)
{
	struct mcpeer_text start = in->datagram, name;
	struct exact copy;

	if (start.len <= MCPEER_WIRE_LOOK)
		return;
	start.len = MCPEER_WIRE_LOOK;
	copy = exact_copy(in->datagram.at, start.len);
	start.at = copy.at;
	check(mcpeer_wire_parse(start, in->prefix, &name) == expected(in));
	free(copy.start);
}

/* The bytes of the datagram as a name. */
static void what_is_built_parses(const struct input *in)
{
	struct mcpeer_text name = in->datagram, found = { NULL, 0 };
	struct mcpeer_text built;
	struct exact room;
	bool good;

	if (name.len > MCPEER_NAME_MAX) {
		check(!mcpeer_wire_is_name(name));
		return;
	}
	room = exact_room(in->prefix.len + name.len);
	built.at = room.at;
	built.len = mcpeer_wire_build(room.at, in->prefix, name);
	check(built.len == in->prefix.len + name.len);
	good = mcpeer_wire_parse(built, in->prefix, &found) == MCPEER_WIRE_OK;
	check(good == mcpeer_wire_is_name(name));
	check(!good || mcpeer_text_equal(found, name));
	free(room.start);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct exact prefix, datagram;
	struct input in;
	size_t skip;

	if (!size)
		return 0;
	in.prefix.len = (data[0] & ~WITH_PREFIX) % (MCPEER_PREFIX_MAX + 1);
	if (in.prefix.len > size - 1)
		in.prefix.len = size - 1;
	skip = 1 + (data[0] & WITH_PREFIX ? 0 : in.prefix.len);
	prefix = exact_copy(data + 1, in.prefix.len);
	datagram = exact_copy(data + skip, size - skip);
	in.prefix.at = prefix.at;
	in.datagram.at = datagram.at;
	in.datagram.len = size - skip;

	parses_as_expected(&in);
	its_beginning_is_enough(&in);
	what_is_built_parses(&in);
	free(prefix.start);
	free(datagram.start);
	return 0;
}
