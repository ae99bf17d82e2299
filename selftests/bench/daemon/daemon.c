// SPDX-License-Identifier: GPL-2.0
/*
 * daemon ADDRESS [LIFETIME]: what mcpeer does, as well as it can be done by a
 * process; the fair opponent of the benchmarks. One thread, datagrams by
 * recvmmsg() as many as there are, nothing else for each batch: the signal of a
 * timer interrupts the waiting when the first peer may end. At SIGTERM it tells
 * how many there are and how many datagrams it took.
 *
 * It checks no addresses and bounds nothing, which is in its favour; nor does
 * it tell of changes, unless it is given a lifetime for its peers, in
 * milliseconds: then of the end of each, with its time in nanoseconds.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "peer.h"

#define GROUP		"239.2.3.4"
#define PORT		49001
#define PREFIX		"multitastic:"
#define PREFIX_LEN	(sizeof(PREFIX) - 1)
#define BATCH		64
/* One byte more than a datagram that is good. */
#define ROOM		(PREFIX_LEN + PEER_NAME_MAX + 1)
#define RECEIVE_BUFFER	(64 << 20)
#define SECOND		1000000000ull

static volatile sig_atomic_t stopped;

static struct mmsghdr messages[BATCH];
static struct iovec parts[BATCH];
static struct sockaddr_in senders[BATCH];
static char rooms[BATCH][ROOM];

static void on_signal(int number)
{
	if (number == SIGTERM)
		stopped = 1;
}

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static bool is_graphic(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (name[i] < 0x21 || name[i] > 0x7e)
			return false;
	return true;
}

static void take(const char *data, size_t len, struct in_addr from,
		 uint64_t now)
{
	const char *name = data + PREFIX_LEN;

	if (len <= PREFIX_LEN || len > PREFIX_LEN + PEER_NAME_MAX ||
	    memcmp(data, PREFIX, PREFIX_LEN))
		return;
	len -= PREFIX_LEN;
	if (is_graphic(name, len))
		peer_hear(name, len, from, now);
}

static void tell_end(const struct peer *peer)
{
	printf("%llu %.*s\n", (unsigned long long)now_ns(CLOCK_MONOTONIC),
	       peer->name_len, peer->name);
	fflush(stdout);
}

/* Should a signal come right before we wait, the next one comes soon. */
static void arm(timer_t timer)
{
	uint64_t next = peer_next();
	struct itimerspec when = {
		.it_value.tv_sec = next / SECOND,
		.it_value.tv_nsec = next % SECOND,
		.it_interval.tv_nsec = SECOND / 10,
	};
	const struct itimerspec never = { .it_value.tv_sec = 0 };

	timer_settime(timer, TIMER_ABSTIME, next == UINT64_MAX ? &never : &when,
		      NULL);
}

static int open_socket(const char *address)
{
	struct sockaddr_in group = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr.s_addr = inet_addr(GROUP),
	};
	struct ip_mreqn membership = {
		.imr_multiaddr = group.sin_addr,
		.imr_address.s_addr = inet_addr(address),
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int on = 1, size = RECEIVE_BUFFER;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(fd, (struct sockaddr *)&group, sizeof(group)) ||
	    setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership,
		       sizeof(membership)))
		return -1;
	return fd;
}

static void prepare(void)
{
	for (int i = 0; i < BATCH; i++) {
		parts[i].iov_base = rooms[i];
		parts[i].iov_len = ROOM;
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
		messages[i].msg_hdr.msg_name = &senders[i];
		messages[i].msg_hdr.msg_namelen = sizeof(senders[i]);
	}
}

static uint64_t serve(int fd, timer_t timer)
{
	uint64_t taken = 0, now;
	bool armed = false;
	int count;

	while (!stopped) {
		count = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
		/* The coarse clock may not have reached the timer's time. */
		now = now_ns(count < 0 ? CLOCK_MONOTONIC :
					 CLOCK_MONOTONIC_COARSE);
		for (int i = 0; i < count; i++)
			take(rooms[i], messages[i].msg_len,
			     senders[i].sin_addr, now);
		if (count > 0)
			taken += count;
		if (count < 0 || peer_next() <= now) {
			peer_expire(now);
			armed = false;
		}
		if (!armed && peer_count) {
			arm(timer);
			armed = true;
		}
	}
	return taken;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	timer_t timer;
	uint64_t taken;
	int fd;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: daemon ADDRESS [LIFETIME]\n");
		return 2;
	}
	if (argc == 3) {
		peer_lifetime = atoi(argv[2]) * (SECOND / 1000);
		peer_on_end = tell_end;
	}
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	fd = open_socket(argv[1]);
	if (fd < 0 || timer_create(CLOCK_MONOTONIC, NULL, &timer)) {
		perror("daemon");
		return 1;
	}
	prepare();
	puts("ready");
	fflush(stdout);
	taken = serve(fd, timer);
	printf("%zu %llu\n", peer_count, (unsigned long long)taken);
	return 0;
}
