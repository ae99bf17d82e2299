// SPDX-License-Identifier: GPL-2.0
/*
 * Many requests at once. As many as have room go to the kernel in one write,
 * and only the last asks for an answer: a request that is refused is
 * answered anyway, one that went well costs no answer.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include "request.h"

/*
 * Each of so many may be refused, and all of these answers have to have room
 * in the socket until they are read.
 */
#define BULK_REQUESTS	64
#define BULK_SIZE	32768

/* More than any request that is good; libnl clears it for each of them. */
#define REQUEST_SIZE	1024

/**
 * struct mcpeer_bulk - requests that go to the kernel together
 * @client: on whose socket
 * @fn: hears of those that are refused
 * @arg: for @fn
 * @count: how many wait to be sent
 * @used: bytes of @data that they take
 * @answered: how many of those sent are known to be done
 * @result: what @fn returned if not 0, then the rest is not told
 * @start: where each of them starts in @data
 * @id: what the caller calls them
 * @data: the requests, aligned as what is before them
 */
struct mcpeer_bulk {
	struct mcpeer_client *client;
	mcpeer_client_refused_fn fn;
	void *arg;
	size_t count;
	size_t used;
	size_t answered;
	int result;
	size_t start[BULK_REQUESTS];
	size_t id[BULK_REQUESTS];
	char data[BULK_SIZE];
};

static struct nlmsghdr *request_at(struct mcpeer_bulk *bulk, size_t i)
{
	return (struct nlmsghdr *)(bulk->data + bulk->start[i]);
}

/* Finds what an answer is about; those before it are done, too. */
static bool find_request(struct mcpeer_bulk *bulk,
			 const struct nlmsghdr *answer, size_t *found)
{
	for (size_t i = bulk->answered; i < bulk->count; i++) {
		if (request_at(bulk, i)->nlmsg_seq != answer->nlmsg_seq)
			continue;
		bulk->answered = i + 1;
		*found = i;
		return true;
	}
	return false;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	size_t i;

	find_request(arg, nlmsg_hdr(msg), &i);
	return NL_OK;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *arg)
{
	/* The message is whole: its header is right before the error. */
	const struct nlmsghdr *answer = (const struct nlmsghdr *)error - 1;
	struct mcpeer_bulk *bulk = arg;
	size_t i;

	(void)from;
	if (!find_request(bulk, answer, &i) || bulk->result)
		return NL_SKIP;
	mcpeer_request_refused(bulk->client, answer, request_at(bulk, i));
	bulk->result = bulk->fn(bulk->id[i], error->error, bulk->arg);
	return NL_SKIP;
}

/* Answers are told from each other by their numbers here, not by libnl. */
static int on_sequence(struct nl_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;
	return NL_OK;
}

static int read_answers(struct mcpeer_bulk *bulk)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int err = 0;

	if (!cb)
		return -ENOMEM;
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_sequence, NULL);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, bulk);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, bulk);
	while (bulk->answered < bulk->count && !err) {
		errno = 0;
		err = nl_recvmsgs(bulk->client->sock, cb);
		if (err < 0)
			err = mcpeer_request_errno(err);
		else
			err = 0;
	}
	nl_cb_put(cb);
	return err;
}

/**
 * mcpeer_client_flush_bulk - have all done that was asked for so far
 * @bulk: the requests
 *
 * Return: 0, a negative error number, or what the callback ended it with.
 */
int mcpeer_client_flush_bulk(struct mcpeer_bulk *bulk)
{
	int err;

	if (!bulk->count)
		return 0;
	request_at(bulk, bulk->count - 1)->nlmsg_flags |= NLM_F_ACK;
	bulk->answered = 0;
	errno = 0;
	err = nl_sendto(bulk->client->sock, bulk->data, bulk->used);
	err = err < 0 ? mcpeer_request_errno(err) : read_answers(bulk);
	bulk->count = 0;
	bulk->used = 0;
	return err ? err : bulk->result;
}

/**
 * mcpeer_bulk_add - add a request; those before it may be done then
 * @bulk: gets it
 * @request: from mcpeer_request_new(), freed here; NULL if it could not be
 *	built
 * @id: what the caller calls it
 *
 * Return: 0, a negative error number, or what the callback ended it with.
 */
int mcpeer_bulk_add(struct mcpeer_bulk *bulk, struct nl_msg *request, size_t id)
{
	struct nlmsghdr *hdr;
	size_t len;
	int err = 0;

	if (!request)
		return -EMSGSIZE;
	hdr = nlmsg_hdr(request);
	len = NLMSG_ALIGN(hdr->nlmsg_len);
	if (len > BULK_SIZE)
		err = -EMSGSIZE;
	else if (bulk->count == BULK_REQUESTS || bulk->used + len > BULK_SIZE)
		err = mcpeer_client_flush_bulk(bulk);
	if (!err) {
		hdr->nlmsg_flags |= NLM_F_REQUEST;
		hdr->nlmsg_seq = nl_socket_use_seq(bulk->client->sock);
		hdr->nlmsg_pid = nl_socket_get_local_port(bulk->client->sock);
		bulk->start[bulk->count] = bulk->used;
		bulk->id[bulk->count++] = id;
		/* Its end is padded, as all that libnl makes. */
		memcpy(bulk->data + bulk->used, hdr, len);
		bulk->used += len;
	}
	nlmsg_free(request);
	return err;
}

/**
 * mcpeer_client_begin_bulk - begin with many requests
 * @client: the connection, which is good for nothing else from now on
 * @fn: hears of those that are refused, see mcpeer_client_sentence()
 * @arg: for @fn
 *
 * Return: for mcpeer_client_end_bulk(), or NULL without memory.
 */
struct mcpeer_bulk *mcpeer_client_begin_bulk(struct mcpeer_client *client,
					     mcpeer_client_refused_fn fn,
					     void *arg)
{
	struct mcpeer_bulk *bulk = calloc(1, sizeof(*bulk));

	if (!bulk)
		return NULL;
	nlmsg_set_default_size(REQUEST_SIZE);
	bulk->client = client;
	bulk->fn = fn;
	bulk->arg = arg;
	return bulk;
}

/**
 * mcpeer_client_end_bulk - forget what was not flushed
 * @bulk: the requests, may be NULL
 */
void mcpeer_client_end_bulk(struct mcpeer_bulk *bulk)
{
	free(bulk);
}
