// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "run.h"
#include "witness.h"

#define GROUP		"239.2.3.4"
#define GROUP6		"ff12::ef02:304"
#define PORT		49001
#define NAME_MAX_LEN	64

#ifndef IP_RECVFRAGSIZE
#define IP_RECVFRAGSIZE	25
#endif
#ifndef IPV6_RECVFRAGSIZE
#define IPV6_RECVFRAGSIZE	77
#endif

#define RECEIVE_BUFFER	67108864
#define BATCH		64

static const char *const family_names[FAMILIES] = { "ipv4", "ipv6" };

static const char *const verdict_names[VERDICTS] = {
	"drop_truncated", "drop_fragmented", "drop_prefix", "drop_empty",
	"drop_too_long", "drop_bad_byte", "drop_source", "own", "shadowed",
	"name",
};

/* Where a datagram came from. */
union source {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static int open_socket(const struct sockaddr *group, socklen_t len)
{
	int fd = socket(group->sa_family, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	if (fd < 0)
		fail("socket");
	set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER);
	if (bind(fd, group, len))
		fail("bind");
	return fd;
}

static int open_ipv4(int ifindex)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr.s_addr = inet_addr(GROUP),
	};
	struct ip_mreqn member = {
		.imr_multiaddr = sin.sin_addr,
		.imr_ifindex = ifindex,
	};
	int fd = open_socket((struct sockaddr *)&sin, sizeof(sin));

	set_option(fd, SOL_IP, IP_RECVFRAGSIZE, 1);
	if (setsockopt(fd, SOL_IP, IP_ADD_MEMBERSHIP, &member,
		       sizeof(member)))
		fail("join");
	return fd;
}

static int open_ipv6(int ifindex)
{
	struct sockaddr_in6 sin6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(PORT),
		.sin6_scope_id = ifindex,
	};
	struct ipv6_mreq member = { .ipv6mr_interface = ifindex };
	int fd;

	inet_pton(AF_INET6, GROUP6, &sin6.sin6_addr);
	member.ipv6mr_multiaddr = sin6.sin6_addr;
	fd = open_socket((struct sockaddr *)&sin6, sizeof(sin6));
	set_option(fd, SOL_IPV6, IPV6_RECVFRAGSIZE, 1);
	if (setsockopt(fd, SOL_IPV6, IPV6_JOIN_GROUP, &member,
		       sizeof(member)))
		fail("join");
	return fd;
}

/**
 * witness_open - begin to listen
 * @witness: the names are set
 * @ifname: on this interface
 */
void witness_open(struct witness *witness, const char *ifname)
{
	int ifindex = if_nametoindex(ifname);

	if (!ifindex)
		fail(ifname);
	witness->fds[IPV4] = open_ipv4(ifindex);
	witness->fds[IPV6] = open_ipv6(ifindex);
}

/* For Linux, 0.0.0.1 is an address like any other. */
static bool is_host4(uint32_t address)
{
	return address && address >> 24 != 127 &&
	       address >> 28 != 0xe && address != 0xffffffff;
}

static bool is_host6(const struct in6_addr *address)
{
	return !IN6_IS_ADDR_UNSPECIFIED(address) &&
	       !IN6_IS_ADDR_LOOPBACK(address) &&
	       !IN6_IS_ADDR_V4MAPPED(address) &&
	       !IN6_IS_ADDR_MULTICAST(address);
}

static bool is_host(const union source *source)
{
	if (source->any.sa_family == AF_INET)
		return is_host4(ntohl(source->v4.sin_addr.s_addr));
	return is_host6(&source->v6.sin6_addr);
}

static enum verdict judge_name(const struct witness *witness,
			       const char *name, const union source *source)
{
	if (!is_host(source))
		return DROP_SOURCE;
	if (!strcmp(name, witness->names.own))
		return OWN;
	if (!strcmp(name, witness->names.local))
		return SHADOWED;
	return NAME;
}

static enum verdict judge(struct witness *witness, enum family family,
			  const char *data, size_t len,
			  const union source *source)
{
	char name[NAME_MAX_LEN + 1];

	if (len < PAYLOAD_PREFIX_LEN)
		return DROP_TRUNCATED;
	if (memcmp(data, PAYLOAD_PREFIX, PAYLOAD_PREFIX_LEN))
		return DROP_PREFIX;
	data += PAYLOAD_PREFIX_LEN;
	len -= PAYLOAD_PREFIX_LEN;
	if (!len)
		return DROP_EMPTY;
	if (len > NAME_MAX_LEN)
		return DROP_TOO_LONG;
	for (size_t i = 0; i < len; i++)
		if (data[i] < '!' || data[i] > '~')
			return DROP_BAD_BYTE;
	memcpy(name, data, len);
	name[len] = '\0';
	witness->barrier[family] |= !strcmp(name, WITNESS_BARRIER);
	return judge_name(witness, name, source);
}

static void listen_by(struct witness *witness, enum family family)
{
	static char data[BATCH][PAYLOAD_PREFIX_LEN + NAME_MAX_LEN + 1];
	static char control[BATCH][CMSG_SPACE(sizeof(int))];
	struct mmsghdr msgs[BATCH] = { };
	union source from[BATCH];
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
		came = recvmmsg(witness->fds[family], msgs, BATCH, MSG_TRUNC,
				NULL);
		if (came < 0 && errno != EAGAIN)
			fail("recvmmsg");
		for (int i = 0; i < came; i++) {
			/* Nothing is told but that it had been in fragments. */
			bool whole = !CMSG_FIRSTHDR(&msgs[i].msg_hdr);
			enum verdict verdict = DROP_FRAGMENTED;

			if (whole)
				verdict = judge(witness, family, data[i],
						msgs[i].msg_len, &from[i]);
			witness->count[family][verdict]++;
		}
	} while (came == BATCH);
}

/**
 * witness_listen - take all that has come
 * @witness: who listens
 */
void witness_listen(struct witness *witness)
{
	for (int family = 0; family < FAMILIES; family++)
		listen_by(witness, family);
}

/**
 * witness_is_done - whether the end was heard
 * @witness: who listens
 *
 * Return: by each family.
 */
bool witness_is_done(const struct witness *witness)
{
	for (int family = 0; family < FAMILIES; family++)
		if (!witness->barrier[family])
			return false;
	return true;
}

/**
 * witness_print - tell how many came of what, by family
 * @witness: who listened
 */
void witness_print(const struct witness *witness)
{
	for (int family = 0; family < FAMILIES; family++)
		for (int i = 0; i < VERDICTS; i++)
			printf("%s_%s %llu\n", family_names[family],
			       verdict_names[i],
			       (unsigned long long)witness->count[family][i]);
}
