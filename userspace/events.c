// SPDX-License-Identifier: GPL-2.0
/*
 * Events as they happen, on a socket of their own. A second one hears when
 * the module is unloaded: of that the kernel tells the members of the
 * family's group nothing, it just drops them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include "attr.h"
#include "decode.h"
#include "events.h"
#include "request.h"

/* As many are read at once; each has room, with its peer's four paths. */
#define BATCH_MAX		16
#define EVENT_MAX		4096

/**
 * struct mcpeer_events - a subscription
 * @sock: member of the family's group of events
 * @end_sock: member of the controller's group of notifications
 * @client: for the family's number, and to look it up
 * @ended: the family is gone
 * @batch: what is read at once
 * @parts: where each of it goes
 * @room: there
 */
struct mcpeer_events {
	struct nl_sock *sock;
	struct nl_sock *end_sock;
	struct mcpeer_client *client;
	bool ended;
	struct mmsghdr batch[BATCH_MAX];
	struct iovec parts[BATCH_MAX];
	char room[BATCH_MAX][EVENT_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
};

static int on_notification(struct nl_msg *msg, void *arg)
{
	static struct nla_policy policy[CTRL_ATTR_MAX + 1] = {
		[CTRL_ATTR_FAMILY_NAME] = { .type = NLA_STRING },
	};
	struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct nlmsghdr *header = nlmsg_hdr(msg);
	struct mcpeer_events *events = arg;

	if (!genlmsg_valid_hdr(header, 0) ||
	    genlmsg_hdr(header)->cmd != CTRL_CMD_DELFAMILY ||
	    genlmsg_parse(header, 0, tb, CTRL_ATTR_MAX, policy) < 0 ||
	    !tb[CTRL_ATTR_FAMILY_NAME])
		return NL_OK;
	if (!strcmp(nla_get_string(tb[CTRL_ATTR_FAMILY_NAME]),
		    MCPEER_FAMILY_NAME))
		events->ended = true;
	return NL_OK;
}

static void look_up_family(struct mcpeer_events *events)
{
	struct mcpeer_client *client = events->client;

	/* A module that was loaded again has another number. */
	if (genl_ctrl_resolve(client->sock, MCPEER_FAMILY_NAME) !=
	    client->family)
		events->ended = true;
}

/* A non-blocking socket that is a member of one multicast group. */
static int open_member(const char *family, const char *group,
		       struct nl_sock **sock)
{
	int err;

	errno = 0;
	*sock = nl_socket_alloc();
	if (!*sock)
		return -ENOMEM;
	err = genl_connect(*sock);
	if (err < 0)
		return mcpeer_request_errno(err);
	err = genl_ctrl_resolve_grp(*sock, family, group);
	if (err < 0)
		return -ENOENT;

	mcpeer_request_enlarge_queue(*sock);
	errno = 0;
	err = nl_socket_add_membership(*sock, err);
	if (!err)
		err = nl_socket_set_nonblocking(*sock);
	return err < 0 ? mcpeer_request_errno(err) : 0;
}

static void prepare_batch(struct mcpeer_events *events)
{
	for (int i = 0; i < BATCH_MAX; i++) {
		events->parts[i] = (struct iovec) {
			.iov_base = events->room[i],
			.iov_len = EVENT_MAX,
		};
		events->batch[i].msg_hdr = (struct msghdr) {
			.msg_iov = &events->parts[i],
			.msg_iovlen = 1,
		};
	}
}

/**
 * mcpeer_events_open - subscribe to the events of the network namespace
 * @client: a connection
 * @events: the subscription: events that happen from now on wait there
 *
 * Return: 0, or a negative error number: -ENOENT if the module has gone.
 */
int mcpeer_events_open(struct mcpeer_client *client,
		       struct mcpeer_events **events)
{
	struct mcpeer_events *e = calloc(1, sizeof(*e));
	int err;

	*events = NULL;
	if (!e)
		return -ENOMEM;
	e->client = client;

