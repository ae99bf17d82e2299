// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting, without ever being deaf to what should end it: a signal, or the
 * end of whoever reads our output.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "compiler.h"
#include "idle.h"

/* Signals, the output, and what the caller waits for. */
#define FOUND_MAX	4

/* What is waited for stays in the kernel from one wait to the next. */
static int waiting = -1;

/* Whether writing may have to wait: not if the output is a file. */
static bool output_waits;

/*
 * Where SIGINT and SIGTERM can be read: blocked, none is lost, and none cuts a
 * line of output in two.
 */
static struct mcpeer_idle_source signals = { .fd = -1 };

/* A signal that the caller of the command wants ignored stays so. */
static int take_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM };
	struct sigaction before;
	sigset_t taken;

	sigemptyset(&taken);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (sigaction(numbers[i], NULL, &before))
			return -errno;
		if (before.sa_handler != SIG_IGN)
			sigaddset(&taken, numbers[i]);
	}
	if (sigprocmask(SIG_BLOCK, &taken, NULL))
		return -errno;
	signals.fd = signalfd(-1, &taken, SFD_CLOEXEC);
	if (signals.fd < 0)
		return -errno;
	return mcpeer_idle_watch(&signals);
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
		count = epoll_wait(waiting, found, FOUND_MAX, timeout_ms);
	} while (count < 0 && errno == EINTR);

	for (i = 0; i < count; i++) {
		struct mcpeer_idle_source *source = found[i].data.ptr;

		if (source)
			source->ready = true;
		else
			end = MCPEER_IDLE_UNREAD;
	}
	return signals.ready ? MCPEER_IDLE_STOPPED : end;
}

/**
 * mcpeer_idle_until_writable - sleep until a line can be written
 *
 * Return: what ended the sleep.
 */
enum mcpeer_idle_end mcpeer_idle_until_writable(void)
{
	struct pollfd found[] = {
		{ .fd = STDOUT_FILENO, .events = POLLOUT },
		{ .fd = signals.fd, .events = POLLIN },
	};
	int ready;

	if (!output_waits)
		return MCPEER_IDLE_READY;
	do {
		ready = poll(found, ARRAY_SIZE(found), -1);
	} while (ready < 0 && errno == EINTR);

	if (ready > 0 && found[1].revents)
		return MCPEER_IDLE_STOPPED;
	/* A pipe without a reader has an error, a socket is hung up. */
	if (ready > 0 && (found[0].revents & (POLLERR | POLLHUP)))
		return MCPEER_IDLE_UNREAD;
	return MCPEER_IDLE_READY;
}
