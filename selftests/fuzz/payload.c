// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "payload.h"
#include "random.h"

#define POOL	2000	/* more than the table may hold */

static size_t put(char *to, const char *text)
{
	size_t len = strlen(text);

	memcpy(to, text, len);
	return len;
}

static size_t fill(uint64_t *random, char *to, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = random_within(random, '!', '~');
	return len;
}

/* What comes behind the prefix. */
static size_t make_name(char *to, uint64_t *random, const struct names *names)
{
	static const char *const odd[] = {
		" ", "\n", "host\n", "host\r\n", "a b", "h\xc3\xb6st",
		"\x1b[2J", "\x7f", "\xff", "\xe2\x80\xaehost", "host\t",
	};
	size_t len;

	switch (random_below(random, 16)) {
	default:
		return sprintf(to, "fuzz%u", random_below(random, POOL));
	case 0:
		return fill(random, to, random_within(random, 0, 70));
	case 1:
		return fill(random, to, random_within(random, 63, 66));
	case 2:
		len = random_below(random, 130);
		random_bytes(random, to, len);
		return len;
	case 3:
		return put(to, names->own);
	case 4:
		return put(to, names->local);
	case 5:
		return put(to, odd[random_below(random, ARRAY_SIZE(odd))]);
	case 6:
		len = fill(random, to, random_within(random, 1, 64));
		to[random_below(random, len)] = random_next(random);
		return len;
	case 7:
		return 0;
	}
}

/* The prefix and as many bytes behind it. */
static size_t fill_behind(uint64_t *random, char *to, size_t len)
{
	return PAYLOAD_PREFIX_LEN + fill(random, to + PAYLOAD_PREFIX_LEN, len);
}

/**
 * payload_make - make the payload of what is sent next
 * @to: where it goes
 * @random: the state of the random numbers
 * @names: names that mean something to the listener
 *
 * Return: its length.
 */
size_t payload_make(char to[PAYLOAD_MAX], uint64_t *random,
		    const struct names *names)
{
	size_t len;

	len = put(to, PAYLOAD_PREFIX);
	len += make_name(to + len, random, names);
	switch (random_below(random, 16)) {
	case 0:
		to[random_below(random, PAYLOAD_PREFIX_LEN)] ^=
			1 << random_below(random, 8);
		return len;
	case 1:
		return random_below(random, len + 1);
	case 2:
		len = random_below(random, 200);
		random_bytes(random, to, len);
		return len;
	case 3:
		return fill_behind(random, to, random_below(random, 1400));
	case 4:
		return fill_behind(random, to,
				   random_within(random, 4000,
						 PAYLOAD_MAX -
						 PAYLOAD_PREFIX_LEN));
	default:
		return len;
	}
}

/**
 * payload_make_good - make an announcement with nothing wrong
 * @to: where it goes
 * @name: the name
 *
 * Return: its length.
 */
size_t payload_make_good(char to[PAYLOAD_MAX], const char *name)
{
	return sprintf(to, PAYLOAD_PREFIX "%s", name);
}
