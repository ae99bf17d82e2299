// SPDX-License-Identifier: GPL-2.0
/*
 * datagrams [-s SEED] [-f FIRST] [-n COUNT] [-t SECONDS] -N NETNS -i IFNAME
 *	-a ADDRESS -o OWN -l LOCAL: send frames from the interface IFNAME of
 * another network namespace to the group, and listen here as any program can,
 * with the address of the interface to listen on, the name that this host
 * announces and one that is registered here.
 *
 * Prints how many were sent, and how many datagrams came out here that the
 * module should have counted as what. It has to have seen the very same ones:
 * the kernel hands a multicast datagram to each socket.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>

#include "frame.h"
#include "inet4.h"
#include "random.h"
#include "run.h"

#define GROUP		"239.2.3.4"
#define PORT		49001
#define PREFIX		"multitastic:"
#define PREFIX_LEN	(sizeof(PREFIX) - 1)
#define NAME_MAX_LEN	64
#define BARRIER		"the-end"

#ifndef IP_RECVFRAGSIZE
#define IP_RECVFRAGSIZE	25
#endif

#define RECEIVE_BUFFER	67108864
#define BATCH		64
#define WAIT_SECONDS	30

/* What becomes of a datagram; as the counters are named. */
enum verdict {
	DROP_TRUNCATED,
	DROP_FRAGMENTED,
	DROP_PREFIX,
	DROP_EMPTY,
	DROP_TOO_LONG,
	DROP_BAD_BYTE,
	DROP_SOURCE,
	OWN,
	CONFLICT,
	SHADOWED,
	NAME,
	VERDICTS
};

static const char *const verdict_names[VERDICTS] = {
	"drop_truncated", "drop_fragmented", "drop_prefix", "drop_empty",
	"drop_too_long", "drop_bad_byte", "drop_source", "own", "conflict",
	"shadowed", "name",
};

/**
 * struct witness - who listens beside the module
 * @fd: socket
 * @names: names that mean something here
 * @address: of the interface
 * @barrier: the announcement that is sent last was heard
 * @count: by verdict
 */
struct witness {
	int fd;
	struct names names;
	struct in_addr address;
	bool barrier;
	uint64_t count[VERDICTS];
};

static void set_option(int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)))
		fail("setsockopt");
}

static void open_witness(struct witness *witness)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr.s_addr = inet_addr(GROUP),
	};
	struct ip_mreq member = {
		.imr_multiaddr = sin.sin_addr,
		.imr_interface = witness->address,
	};

	witness->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (witness->fd < 0)
		fail("socket");
	set_option(witness->fd, SOL_SOCKET, SO_REUSEADDR, 1);
	set_option(witness->fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER);
	set_option(witness->fd, SOL_IP, IP_RECVFRAGSIZE, 1);
	if (bind(witness->fd, (struct sockaddr *)&sin, sizeof(sin)))
		fail("bind");
	if (setsockopt(witness->fd, SOL_IP, IP_ADD_MEMBERSHIP, &member,
		       sizeof(member)))
		fail("join");
}

/* For Linux, 0.0.0.1 is an address like any other. */
static bool is_host(uint32_t address)
{
	return address && address >> 24 != 127 &&
	       address >> 28 != 0xe && address != 0xffffffff;
}

static enum verdict judge_name(struct witness *witness, const char *bytes,
			       size_t len, struct in_addr source)
{
	char name[NAME_MAX_LEN + 1];

	memcpy(name, bytes, len);
	name[len] = '\0';
	witness->barrier |= !strcmp(name, BARRIER);
	if (!is_host(ntohl(source.s_addr)))
		return DROP_SOURCE;
	if (!strcmp(name, witness->names.own))
		return source.s_addr == witness->address.s_addr ? OWN :
								  CONFLICT;
	if (!strcmp(name, witness->names.local))
		return SHADOWED;
	return NAME;
}

static enum verdict judge(struct witness *witness, const char *data,
			  size_t len, bool was_fragmented,
			  struct in_addr source)
{
	if (was_fragmented)
		return DROP_FRAGMENTED;
	if (len < PREFIX_LEN)
		return DROP_TRUNCATED;
	if (memcmp(data, PREFIX, PREFIX_LEN))
		return DROP_PREFIX;
	data += PREFIX_LEN;
	len -= PREFIX_LEN;
	if (!len)
		return DROP_EMPTY;
	if (len > NAME_MAX_LEN)
		return DROP_TOO_LONG;
	for (size_t i = 0; i < len; i++)
		if (data[i] < '!' || data[i] > '~')
			return DROP_BAD_BYTE;
	return judge_name(witness, data, len, source);
}

