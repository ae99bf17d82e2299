// SPDX-License-Identifier: GPL-2.0
/*
 * burden ON OFF [MEGABYTES]: a process that others suffer from, for ON seconds
 * of each ON + OFF, until it is killed. It does nothing, busily; or goes
 * through so much memory again and again.
 *
 * It is busy with instructions that an emulator has not to emulate, but for
 * counting them: so an hour of them takes minutes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define SECOND		1000000000ull
#define PAGE		4096
#define MEGABYTE	(1024 * 1024)

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

/* Short enough that the time is looked at in time. */
static void idle_busily(void)
{
	int rounds = 100;

	while (rounds--)
		asm volatile(".rept 4000\n\tnop\n\t.endr");
}

/* What compresses to about a half, and is other for each page. */
static void fill(char *page, uint64_t seed)
{
	uint64_t word;

	for (size_t at = 0; at < PAGE; at += 2 * sizeof(word)) {
		seed = seed * 6364136223846793005ull + 1442695040888963407ull;
		word = seed;
		memcpy(page + at, &word, sizeof(word));
	}
}

static void touch(char *memory, size_t size, uint64_t until)
{
	static size_t at;

	for (int i = 0; i < 64; i++) {
		memory[at]++;
		at = (at + PAGE) % size;
		if (now_ns() >= until)
			return;
	}
}

int main(int argc, char **argv)
{
	uint64_t on, off, begin, until;
	struct timespec rest;
	char *memory = NULL;
	size_t size = 0;

	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: burden ON OFF [MEGABYTES]\n");
		return 2;
	}
	on = atoi(argv[1]) * SECOND;
	off = atoi(argv[2]) * SECOND;
	if (argc == 4) {
		size = (size_t)atoi(argv[3]) * MEGABYTE;
		memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (memory == MAP_FAILED) {
			perror("burden");
			return 1;
		}
		for (size_t at = 0; at < size; at += PAGE)
			fill(memory + at, at);
	}
	puts("ready");
	fflush(stdout);
	for (begin = now_ns();; begin += on + off) {
		until = begin + on;
		while (now_ns() < until) {
			if (memory)
				touch(memory, size, until);
			else
				idle_busily();
		}
		until += off;
		rest.tv_sec = until / SECOND;
		rest.tv_nsec = until % SECOND;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &rest, NULL);
	}
}