	/* In this order no moment is left in which an unload goes unseen. */
	err = open_member("nlctrl", "notify", &e->end_sock);
	if (!err)
		err = open_member(MCPEER_FAMILY_NAME, MCPEER_MCGRP_EVENTS,
				  &e->sock);
	if (err) {
		mcpeer_events_close(e);
		return err;
	}
	nl_socket_disable_seq_check(e->end_sock);
	nl_socket_modify_cb(e->end_sock, NL_CB_VALID, NL_CB_CUSTOM,
			    on_notification, e);
	prepare_batch(e);
	*events = e;
	return 0;
}

/**
 * mcpeer_events_close - end a subscription
 * @events: the subscription, may be NULL
 */
void mcpeer_events_close(struct mcpeer_events *events)
{
	if (!events)
		return;
	nl_socket_free(events->sock);
	nl_socket_free(events->end_sock);
	free(events);
}

/**
 * mcpeer_events_fd - the file descriptor to wait on for events
 * @events: the subscription
 *
 * Return: a file descriptor.
 */
int mcpeer_events_fd(const struct mcpeer_events *events)
{
	return nl_socket_get_fd(events->sock);
}

/**
 * mcpeer_events_end_fd - the file descriptor to wait on for the end
 * @events: the subscription; see mcpeer_events_ended()
 *
 * Return: a file descriptor.
 */
int mcpeer_events_end_fd(const struct mcpeer_events *events)
{
	return nl_socket_get_fd(events->end_sock);
}

static bool is_event(const struct mcpeer_events *events, struct nlmsghdr *msg)
{
	return msg->nlmsg_type == events->client->family &&
	       mcpeer_attr_msg_len(msg) >= 0 &&
	       genlmsg_hdr(msg)->cmd == MCPEER_CMD_EVENT_NTF;
}

/* The kernel sends each event by itself. */
static int give(const struct mcpeer_events *events, const struct mmsghdr *read,
		mcpeer_client_event_fn fn, void *arg)
{
	struct nlmsghdr *msg = read->msg_hdr.msg_iov->iov_base;
	struct mcpeer_path_info paths[MCPEER_PATHS_MAX];
	struct mcpeer_event_info event;

	/* What cannot be read has to be found in the journal. */
	if (read->msg_hdr.msg_flags & MSG_TRUNC ||
	    !nlmsg_ok(msg, read->msg_len))
		return -ENOBUFS;
	if (!is_event(events, msg))
		return 0;
	if (mcpeer_decode_event(msg, &event, paths))
		return -ENOBUFS;
	return fn(&event, arg);
}

/**
 * mcpeer_events_read - read some of what waits, never blocking
 * @events: the subscription
 * @fn: gets the events
 * @arg: for @fn
 *
 * Return: 0, what @fn returned, -EAGAIN if nothing waited, -ENOBUFS if events
 * were lost, now or before those that still wait, or another negative error
 * number.
 */
int mcpeer_events_read(struct mcpeer_events *events,
		       mcpeer_client_event_fn fn, void *arg)
{
	int result = 0, err, i, count;

	count = recvmmsg(nl_socket_get_fd(events->sock), events->batch,
			 BATCH_MAX, MSG_DONTWAIT, NULL);
	if (count < 0)
		return -errno;
	for (i = 0; i < count; i++) {
		err = give(events, &events->batch[i], fn, arg);
		/* After a loss the others are still good. */
		if (err)
			result = err;
		if (err && err != -ENOBUFS)
			break;
	}
	return result;
}

/**
 * mcpeer_events_ended - tell whether the module was unloaded
 * @events: the subscription, of which nothing more comes then
 * @ended: the answer
 *
 * Reads all that waits at mcpeer_events_end_fd(), never blocking.
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_events_ended(struct mcpeer_events *events, bool *ended)
{
	int err;

	do {
		errno = 0;
		err = nl_recvmsgs_default(events->end_sock);
		if (err < 0)
			err = mcpeer_request_errno(err);
		/* If the notice itself was lost, the family is looked up. */
		if (err == -ENOBUFS) {
			look_up_family(events);
			err = 0;
		}
	} while (!err);
	*ended = events->ended;
	return err == -EAGAIN ? 0 : err;
}