/* Takes all that has come. */
static void listen_all(struct witness *witness)
{
	static char data[BATCH][PREFIX_LEN + NAME_MAX_LEN + 1];
	static char control[BATCH][CMSG_SPACE(sizeof(int))];
	struct mmsghdr msgs[BATCH] = { };
	struct sockaddr_in from[BATCH];
	struct iovec vec[BATCH];
	int came;

	do {
		for (int i = 0; i < BATCH; i++) {
			vec[i].iov_base = data[i];
			vec[i].iov_len = sizeof(data[i]);
			msgs[i].msg_hdr = (struct msghdr) {
				.msg_name = &from[i],
				.msg_namelen = sizeof(from[i]),
				.msg_iov = &vec[i],
				.msg_iovlen = 1,
				.msg_control = control[i],
				.msg_controllen = sizeof(control[i]),
			};
		}
		came = recvmmsg(witness->fd, msgs, BATCH, MSG_TRUNC, NULL);
		if (came < 0 && errno != EAGAIN)
			fail("recvmmsg");
		for (int i = 0; i < came; i++) {
			bool was_fragmented = CMSG_FIRSTHDR(&msgs[i].msg_hdr);
			enum verdict verdict;

			verdict = judge(witness, data[i], msgs[i].msg_len,
					was_fragmented, from[i].sin_addr);
			witness->count[verdict]++;
		}
	} while (came == BATCH);
}

static int open_sender(const char *netns, const char *ifname)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
	};
	int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int there = open(netns, O_RDONLY | O_CLOEXEC);
	int fd;

	if (here < 0 || there < 0 || setns(there, CLONE_NEWNET))
		fail(netns);
	/* Of no protocol until it is bound: it need not hear anything. */
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	to.sll_ifindex = if_nametoindex(ifname);
	to.sll_protocol = 0;
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
	struct pollfd wait = { .fd = witness->fd, .events = POLLIN };
	double end = seconds_now() + WAIT_SECONDS;
	static struct frame frame;

	inet4_make_good(&frame, BARRIER);
	if (send_all(fd, &frame, 1) != 1)
		fail("sending");
	for (;;) {
		listen_all(witness);
		if (witness->barrier)
			return;
		if (seconds_now() > end) {
			fprintf(stderr, "the barrier did not come\n");
			exit(1);
		}
		poll(&wait, 1, 100);
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

			count += inet4_make(frames + count, &random,
					    &witness->names);
		} while ((number - run->first) % ROUND &&
			 number - run->first < run->count);
		made += count;
		sent += send_all(fd, frames, count);
		listen_all(witness);
		if (run_is_over(run, end, number - run->first))
			break;
	}
	wait_for_all(fd, witness);
	printf("datagrams %llu\nframes %llu\nsent %llu\n",
	       (unsigned long long)(number - run->first),
	       (unsigned long long)made, (unsigned long long)sent);
	for (int i = 0; i < VERDICTS; i++)
		printf("%s %llu\n", verdict_names[i],
		       (unsigned long long)witness->count[i]);
}

int main(int argc, char **argv)
{
	struct run run = { .seed = 1, .count = UINT64_MAX, .least = 4096 };
	const char *netns = NULL, *ifname = NULL;
	struct witness witness = { };
	int option;

	while ((option = getopt(argc, argv, "s:f:n:t:N:i:a:o:l:")) >= 0) {
		if (parse_run(&run, option, optarg))
			continue;
		switch (option) {
		case 'N':
			netns = optarg;
			break;
		case 'i':
			ifname = optarg;
			break;
		case 'a':
			inet_aton(optarg, &witness.address);
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
	if (!netns || !ifname || !witness.names.own || !witness.names.local ||
	    !witness.address.s_addr) {
		fprintf(stderr, "-N, -i, -a, -o and -l are needed\n");
		return 2;
	}
	stay_on_a_cpu();
	open_witness(&witness);
	run_all(&run, open_sender(netns, ifname), &witness);
	return 0;
}
