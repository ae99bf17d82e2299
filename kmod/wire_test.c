// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: the datagram and the text in it, at every boundary. The sources are
 * included, as mcpeer.ko exports nothing.
 *
 * Each text lies in memory of exactly its length, so that KASAN sees a byte
 * read behind it.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include "text.c"
#include "wire.c"

/* A copy of the first @len bytes of @bytes that ends where they do. */
static struct mcpeer_text wire_test_text(struct kunit *test, const char *bytes,
					 unsigned int len)
{
	/* Of no bytes at all kmalloc() makes a pointer that faults. */
	char *at = kunit_kmalloc(test, len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, at);
	memcpy(at, bytes, len);
	return (struct mcpeer_text){ at, len };
}

static struct mcpeer_text wire_test_run(struct kunit *test, char byte,
					unsigned int len)
{
	char bytes[2 * MCPEER_WIRE_LOOK];

	KUNIT_ASSERT_LE(test, len, sizeof(bytes));
	memset(bytes, byte, len);
	return wire_test_text(test, bytes, len);
}

/* A datagram with so long a prefix and a name, which may be too long. */
static struct mcpeer_text wire_test_datagram(struct kunit *test,
					     unsigned int prefix,
					     unsigned int name)
{
	char bytes[2 * MCPEER_WIRE_LOOK];

	KUNIT_ASSERT_LE(test, prefix + name, sizeof(bytes));
	memset(bytes, 'p', prefix);
	memset(bytes + prefix, 'n', name);
	return wire_test_text(test, bytes, prefix + name);
}

static bool wire_test_is_good(unsigned int byte)
{
	return byte > ' ' && byte < 0x7f;
}

static void wire_test_name_length(struct kunit *test)
{
	unsigned int len;

	for (len = 0; len <= MCPEER_WIRE_LOOK; len++)
		KUNIT_EXPECT_EQ_MSG(test,
				    mcpeer_wire_is_name(wire_test_run(test, 'n',
								      len)),
				    len >= 1 && len <= MCPEER_NAME_MAX,
				    "%u bytes", len);
}

/* One bad byte spoils a name wherever it is. */
static void wire_test_name_bytes(struct kunit *test)
{
	static const unsigned int places[] = { 0, 1, 31, 62, 63 };
	unsigned int byte, i;
	char bytes[MCPEER_NAME_MAX];
	struct mcpeer_text name;

	for (byte = 0; byte <= 0xff; byte++) {
		for (i = 0; i < ARRAY_SIZE(places); i++) {
			memset(bytes, 'n', sizeof(bytes));
			bytes[places[i]] = byte;
			name = wire_test_text(test, bytes, sizeof(bytes));
			KUNIT_EXPECT_EQ_MSG(test, mcpeer_wire_is_name(name),
					    wire_test_is_good(byte),
					    "0x%02x at %u", byte, places[i]);
			kunit_kfree(test, (void *)name.at);
		}
	}
}

/* The same for each length up to three words, at each place. */
static void wire_test_name_places(struct kunit *test)
{
	static const u8 edges[] = { 0, 0x20, 0x21, 0x7e, 0x7f, 0x80, 0xff };
	unsigned int len, at, i;
	struct mcpeer_text name;
	char bytes[24];

	for (len = 1; len <= sizeof(bytes); len++) {
		for (at = 0; at < len; at++) {
			for (i = 0; i < ARRAY_SIZE(edges); i++) {
				memset(bytes, '!', sizeof(bytes));
				bytes[at] = edges[i];
				name = wire_test_text(test, bytes, len);
				KUNIT_EXPECT_EQ_MSG(test,
						    mcpeer_wire_is_name(name),
						    wire_test_is_good(edges[i]),
						    "0x%02x at %u of %u",
						    edges[i], at, len);
				kunit_kfree(test, (void *)name.at);
			}
		}
	}
}

