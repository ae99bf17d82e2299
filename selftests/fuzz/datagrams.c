// SPDX-License-Identifier: GPL-2.0
/*
 * datagrams [-s SEED] [-f FIRST] [-n COUNT] [-t SECONDS] -N NETNS -i IFNAME
 *	-o OWN -l LOCAL: send frames from the interface IFNAME of another
 * network namespace to the group, a third of them by IPv6, and listen here as
 * any program can, on the interface of that name, with the name that this host
 * announces and one that is registered here.
 *
 * Prints how many were sent, and how many datagrams came out here that the
 * module should have counted as what. It has to have seen the very same ones:
 * the kernel hands a multicast datagram to each socket.
 */
#include <getopt.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>

#include "frame.h"
#include "inet4.h"
#include "inet6.h"
#include "random.h"
#include "run.h"
#include "witness.h"

#define WAIT_SECONDS	30

static int open_sender(const char *netns, const char *ifname)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
	};
	int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int there = open(netns, O_RDONLY | O_CLOEXEC);
	int fd;

	if (here < 0 || there < 0 || setns(there, CLONE_NEWNET))
		fail(netns);
	/* Of no protocol until it is bound: it need not hear anything. */
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	to.sll_ifindex = if_nametoindex(ifname);
	if (fd < 0 || !to.sll_ifindex)
		fail(ifname);
	set_option(fd, SOL_PACKET, PACKET_VNET_HDR, 1);
	set_option(fd, SOL_PACKET, PACKET_QDISC_BYPASS, 1);
	if (bind(fd, (struct sockaddr *)&to, sizeof(to)))
		fail("bind");
	if (setns(here, CLONE_NEWNET))
		fail("setns");
	close(here);
	close(there);
	return fd;
}

/* Returns how many were sent: not all of them pass for frames. */
static unsigned int send_all(int fd, const struct frame *frames, size_t count)
{
	struct mmsghdr msgs[ROUND * FRAMES_MAX] = { };
	struct iovec vec[ROUND * FRAMES_MAX][2];
	unsigned int sent = 0, done = 0;

	for (size_t i = 0; i < count; i++) {
		vec[i][0].iov_base = (void *)&frames[i].vnet;
		vec[i][0].iov_len = sizeof(frames[i].vnet);
		vec[i][1].iov_base = (void *)frames[i].bytes;
		vec[i][1].iov_len = frames[i].len;
		msgs[i].msg_hdr.msg_iov = vec[i];
		msgs[i].msg_hdr.msg_iovlen = 2;
	}
	while (done < count) {
		int now = sendmmsg(fd, msgs + done, count - done, 0);

		if (now > 0) {
			sent += now;
			done += now;
		} else {
			done++;
		}
	}
	return sent;
}

/* All that was sent before it has come, as soon as it has. */
static void wait_for_all(int fd, struct witness *witness)
{
	double end = seconds_now() + WAIT_SECONDS;
	static struct frame frames[FAMILIES];
	struct pollfd wait[FAMILIES];

	for (int i = 0; i < FAMILIES; i++)
		wait[i] = (struct pollfd) {
			.fd = witness->fds[i],
			.events = POLLIN,
		};
	inet4_make_good(&frames[IPV4], WITNESS_BARRIER);
	inet6_make_good(&frames[IPV6], WITNESS_BARRIER);
	if (send_all(fd, frames, FAMILIES) != FAMILIES)
		fail("sending");
	for (;;) {
		witness_listen(witness);
		if (witness_is_done(witness))
			return;
		if (seconds_now() > end) {
			fprintf(stderr, "the barrier did not come\n");
			exit(1);
		}
		poll(wait, FAMILIES, 100);
	}
}

/* On one CPU all that is sent is received in its order. */
static void stay_on_a_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static size_t make(struct frame *frames, uint64_t random,
		   const struct names *names)
{
	if (random_one_in(&random, 3))
		return inet6_make(frames, &random, names);
	return inet4_make(frames, &random, names);
}

static void run_all(const struct run *run, int fd, struct witness *witness)
{
	static struct frame frames[ROUND * FRAMES_MAX];
	double end = seconds_now() + run->seconds;
	uint64_t number, sent = 0, made = 0;
	int log = log_open();

	for (number = run->first; number - run->first < run->count;) {
		size_t count = 0;

		if ((number - run->first) % LOG_EVERY == 0)
			log_progress(log, "datagrams", run, number);
		do {
			uint64_t random = random_start(run->seed, number++);

			count += make(frames + count, random, &witness->names);
		} while ((number - run->first) % ROUND &&
			 number - run->first < run->count);
		made += count;
		sent += send_all(fd, frames, count);
		witness_listen(witness);
		if (run_is_over(run, end, number - run->first))
			break;
	}
	wait_for_all(fd, witness);
	printf("datagrams %llu\nframes %llu\nsent %llu\n",
	       (unsigned long long)(number - run->first),
	       (unsigned long long)made, (unsigned long long)sent);
	witness_print(witness);
}

int main(int argc, char **argv)
{
	struct run run = { .seed = 1, .count = UINT64_MAX, .least = 4096 };
	const char *netns = NULL, *ifname = NULL;
	struct witness witness = { };
	int option;

	while ((option = getopt(argc, argv, "s:f:n:t:N:i:o:l:")) >= 0) {
		if (parse_run(&run, option, optarg))
			continue;
		switch (option) {
		case 'N':
			netns = optarg;
			break;
		case 'i':
			ifname = optarg;
			break;
		case 'o':
			witness.names.own = optarg;
			break;
		case 'l':
			witness.names.local = optarg;
			break;
		default:
			return 2;
		}
	}
	if (!netns || !ifname || !witness.names.own || !witness.names.local) {
		fprintf(stderr, "-N, -i, -o and -l are needed\n");
		return 2;
	}
	stay_on_a_cpu();
	witness_open(&witness, ifname);
	run_all(&run, open_sender(netns, ifname), &witness);
	return 0;
}
