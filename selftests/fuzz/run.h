/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a program that fuzzes the module in the guest is to send, and how far it
 * is.
 *
 * What is sent is numbered, and depends on nothing but the seed and its
 * number, so that any part of a run can be sent again.
 */
#ifndef MCPEER_FUZZ_RUN_H
#define MCPEER_FUZZ_RUN_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* How many are sent between two looks at the clock. */
#define ROUND	64

/* The kernel's log says from time to time what was being sent. */
#define LOG_EVERY	(256 * ROUND)

/**
 * struct run - what is to be sent
 * @seed: of the random numbers
 * @first: number of the first one
 * @count: how many
 * @seconds: or less, if it takes longer than this; 0 for no limit
 * @least: but so many, however slow the machine is
 */
struct run {
	uint64_t seed;
	uint64_t first;
	uint64_t count;
	unsigned int seconds;
	uint64_t least;
};

static inline void fail(const char *what)
{
	perror(what);
	exit(1);
}

static inline void set_option(int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)))
		fail("setsockopt");
}

static inline double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Opened in time: later it may take a privilege that is gone. */
static inline int log_open(void)
{
	return open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
}

/* If the kernel dies, this is the last that is known. */
static inline void log_progress(int log, const char *program,
				const struct run *run, uint64_t number)
{
	if (log >= 0)
		dprintf(log, "%s: seed %llu, from %llu on\n", program,
			(unsigned long long)run->seed,
			(unsigned long long)number);
}

/* Is the time over? @end is when, @done how many were sent. */
static inline bool run_is_over(const struct run *run, double end,
			       uint64_t done)
{
	return run->seconds && done >= run->least && seconds_now() > end;
}

static inline uint64_t parse_number(const char *text)
{
	char *end;
	uint64_t number = strtoull(text, &end, 0);

	if (!*text || *end) {
		fprintf(stderr, "'%s' is not a number\n", text);
		exit(2);
	}
	return number;
}

/* Takes the options -s SEED, -f FIRST, -n COUNT, -t SECONDS. */
static inline bool parse_run(struct run *run, int option, const char *text)
{
	switch (option) {
	case 's':
		run->seed = parse_number(text);
		return true;
	case 'f':
		run->first = parse_number(text);
		return true;
	case 'n':
		run->count = parse_number(text);
		return true;
	case 't':
		run->seconds = parse_number(text);
		return true;
	}
	return false;
}

#endif
