// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "peer.h"

#define PEER_MULTIPLIER	0x9e3779b97f4a7c15ull

size_t peer_count;
uint64_t peer_lifetime = 35000000000ull;
void (*peer_on_end)(const struct peer *peer);

static struct peer **table;
static size_t table_size;
static struct peer **heap;
static size_t heap_size;

/* Eight bytes at a time. */
static uint32_t hash_name(const char *name, size_t len)
{
	uint64_t hash = len, word;

	for (; len >= sizeof(word); name += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, name, sizeof(word));
		hash = (hash ^ word) * PEER_MULTIPLIER;
		hash ^= hash >> 32;
	}
	word = 0;
	while (len--)
		word = word << 8 | (unsigned char)name[len];
	hash = (hash ^ word) * PEER_MULTIPLIER;
	return hash >> 32;
}

static bool grow_table(void)
{
	size_t size = table_size ? table_size * 2 : 1024;
	struct peer **grown = calloc(size, sizeof(*grown));
	struct peer *peer, *next;

	if (!grown)
		return false;
	for (size_t i = 0; i < table_size; i++) {
		for (peer = table[i]; peer; peer = next) {
			next = peer->next;
			peer->next = grown[peer->hash & (size - 1)];
			grown[peer->hash & (size - 1)] = peer;
		}
	}
	free(table);
	table = grown;
	table_size = size;
	return true;
}

static bool grow_heap(void)
{
	size_t size = heap_size ? heap_size * 2 : 1024;
	struct peer **grown = realloc(heap, size * sizeof(*grown));

	if (!grown)
		return false;
	heap = grown;
	heap_size = size;
	return true;
}

static void heap_up(size_t at, struct peer *peer)
{
	while (at && heap[(at - 1) / 2]->due > peer->due) {
		heap[at] = heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	heap[at] = peer;
}

static void heap_down(size_t count, struct peer *peer)
{
	size_t at = 0, child;

	while ((child = at * 2 + 1) < count) {
		if (child + 1 < count &&
		    heap[child + 1]->due < heap[child]->due)
			child++;
		if (heap[child]->due >= peer->due)
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = peer;
}

static bool join(const char *name, size_t len, uint32_t hash,
		 struct in_addr addr, uint64_t now)
{
	struct peer *peer;

	if ((peer_count == table_size && !grow_table()) ||
	    (peer_count == heap_size && !grow_heap()))
		return false;
	peer = malloc(sizeof(*peer) + len);
	if (!peer)
		return false;
	*peer = (struct peer) {
		.next = table[hash & (table_size - 1)],
		.deadline = now + peer_lifetime,
		.due = now + peer_lifetime,
		.heard = 1,
		.hash = hash,
		.addr = addr,
		.name_len = len,
	};
	memcpy(peer->name, name, len);
	table[hash & (table_size - 1)] = peer;
	heap_up(peer_count++, peer);
	return true;
}

/* A refresh leaves the heap as it is, as the peer only lives longer. */
bool peer_hear(const char *name, size_t len, struct in_addr addr, uint64_t now)
{
	uint32_t hash = hash_name(name, len);
	struct peer *peer = NULL;

	if (table_size)
		peer = table[hash & (table_size - 1)];
	for (; peer; peer = peer->next) {
		if (peer->hash != hash || peer->name_len != len ||
		    memcmp(peer->name, name, len))
			continue;
		peer->deadline = now + peer_lifetime;
		peer->addr = addr;
		peer->heard++;
		return true;
	}
	return join(name, len, hash, addr, now);
}

static void leave(struct peer *peer)
{
	struct peer **link = &table[peer->hash & (table_size - 1)];

	while (*link != peer)
		link = &(*link)->next;
	*link = peer->next;
	if (peer_on_end)
		peer_on_end(peer);
	free(peer);
}

/* End those whose time has come. */
void peer_expire(uint64_t now)
{
	struct peer *peer;

	while (peer_count && heap[0]->due <= now) {
		peer = heap[0];
		if (peer->deadline > now) {
			peer->due = peer->deadline;
			heap_down(peer_count, peer);
			continue;
		}
		peer_count--;
		if (peer_count)
			heap_down(peer_count, heap[peer_count]);
		leave(peer);
	}
}

/* When to look again, UINT64_MAX for never. */
uint64_t peer_next(void)
{
	return peer_count ? heap[0]->due : UINT64_MAX;
}