static enum mcpeer_wire_verdict wire_test_verdict(unsigned int prefix,
						  unsigned int len)
{
	if (len < prefix)
		return MCPEER_WIRE_TRUNCATED;
	if (len == prefix)
		return MCPEER_WIRE_EMPTY;
	if (len > prefix + MCPEER_NAME_MAX)
		return MCPEER_WIRE_TOO_LONG;
	return MCPEER_WIRE_OK;
}

/* Each length of prefix with each length of datagram. */
static void wire_test_parse_lengths(struct kunit *test)
{
	struct mcpeer_text prefix, datagram, name;
	enum mcpeer_wire_verdict verdict;
	unsigned int p, len;

	for (p = 1; p <= MCPEER_PREFIX_MAX; p++) {
		prefix = wire_test_run(test, 'p', p);
		for (len = 0; len <= MCPEER_WIRE_LOOK; len++) {
			datagram = wire_test_datagram(test, min(p, len),
						      len - min(p, len));
			name = (struct mcpeer_text){ NULL, 0 };
			verdict = mcpeer_wire_parse(datagram, prefix, &name);
			KUNIT_EXPECT_EQ_MSG(test, verdict,
					    wire_test_verdict(p, len),
					    "prefix %u, datagram %u", p, len);
			if (verdict == MCPEER_WIRE_OK) {
				KUNIT_EXPECT_PTR_EQ(test, name.at,
						    datagram.at + p);
				KUNIT_EXPECT_EQ(test, name.len, len - p);
			} else {
				KUNIT_EXPECT_NULL(test, name.at);
			}
			kunit_kfree(test, (void *)datagram.at);
		}
		kunit_kfree(test, (void *)prefix.at);
	}
}

static enum mcpeer_wire_verdict wire_test_parse(struct kunit *test,
						struct mcpeer_text prefix,
						const char *bytes,
						unsigned int len)
{
	struct mcpeer_text datagram = wire_test_text(test, bytes, len), name;

	return mcpeer_wire_parse(datagram, prefix, &name);
}

/* The prefix has to be there with each of its bits. */
static void wire_test_parse_prefix(struct kunit *test)
{
	static const char good[] = "multitastic:n";
	struct mcpeer_text prefix = wire_test_text(test, good, 12);
	char bytes[sizeof(good)];
	unsigned int bit;

	KUNIT_EXPECT_EQ(test, wire_test_parse(test, prefix, good, 13),
			MCPEER_WIRE_OK);
	for (bit = 0; bit < 12 * 8; bit++) {
		memcpy(bytes, good, sizeof(good));
		bytes[bit / 8] ^= 1 << bit % 8;
		KUNIT_EXPECT_EQ_MSG(test,
				    wire_test_parse(test, prefix, bytes, 13),
				    MCPEER_WIRE_PREFIX, "bit %u", bit);
	}
	/* What is shorter than the prefix is so whatever it begins with. */
	KUNIT_EXPECT_EQ(test, wire_test_parse(test, prefix, "Multi", 5),
			MCPEER_WIRE_TRUNCATED);
	/* Once more it is a name. */
	KUNIT_EXPECT_EQ(test,
			wire_test_parse(test, prefix,
					"multitastic:multitastic:", 24),
			MCPEER_WIRE_OK);
}

static void wire_test_parse_bytes(struct kunit *test)
{
	static const unsigned int places[] = { 2, 3, 65 };
	struct mcpeer_text prefix = wire_test_run(test, 'p', 2);
	struct mcpeer_text datagram, name;
	char bytes[2 + MCPEER_NAME_MAX];
	unsigned int byte, i;

	for (byte = 0; byte <= 0xff; byte++) {
		for (i = 0; i < ARRAY_SIZE(places); i++) {
			memset(bytes, 'p', sizeof(bytes));
			bytes[places[i]] = byte;
			datagram = wire_test_text(test, bytes, sizeof(bytes));
			KUNIT_EXPECT_EQ_MSG(test,
					    mcpeer_wire_parse(datagram, prefix,
							      &name),
					    wire_test_is_good(byte) ?
					    MCPEER_WIRE_OK :
					    MCPEER_WIRE_BAD_BYTE,
					    "0x%02x at %u", byte, places[i]);
			kunit_kfree(test, (void *)datagram.at);
		}
	}
}

