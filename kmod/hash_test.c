// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: the hash of names. Its numbers are always the same here, so that a
 * name which shares a hash with another by chance does so in each run.
 */
#include <kunit/test.h>
#include <linux/slab.h>
#include "hash.h"

static void hash_test_fill(struct mcpeer_secret *secret)
{
	u64 number = 1;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(secret->number); i++) {
		number = number * 6364136223846793005ULL + 12345;
		secret->number[i] = number;
	}
}

/* In memory of exactly that length, so that KASAN sees who reads on. */
static char *hash_test_name(struct kunit *test, unsigned int len)
{
	char *name = kunit_kmalloc(test, len, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, name);
	for (i = 0; i < len; i++)
		name[i] = '!' + (i * 7 + len) % 90;
	return name;
}

static u32 hash_test_hash(const struct mcpeer_secret *secret, const char *name,
			  unsigned int len)
{
	return mcpeer_hash_text(secret, (struct mcpeer_text){ name, len });
}

/* Each bit of each byte counts, whatever the length. */
static void hash_test_bits(struct kunit *test)
{
	struct mcpeer_secret secret;
	unsigned int len, bit;
	char *name;
	u32 hash;

	hash_test_fill(&secret);
	for (len = 1; len <= MCPEER_NAME_MAX; len++) {
		name = hash_test_name(test, len);
		hash = hash_test_hash(&secret, name, len);
		for (bit = 0; bit < len * 8; bit++) {
			name[bit / 8] ^= 1 << bit % 8;
			KUNIT_EXPECT_NE_MSG(test, hash,
					    hash_test_hash(&secret, name, len),
					    "length %u, bit %u", len, bit);
			name[bit / 8] ^= 1 << bit % 8;
		}
		KUNIT_EXPECT_EQ(test, hash, hash_test_hash(&secret, name, len));
		kunit_kfree(test, name);
	}
}

/* And so does the length, where all bytes are the same. */
static void hash_test_lengths(struct kunit *test)
{
	u32 hash[MCPEER_NAME_MAX + 1];
	char name[MCPEER_NAME_MAX];
	struct mcpeer_secret secret;
	unsigned int len, other;

	hash_test_fill(&secret);
	memset(name, 0, sizeof(name));
	for (len = 0; len <= MCPEER_NAME_MAX; len++) {
		hash[len] = hash_test_hash(&secret, name, len);
		for (other = 0; other < len; other++)
			KUNIT_EXPECT_NE_MSG(test, hash[len], hash[other],
					    "%u and %u", len, other);
	}
}

/* Each number counts: none is left out, and none stands for another. */
static void hash_test_numbers(struct kunit *test)
{
	char *name = hash_test_name(test, MCPEER_NAME_MAX);
	struct mcpeer_secret secret;
	unsigned int i;
	u32 hash;

	hash_test_fill(&secret);
	hash = hash_test_hash(&secret, name, MCPEER_NAME_MAX);
	for (i = 0; i < ARRAY_SIZE(secret.number); i++) {
		secret.number[i] ^= 1ULL << 40;
		KUNIT_EXPECT_NE_MSG(test, hash,
				    hash_test_hash(&secret, name,
						   MCPEER_NAME_MAX),
				    "number %u", i);
		secret.number[i] ^= 1ULL << 40;
	}
}

static struct kunit_case hash_test_cases[] = {
	KUNIT_CASE(hash_test_bits),
	KUNIT_CASE(hash_test_lengths),
	KUNIT_CASE(hash_test_numbers),
	{}
};

static struct kunit_suite hash_test_suite = {
	.name = "mcpeer_hash",
	.test_cases = hash_test_cases,
};

kunit_test_suite(hash_test_suite);
