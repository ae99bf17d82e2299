// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting, without ever being deaf to what should end it: a signal, or the
 * end of whoever reads our output.
 *
 * SIGINT and SIGTERM are let in only while waiting. So none is lost between
 * looking for it and falling asleep, and none cuts a line of output in two.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "compiler.h"
#include "idle.h"

#define FOUND_MAX	4

/* What is waited for stays in the kernel from one wait to the next. */
static int waiting = -1;

/* Whether writing may have to wait: not if the output is a file. */
static bool output_waits;

static volatile sig_atomic_t stopped;

/* Signals that are let in while waiting. */
static sigset_t open_ears;

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

/* A signal that the caller of the command wants ignored stays so. */
static int take_signals(void)
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

/* Without being asked for, the end of a reader is told. */
static int watch_output(void)
{
	struct epoll_event event = { .events = 0 };

	if (!epoll_ctl(waiting, EPOLL_CTL_ADD, STDOUT_FILENO, &event))
		output_waits = true;
	else if (errno != EPERM)
		return -errno;
	return 0;
}

/**
 * mcpeer_idle_begin - let signals and the end of our reader end the waits
 *
 * The signals are SIGINT and SIGTERM.
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_idle_begin(void)
{
	int err;

	waiting = epoll_create1(EPOLL_CLOEXEC);
	if (waiting < 0)
		return -errno;
	err = watch_output();
	return err ? err : take_signals();
}

/**
 * mcpeer_idle_watch - wait for something to read, too, from now on
 * @source: what, for ever
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_idle_watch(struct mcpeer_idle_source *source)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = source };

	if (epoll_ctl(waiting, EPOLL_CTL_ADD, source->fd, &event))
		return -errno;
	return 0;
}

/**
 * mcpeer_idle_wait - sleep until there is something to read
 * @timeout_ms: sleep no longer than this, or MCPEER_IDLE_FOREVER
 *
 * Return: what ended the sleep; MCPEER_IDLE_READY after a timeout too.
 */
enum mcpeer_idle_end mcpeer_idle_wait(int timeout_ms)
{
	enum mcpeer_idle_end end = MCPEER_IDLE_READY;
	struct epoll_event found[FOUND_MAX];
	int i, count;

	do {
		count = epoll_pwait(waiting, found, FOUND_MAX, timeout_ms,
				    &open_ears);
		if (stopped)
			return MCPEER_IDLE_STOPPED;
	} while (count < 0 && errno == EINTR);

	for (i = 0; i < count; i++) {
		struct mcpeer_idle_source *source = found[i].data.ptr;

		if (source)
			source->ready = true;
		else
			end = MCPEER_IDLE_UNREAD;
	}
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
	int ready;

	if (!output_waits)
		return MCPEER_IDLE_READY;
	do {
		ready = ppoll(&output, 1, NULL, &open_ears);
		if (stopped)
			return MCPEER_IDLE_STOPPED;
	} while (ready < 0 && errno == EINTR);

	/* A pipe without a reader has an error, a socket is hung up. */
	if (ready > 0 && (output.revents & (POLLERR | POLLHUP)))
		return MCPEER_IDLE_UNREAD;
	return MCPEER_IDLE_READY;
}
