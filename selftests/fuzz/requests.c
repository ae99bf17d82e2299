// SPDX-License-Identifier: GPL-2.0
/*
 * requests [-s SEED] [-f FIRST] [-n COUNT] [-t SECONDS] [-o UID] [-u UID]:
 * send requests made from the specification, which is read from stdin as
 * spec_read() says, and see that each gets the answer it has to get. The
 * socket is opened by one user (-o) and used by another (-u); requests may
 * change something only if both are root.
 *
 * Prints how many came to what. Exit 1 with the datagram if an answer is
 * missing, wrong, or one too many.
 */
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "array.h"
#include "random.h"
#include "request.h"
#include "run.h"

#define RECEIVE_BUFFER	1048576
#define ANSWER_SECONDS	60
#define BARRIER_SEQ	0xffffffff
#define SENTENCE_LEAST	8

/* What came of a message so far. */
enum answered { NOTHING, REPLIED, DUMPING, ENDED };

/**
 * struct answer - what the kernel said to a message
 * @answered: how far it got
 * @ends: how many errors, acknowledgements and ends of dumps
 * @error: its error number, positive
 * @by_policy: the error is one of the policy
 * @sentence: the error came with a sentence
 */
struct answer {
	enum answered answered;
	unsigned int ends;
	int error;
	bool by_policy;
	bool sentence;
};

/**
 * struct datagram - what is being sent
 * @number: its number
 * @len: of @bytes
 * @bytes: one or more messages
 * @count: of @expected and @answers
 * @expected: of each message
 * @answers: to each message
 */
struct datagram {
	uint64_t number;
	size_t len;
	unsigned char bytes[REQUEST_ROOM];
	size_t count;
	struct expectation expected[REQUESTS_MAX];
	struct answer answers[REQUESTS_MAX];
};

/**
 * struct fuzzer - the state of the run
 * @fd: socket
 * @run: what is to be sent
 * @spec: the family
 * @admin: who sends may change things
 * @messages: how many were sent
 * @errors: how many came to which error number
 */
struct fuzzer {
	int fd;
	struct run run;
	struct spec spec;
	bool admin;
	uint64_t messages;
	uint64_t errors[256];
};

static int open_socket(void)
{
	struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);

	if (fd < 0)
		fail("socket");
	set_option(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
	set_option(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)))
		fail("setsockopt");
	return fd;
}

static void complain(const struct fuzzer *f, const struct datagram *datagram,
		     size_t i, const char *what)
{
	static const char *const names[] = {
		"to be ignored", "success", "a refusal", "EPERM", "EOPNOTSUPP",
		"no error of the policy",
	};
	const struct answer *answer = &datagram->answers[i];

	printf("seed %llu, datagram %llu, message %zu: %s\n",
	       (unsigned long long)f->run.seed,
	       (unsigned long long)datagram->number, i, what);
	if (i < datagram->count)
		printf("expected %s%s; got %u ends, error %d (%s)%s\n",
		       names[datagram->expected[i].outcome],
		       datagram->expected[i].wants_ack ? " and to be told" : "",
		       answer->ends, answer->error, strerror(answer->error),
		       answer->by_policy ? " of the policy" : "");
	for (size_t at = 0; at < datagram->len && at < 512; at++)
		printf("%02x%s", datagram->bytes[at],
		       at % 32 == 31 ? "\n" : "");
	printf("\n");
	exit(1);
}

/* --- answers -------------------------------------------------------------- */

static bool is_printable(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return true;
}

