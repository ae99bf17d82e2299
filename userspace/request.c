// SPDX-License-Identifier: GPL-2.0
/*
 * One request and its answer. libnl keeps neither the kernel's error number
 * nor its sentence, and takes a dump that failed half-way for a success: so
 * errors, ACKs and the ends of dumps are read here.
 */
#include <errno.h>
#include <sys/socket.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <linux/mcpeer.h>

#include "extack.h"
#include "request.h"

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

static int on_answer(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;

	/* What is left is read all the same, lest the next request gets it. */
	if (x->fn && !x->result)
		x->result = x->fn(nlmsg_hdr(msg), x->arg);
	return NL_OK;
}

static int on_torn(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;

	(void)msg;
	x->client->torn = true;
	return NL_OK;
}

/* A request that went well may have a sentence too: a warning. */
static int on_ack(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;

	mcpeer_request_refused(x->client, nlmsg_hdr(msg), x->request);
	x->done = true;
	return NL_STOP;
}

static int on_dump_end(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;
	int err;

	err = mcpeer_extack_read_done(nlmsg_hdr(msg), x->request,
				      x->client->sentence,
				      sizeof(x->client->sentence));
	if (!x->result)
		x->result = err;
	x->done = true;
	return NL_STOP;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *arg)
{
	/* The message is whole: its header is right before the error. */
	const struct nlmsghdr *answer = (const struct nlmsghdr *)error - 1;
	struct exchange *x = arg;

	(void)from;
	mcpeer_request_refused(x->client, answer, x->request);
	x->result = error->error;
	x->done = true;
	return NL_STOP;
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

static struct nl_cb *exchange_callbacks(struct exchange *x)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		return NULL;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_answer, x);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_dump_end, x);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, x);
	nl_cb_set(cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_torn, x);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, x);
	return cb;
}

/**
 * mcpeer_request_run - send a request and read the whole answer
 * @client: who asks; gets the kernel's sentence
 * @request: from mcpeer_request_new(), freed here; NULL if it
 *	could not be built, which too long an argument does
 * @fn: gets each message of the answer, may be NULL
 * @arg: for @fn
 *
 * Return: 0, the kernel's error number, or what @fn returned if not 0.
 */
int mcpeer_request_run(struct mcpeer_client *client, struct nl_msg *request,
		       mcpeer_request_fn fn, void *arg)
{
	struct exchange x = { .client = client, .fn = fn, .arg = arg };
	struct nl_cb *cb = NULL;
	int err = -EMSGSIZE;

	client->sentence[0] = '\0';
	client->torn = false;
	if (!request)
		goto out;
	x.request = nlmsg_hdr(request);
	cb = exchange_callbacks(&x);
	if (!cb) {
		err = -ENOMEM;
		goto out;
	}

	errno = 0;
	err = nl_send_auto(client->sock, request);
	if (err < 0) {
		err = mcpeer_request_errno(err);
		goto out;
	}
	while (!x.done) {
		errno = 0;
		err = nl_recvmsgs(client->sock, cb);
		if (err < 0 && !x.done) {
			err = mcpeer_request_errno(err);
			/* Unread answers would pass for those to come. */
			mcpeer_request_connect(client);
			goto out;
		}
	}
	err = x.result;
out:
	nl_cb_put(cb);
	nlmsg_free(request);
	return err;
}
