// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting, without ever being deaf to what should end it: a signal, or the
 * end of whoever reads our output.
 *
 * SIGINT and SIGTERM are let in only while waiting. So none is lost between
 * looking for it and falling asleep, and none cuts a line of output in two.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "compiler.h"
#include "idle.h"

#define IDLE_FDS_MAX	4

static volatile sig_atomic_t stopped;

/* Signals that are let in while waiting. */
static sigset_t open_ears;

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

/**
 * mcpeer_idle_begin - let SIGINT and SIGTERM end the waits from now on
 *
 * A signal that the caller of the command wants ignored stays so.
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_idle_begin(void)
{
	static const int signals[] = { SIGINT, SIGTERM };
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction before;
	sigset_t shut;

	sigemptyset(&shut);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		if (sigaction(signals[i], NULL, &before))
			return -errno;
		if (before.sa_handler == SIG_IGN)
			continue;
		if (sigaction(signals[i], &action, NULL))
			return -errno;
		sigaddset(&shut, signals[i]);
	}
	if (sigprocmask(SIG_BLOCK, &shut, &open_ears))
		return -errno;
	/* Who starts us may have blocked them, as if that were ignoring. */
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigdelset(&open_ears, signals[i]);
	return 0;
}

static enum mcpeer_idle_end wait_for(struct pollfd *fds, int count,
				     int timeout_ms)
{
	struct timespec timeout = {
		.tv_sec = timeout_ms / 1000,
		.tv_nsec = timeout_ms % 1000 * 1000000L,
	};
	struct pollfd *output = &fds[count - 1];
	int ready;

	do {
		ready = ppoll(fds, count, timeout_ms < 0 ? NULL : &timeout,
			      &open_ears);
		if (stopped)
			return MCPEER_IDLE_STOPPED;
	} while (ready < 0 && errno == EINTR);

	/* A pipe without a reader has an error, a socket is hung up. */
	if (ready > 0 && (output->revents & (POLLERR | POLLHUP)))
		return MCPEER_IDLE_UNREAD;
	return MCPEER_IDLE_READY;
}

/**
 * mcpeer_idle_wait - sleep until there is something to read
 * @sources: what to read, at most three; ready is set for each
 * @count: of @sources
 * @timeout_ms: sleep no longer than this, or MCPEER_IDLE_FOREVER
 *
 * Return: what ended the sleep; MCPEER_IDLE_READY after a timeout too.
 */
enum mcpeer_idle_end mcpeer_idle_wait(struct mcpeer_idle_source *sources,
				      int count, int timeout_ms)
{
	struct pollfd all[IDLE_FDS_MAX];
	enum mcpeer_idle_end end;
	int i;

	for (i = 0; i < count; i++)
		all[i] = (struct pollfd) {
			.fd = sources[i].fd,
			.events = POLLIN,
		};
	all[count] = (struct pollfd) { .fd = STDOUT_FILENO };
	end = wait_for(all, count + 1, timeout_ms);
	for (i = 0; i < count; i++)
		sources[i].ready = all[i].revents;
	return end;
}

/**
 * mcpeer_idle_until_writable - sleep until a line can be written
 *
 * Return: what ended the sleep.
 */
enum mcpeer_idle_end mcpeer_idle_until_writable(void)
{
	struct pollfd output = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return wait_for(&output, 1, MCPEER_IDLE_FOREVER);
}