/* What is built is read back, and nothing is written behind it. */
static void wire_test_build_parse(struct kunit *test)
{
	struct mcpeer_text prefix, name, back;
	char bytes[MCPEER_WIRE_MAX + 1];
	unsigned int p, n, len;

	for (p = 1; p <= MCPEER_PREFIX_MAX; p++) {
		for (n = 1; n <= MCPEER_NAME_MAX; n++) {
			prefix = wire_test_run(test, 'p', p);
			name = wire_test_run(test, 'n', n);
			memset(bytes, 0, sizeof(bytes));
			len = mcpeer_wire_build(bytes, prefix, name);
			KUNIT_EXPECT_EQ(test, len, p + n);
			KUNIT_EXPECT_EQ(test, strlen(bytes), p + n);
			KUNIT_EXPECT_EQ(test,
					mcpeer_wire_parse(wire_test_text(test,
									 bytes,
									 len),
							  prefix, &back),
					MCPEER_WIRE_OK);
			KUNIT_EXPECT_TRUE(test, mcpeer_text_equal(back, name));
			kunit_kfree(test, (void *)prefix.at);
			kunit_kfree(test, (void *)name.at);
		}
	}
}

static struct kunit_case wire_test_cases[] = {
	KUNIT_CASE(wire_test_name_length),
	KUNIT_CASE(wire_test_name_bytes),
	KUNIT_CASE(wire_test_name_places),
	KUNIT_CASE(wire_test_parse_lengths),
	KUNIT_CASE(wire_test_parse_prefix),
	KUNIT_CASE(wire_test_parse_bytes),
	KUNIT_CASE(wire_test_build_parse),
	{}
};

static struct kunit_suite wire_test_suite = {
	.name = "mcpeer_wire",
	.test_cases = wire_test_cases,
};

/* --- text --- */

static void text_test_equal(struct kunit *test)
{
	struct mcpeer_text anna = wire_test_text(test, "anna", 4);
	struct mcpeer_text same = wire_test_text(test, "anna", 4);
	struct mcpeer_text less = wire_test_text(test, "ann", 3);
	struct mcpeer_text other = wire_test_text(test, "annb", 4);
	struct mcpeer_text none = wire_test_text(test, "", 0);

	KUNIT_EXPECT_TRUE(test, mcpeer_text_equal(anna, same));
	KUNIT_EXPECT_FALSE(test, mcpeer_text_equal(anna, less));
	KUNIT_EXPECT_FALSE(test, mcpeer_text_equal(less, anna));
	KUNIT_EXPECT_FALSE(test, mcpeer_text_equal(anna, other));
	KUNIT_EXPECT_FALSE(test, mcpeer_text_equal(anna, none));
	KUNIT_EXPECT_TRUE(test, mcpeer_text_equal(none, none));
}

/* The code point as UTF-8 would have it, even if UTF-8 may not have it. */
static unsigned int text_test_encode(u32 point, unsigned int len, char *bytes)
{
	unsigned int i;

	if (len == 1) {
		bytes[0] = point;
		return 1;
	}
	for (i = len - 1; i; i--) {
		bytes[i] = 0x80 | (point & 0x3f);
		point >>= 6;
	}
	bytes[0] = (0xf00 >> len) | point;
	return len;
}

static unsigned int text_test_length(u32 point)
{
	if (point < 0x80)
		return 1;
	if (point < 0x800)
		return 2;
	return point < 0x10000 ? 3 : 4;
}

