// SPDX-License-Identifier: GPL-2.0
/*
 * One request and its answer. libnl keeps neither the kernel's error number
 * nor its sentence, and takes a dump that failed half-way for a success: so
 * messages are told apart here.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <linux/mcpeer.h>

#include "extack.h"
#include "request.h"

/* The kernel makes parts of a dump as long; an answer may be longer. */
#define ANSWERS_SIZE	32768

/* Room for a burst of events, or for a long answer and what ends it. */
#define QUEUE_SIZE	1048576

/**
 * struct exchange - a request that is under way
 * @client: on whose socket
 * @request: what was sent
 * @fn: gets the answers, may be NULL
 * @arg: for @fn
 * @result: what is to be returned
 * @done: no more answers come
 */
struct exchange {
	struct mcpeer_client *client;
	const struct nlmsghdr *request;
	mcpeer_request_fn fn;
	void *arg;
	int result;
	bool done;
};

static void on_answer(struct exchange *x, struct nlmsghdr *answer)
{
	/* What is left is read all the same, lest the next request gets it. */
	if (x->fn && !x->result)
		x->result = x->fn(answer, x->arg);
}

static void on_dump_end(struct exchange *x, const struct nlmsghdr *answer)
{
	int err;

	err = mcpeer_extack_read_done(answer, x->request, x->client->sentence,
				      sizeof(x->client->sentence));
	if (!x->result)
		x->result = err;
	x->done = true;
}

/* A request that went well may have a sentence too: a warning. */
static void on_error(struct exchange *x, const struct nlmsghdr *answer)
{
	const struct nlmsgerr *error = nlmsg_data(answer);

	x->done = true;
	if (nlmsg_datalen(answer) < (int)sizeof(*error)) {
		x->result = -EBADMSG;
		return;
	}
	mcpeer_request_refused(x->client, answer, x->request);
	if (error->error)
		x->result = error->error;
	/* So netlink refuses a dump of a module that is about to go. */
	if (x->result == -EPROTONOSUPPORT)
		x->result = -ENOENT;
}

static void on_message(struct exchange *x, struct nlmsghdr *msg)
{
	if (msg->nlmsg_seq != x->request->nlmsg_seq)
		return;
	if (msg->nlmsg_flags & NLM_F_DUMP_INTR)
		x->client->torn = true;
	switch (msg->nlmsg_type) {
	case NLMSG_DONE:
		on_dump_end(x, msg);
		break;
	case NLMSG_ERROR:
		on_error(x, msg);
		break;
	default:
		if (msg->nlmsg_type == x->client->family)
			on_answer(x, msg);
		break;
	}
}

/*
 * The messages are read where they lie: the loop that libnl has makes a copy of
 * each, which takes it longer than printing a peer takes us.
 */
static int read_messages(struct exchange *x)
{
	unsigned char *bytes = NULL;
	struct sockaddr_nl from;
	struct nlmsghdr *msg;
	int len;

	errno = 0;
	len = nl_recv(x->client->sock, &from, &bytes, NULL);
	if (len < 0)
		return mcpeer_request_errno(len);
	for (msg = (struct nlmsghdr *)bytes; !x->done && nlmsg_ok(msg, len);
	     msg = nlmsg_next(msg, &len))
		on_message(x, msg);
	free(bytes);
	return 0;
}

/**
 * mcpeer_request_refused - keep the kernel's sentence
 * @client: gets it
 * @answer: message of the type NLMSG_ERROR, an ACK included
 * @request: what was sent
 */
void mcpeer_request_refused(struct mcpeer_client *client,
			    const struct nlmsghdr *answer,
			    const struct nlmsghdr *request)
{
	mcpeer_extack_read_error(answer, request, client->sentence,
				 sizeof(client->sentence));
}

/**
 * mcpeer_request_errno - tell why libnl failed
 * @nlerr: what it returned; errno was cleared before
 *
 * Return: a negative error number.
 */
int mcpeer_request_errno(int nlerr)
{
	/* Several error numbers share a code: errno is the better witness. */
	if (errno)
		return -errno;
	switch (-nlerr) {
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_AGAIN:
		return -EAGAIN;
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	default:
		return -EBADMSG;
	}
}

/* Answers of the kernel say what went wrong, not only that it did. */
static void ask_for_sentences(struct nl_sock *sock)
{
	int fd = nl_socket_get_fd(sock);
	int on = 1;

	/* Without either, the error number has to do. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
}

/**
 * mcpeer_request_enlarge_queue - have more room for what waits to be read
 * @sock: the socket; libnl's own default holds some 80 events
 */
void mcpeer_request_enlarge_queue(struct nl_sock *sock)
{
	int fd = nl_socket_get_fd(sock);
	int size = QUEUE_SIZE;

	/* Only the first goes beyond the system's limit; it takes privilege. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

/**
 * mcpeer_request_connect - connect to the kernel, or anew
 * @client: gets the socket; keeps the one it has if there can be no other
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_request_connect(struct mcpeer_client *client)
{
	struct nl_sock *sock;
	int err;

	errno = 0;
	sock = nl_socket_alloc();
	if (!sock)
		return -ENOMEM;
	err = genl_connect(sock);
	if (err < 0) {
		err = mcpeer_request_errno(err);
		nl_socket_free(sock);
		return err;
	}
	ask_for_sentences(sock);
	mcpeer_request_enlarge_queue(sock);
	/* Answers are told by their numbers, but not by libnl. */
	nl_socket_disable_seq_check(sock);
	nl_socket_set_msg_buf_size(sock, ANSWERS_SIZE);
	nl_socket_enable_msg_peek(sock);
	nl_socket_free(client->sock);
	client->sock = sock;
	return 0;
}

/**
 * mcpeer_request_new - begin a request
 * @client: who asks
 * @command: MCPEER_CMD_*
 * @flags: NLM_F_*
 *
 * Return: the message, for mcpeer_request_run(); NULL without memory.
 */
struct nl_msg *mcpeer_request_new(struct mcpeer_client *client,
				  uint8_t command, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (msg && !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, client->family,
				0, flags, command, MCPEER_FAMILY_VERSION)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return msg;
}

/**
 * mcpeer_request_run - send a request and read the whole answer
 * @client: who asks; gets the kernel's sentence
 * @request: from mcpeer_request_new(), freed here; NULL if it
 *	could not be built, which too long an argument does
 * @fn: gets each message of the answer, may be NULL
 * @arg: for @fn
 *
 * Return: 0, the kernel's error number, or what @fn returned if not 0. -ENOENT
 * without a sentence if the module has gone, or is about to.
 */
int mcpeer_request_run(struct mcpeer_client *client, struct nl_msg *request,
		       mcpeer_request_fn fn, void *arg)
{
	struct exchange x = { .client = client, .fn = fn, .arg = arg };
	int err;

	client->sentence[0] = '\0';
	client->torn = false;
	if (!request)
		return -EMSGSIZE;
	x.request = nlmsg_hdr(request);

	errno = 0;
	err = nl_send_auto(client->sock, request);
	if (err < 0) {
		err = mcpeer_request_errno(err);
		goto out;
	}
	do {
		err = read_messages(&x);
	} while (!err && !x.done);
	/* Unread answers would pass for libnl's, which looks at no number. */
	if (err)
		mcpeer_request_connect(client);
	else
		err = x.result;
out:
	nlmsg_free(request);
	return err;
}