/* What goes with an error; @at and @len are those of the attributes. */
static void read_tlvs(struct answer *answer, const unsigned char *at,
		      size_t len)
{
	struct nlattr attr;
	size_t whole;

	while (len >= sizeof(attr)) {
		memcpy(&attr, at, sizeof(attr));
		if (attr.nla_len < sizeof(attr) || attr.nla_len > len)
			break;
		if ((attr.nla_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_POLICY)
			answer->by_policy = true;
		if (attr.nla_type == NLMSGERR_ATTR_MSG &&
		    attr.nla_len > NLA_HDRLEN + SENTENCE_LEAST)
			answer->sentence =
				is_printable((const char *)at + NLA_HDRLEN,
					     attr.nla_len - NLA_HDRLEN - 1);
		whole = NLA_ALIGN(attr.nla_len);
		if (whole >= len)
			break;
		at += whole;
		len -= whole;
	}
}

static void read_end(struct answer *answer, const struct nlmsghdr *header)
{
	const struct nlmsgerr *error = NLMSG_DATA(header);
	size_t skip = NLMSG_HDRLEN + sizeof(int);
	int code = 0;

	if (header->nlmsg_len >= skip)
		memcpy(&code, NLMSG_DATA(header), sizeof(code));
	answer->answered = ENDED;
	answer->ends++;
	answer->error = -code;
	if (header->nlmsg_type == NLMSG_ERROR) {
		skip = NLMSG_HDRLEN + sizeof(*error);
		if (!(header->nlmsg_flags & NLM_F_CAPPED))
			skip += NLMSG_ALIGN(error->msg.nlmsg_len) -
				NLMSG_HDRLEN;
	}
	if (header->nlmsg_flags & NLM_F_ACK_TLVS && header->nlmsg_len > skip)
		read_tlvs(answer, (const unsigned char *)header + skip,
			  header->nlmsg_len - skip);
}

/* Returns whether this was the answer to the barrier. */
static bool read_answer(const struct fuzzer *f, struct datagram *datagram,
			const struct nlmsghdr *header)
{
	struct answer *answer;
	size_t i;

	if (header->nlmsg_seq == BARRIER_SEQ)
		return true;
	for (i = 0; i < datagram->count; i++)
		if (datagram->expected[i].seq == header->nlmsg_seq)
			break;
	if (i == datagram->count)
		complain(f, datagram, i, "an answer to nothing that was asked");
	answer = &datagram->answers[i];
	if (header->nlmsg_type == NLMSG_ERROR ||
	    header->nlmsg_type == NLMSG_DONE)
		read_end(answer, header);
	else if (answer->answered == ENDED)
		complain(f, datagram, i, "a reply after the end");
	else if (header->nlmsg_flags & NLM_F_MULTI)
		answer->answered = DUMPING;
	else
		answer->answered = REPLIED;
	return false;
}

static bool is_dumping(const struct datagram *datagram)
{
	for (size_t i = 0; i < datagram->count; i++)
		if (datagram->answers[i].answered == DUMPING)
			return true;
	return false;
}

/* All answers: until the barrier's came, and each dump has ended. */
static void receive(const struct fuzzer *f, struct datagram *datagram)
{
	static unsigned char buf[REQUEST_ROOM + 65536]
		__attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *header;
	bool barrier = false;
	ssize_t len;

	while (!barrier || is_dumping(datagram)) {
		len = recv(f->fd, buf, sizeof(buf), MSG_TRUNC);
		if (len < 0)
			complain(f, datagram, 0, strerror(errno));
		if ((size_t)len > sizeof(buf))
			complain(f, datagram, 0, "an answer of no end");
		for (header = (void *)buf; NLMSG_OK(header, len);
		     header = NLMSG_NEXT(header, len))
			barrier |= read_answer(f, datagram, header);
	}
}

static void judge(const struct fuzzer *f, const struct datagram *datagram,
		  size_t i)
{
	const struct expectation *e = &datagram->expected[i];
	const struct answer *answer = &datagram->answers[i];
	bool must_end = e->wants_ack || e->outcome == REFUSED ||
			e->outcome == FORBIDDEN || e->outcome == UNSUPPORTED;
	bool right;

	if (answer->ends > 1)
		complain(f, datagram, i, "more than one end");
	if (must_end && e->outcome != IGNORED && !answer->ends)
		complain(f, datagram, i, "no answer");
	switch (e->outcome) {
	case IGNORED:
		right = answer->answered == NOTHING;
		break;
	case ACCEPTED:
		right = !answer->error;
		break;
	case REFUSED:
		right = answer->error;
		break;
	case FORBIDDEN:
		right = answer->error == EPERM;
		break;
	case UNSUPPORTED:
		right = answer->error == EOPNOTSUPP;
		break;
	default:
		right = !answer->by_policy && answer->error != ERANGE;
		/* The module always says why. */
		if (answer->error && answer->error != EBUSY &&
		    !answer->sentence)
			complain(f, datagram, i, "an error without a sentence");
		break;
	}
	if (!right)
		complain(f, datagram, i, "the wrong answer");
}

/* --- the run -------------------------------------------------------------- */

/* Netlink itself acknowledges a message that is for nobody. */
static void send_barrier(const struct fuzzer *f)
{
	struct nlmsghdr header = {
		.nlmsg_len = sizeof(header),
		.nlmsg_type = NLMSG_NOOP,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		.nlmsg_seq = BARRIER_SEQ,
	};

	if (send(f->fd, &header, sizeof(header), 0) != sizeof(header))
		fail("send");
}

static void try_one(struct fuzzer *f, uint64_t number)
{
	uint64_t random = random_start(f->run.seed, number);
	static struct datagram datagram;

	datagram.number = number;
	datagram.len = request_make(datagram.bytes, &f->spec, &random, 1);
	datagram.count = request_expect(datagram.expected, &f->spec, f->admin,
					datagram.bytes, datagram.len);
	memset(datagram.answers, 0, sizeof(datagram.answers));
	/* Whether errors repeat the whole request. */
	set_option(f->fd, SOL_NETLINK, NETLINK_CAP_ACK,
		   random_below(&random, 2));

	if (send(f->fd, datagram.bytes, datagram.len, 0) !=
	    (ssize_t)datagram.len)
		fail("send");
	send_barrier(f);
	receive(f, &datagram);
	for (size_t i = 0; i < datagram.count; i++) {
		judge(f, &datagram, i);
		f->errors[(uint8_t)datagram.answers[i].error]++;
	}
	f->messages += datagram.count;
}

/* Each number stands for a datagram; what is counted are its messages. */
static void run_all(struct fuzzer *f)
{
	double end = seconds_now() + f->run.seconds;
	uint64_t number = f->run.first;
	int log = log_open();

	while (f->messages < f->run.count) {
		if ((number - f->run.first) % LOG_EVERY == 0)
			log_progress(log, "requests", &f->run, number);
		try_one(f, number++);
		if (run_is_over(&f->run, end, f->messages))
			break;
	}
	printf("datagrams %llu\nmessages %llu\n",
	       (unsigned long long)(number - f->run.first),
	       (unsigned long long)f->messages);
	for (size_t i = 0; i < ARRAY_SIZE(f->errors); i++)
		if (f->errors[i])
			printf("%s %llu\n", i ? strerrorname_np(i) : "OK",
			       (unsigned long long)f->errors[i]);
}

/* The number that the kernel gave the family. */
static unsigned int find_family(const char *name)
{
	struct {
		struct nlmsghdr header;
		struct genlmsghdr genl;
		struct nlattr attr;
		char name[GENL_NAMSIZ];
	} request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_type = GENL_ID_CTRL,
		.header.nlmsg_flags = NLM_F_REQUEST,
		.genl.cmd = CTRL_CMD_GETFAMILY,
		.attr.nla_len = sizeof(request.attr) + sizeof(request.name),
		.attr.nla_type = CTRL_ATTR_FAMILY_NAME,
	};
	unsigned char buf[8192], *at = buf + NLMSG_HDRLEN + GENL_HDRLEN;
	int fd = open_socket();
	struct nlattr attr;
	uint16_t number;
	ssize_t len;

	snprintf(request.name, sizeof(request.name), "%s", name);
	if (send(fd, &request, sizeof(request), 0) < 0)
		fail("send");
	len = recv(fd, buf, sizeof(buf), 0);
	close(fd);
	for (; at + sizeof(attr) < buf + len; at += NLA_ALIGN(attr.nla_len)) {
		memcpy(&attr, at, sizeof(attr));
		memcpy(&number, at + sizeof(attr), sizeof(number));
		if (attr.nla_type == CTRL_ATTR_FAMILY_ID)
			return number;
		if (attr.nla_len < sizeof(attr))
			break;
	}
	fprintf(stderr, "there is no family %s\n", name);
	exit(1);
}

static void become(unsigned int uid)
{
	if (setresuid(-1, uid, -1))
		fail("setresuid");
}

int main(int argc, char **argv)
{
	static struct fuzzer f = {
		.run = { .seed = 1, .count = UINT64_MAX, .least = 1024 },
	};
	unsigned int opener = 0, user = 0;
	int option;

	while ((option = getopt(argc, argv, "s:f:n:t:o:u:")) >= 0) {
		if (parse_run(&f.run, option, optarg))
			continue;
		if (option == 'o')
			opener = parse_number(optarg);
		else if (option == 'u')
			user = parse_number(optarg);
		else
			return 2;
	}
	spec_read(&f.spec, stdin);
	f.spec.family = find_family("mcpeer");
	f.admin = !opener && !user;
	if (setgroups(0, NULL))
		fail("setgroups");
	become(opener);
	f.fd = open_socket();
	become(0);
	become(user);
	run_all(&f);
	return 0;
}