/* In exactly its own form; in a longer one or cut off not. */
static void text_test_point(struct kunit *test, char * const room[5],
			    u32 point, bool good)
{
	unsigned int least = text_test_length(point), len, cut;
	struct mcpeer_text text;
	char bytes[4];

	for (len = least; len <= 4; len++) {
		text_test_encode(point, len, bytes);
		for (cut = 1; cut <= len; cut++) {
			memcpy(room[cut], bytes, cut);
			text = (struct mcpeer_text){ room[cut], cut };
			KUNIT_EXPECT_EQ_MSG(test, mcpeer_text_is_utf8(text),
					    good && len == least && cut == len,
					    "U+%04x in %u bytes, %u of them",
					    point, len, cut);
		}
	}
}

static void text_test_utf8_points(struct kunit *test)
{
	char *room[5];
	u32 point;

	/* Too many for each of them to have memory of its own. */
	for (point = 1; point <= 4; point++) {
		room[point] = kunit_kmalloc(test, point, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, room[point]);
	}
	for (point = 0; point < 0x110000; point += point < 0x1000 ? 1 : 251)
		text_test_point(test, room, point,
				point && (point < 0xd800 || point > 0xdfff));
	for (point = 0xd7f0; point < 0xe010; point++)
		text_test_point(test, room, point,
				point < 0xd800 || point > 0xdfff);
	for (point = 0xfff0; point < 0x10010; point++)
		text_test_point(test, room, point, true);
	for (point = 0x10fff0; point < 0x110010; point++)
		text_test_point(test, room, point, point < 0x110000);
}

/*
 * Of all pairs of bytes those are well-formed that are two ASCII characters
 * but NUL, or one of the 1920 code points from U+0080 to U+07FF.
 */
static void text_test_utf8_pairs(struct kunit *test)
{
	unsigned int pair, count = 0;
	char bytes[2];

	for (pair = 0; pair <= 0xffff; pair++) {
		bytes[0] = pair >> 8;
		bytes[1] = pair;
		count += mcpeer_text_is_utf8((struct mcpeer_text){ bytes, 2 });
	}
	KUNIT_EXPECT_EQ(test, count, 127 * 127 + 1920);
}

/* Bytes that no well-formed text has, and sequences that one spoils. */
static void text_test_utf8_broken(struct kunit *test)
{
	static const char * const broken[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xf5\x80\x80\x80",
		"\xfe", "\xff", "\xe2\x82\x41", "\xf0\x9f\x41\x80",
		"\xf0\x9f\x98\x41", "\xe2\x82\xc0", "\xf0\x9f\x98\xc0",
		"\xf4\x90\x80\x80", "abc\xc3", "\xc3\xa4\xa4",
	};
	struct mcpeer_text text;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(broken); i++) {
		text = wire_test_text(test, broken[i], strlen(broken[i]));
		KUNIT_EXPECT_FALSE_MSG(test, mcpeer_text_is_utf8(text),
				       "number %u", i);
	}
	text = wire_test_text(test, "a\0b", 3);
	KUNIT_EXPECT_FALSE(test, mcpeer_text_is_utf8(text));
	text = wire_test_text(test, "", 0);
	KUNIT_EXPECT_TRUE(test, mcpeer_text_is_utf8(text));
	text = wire_test_text(test, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z",
			      10);
	KUNIT_EXPECT_TRUE(test, mcpeer_text_is_utf8(text));
}

static struct kunit_case text_test_cases[] = {
	KUNIT_CASE(text_test_equal),
	KUNIT_CASE(text_test_utf8_points),
	KUNIT_CASE(text_test_utf8_pairs),
	KUNIT_CASE(text_test_utf8_broken),
	{}
};

static struct kunit_suite text_test_suite = {
	.name = "mcpeer_text",
	.test_cases = text_test_cases,
};

kunit_test_suites(&wire_test_suite, &text_test_suite);

MODULE_DESCRIPTION("KUnit tests of mcpeer");
MODULE_LICENSE("GPL");
