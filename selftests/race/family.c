// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <linux/mcpeer.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "family.h"

#define EVENTS_BUFFER	67108864

/**
 * struct answer - what came of a request so far
 * @error: 0 or a positive error number
 * @done: nothing more will come
 * @shown: the stamp of the last peer shown
 * @see: is called for each peer, if any
 * @tell: is called for each event, if any
 * @ctx: for both
 */
struct answer {
	int error;
	bool done;
	uint64_t shown;
	family_sight_fn see;
	family_event_fn tell;
	void *ctx;
};

/**
 * family_open - open a socket; the module need not be there
 * @family: set
 *
 * Return: false if there is none to be had.
 */
bool family_open(struct family *family)
{
	family->sock = nl_socket_alloc();
	return family->sock && !genl_connect(family->sock);
}

/**
 * family_find - find the module, which may have been loaded again
 * @family: from family_open()
 *
 * Return: false if the module is not there.
 */
bool family_find(struct family *family)
{
	family->number = genl_ctrl_resolve(family->sock, MCPEER_FAMILY_NAME);
	return family->number >= 0;
}

static uint64_t u64_of(struct nlattr *attr)
{
	return attr ? nla_get_u64(attr) : 0;
}

/* False if the message is damaged. */
static bool read_peer(struct nlattr **attrs, struct sight *sight)
{
	struct nlattr *value = attrs[MCPEER_A_PEER_VALUE];

	if (!attrs[MCPEER_A_PEER_NAME] || !attrs[MCPEER_A_PEER_SOURCE])
		return false;
	sight->name = nla_get_string(attrs[MCPEER_A_PEER_NAME]);
	sight->stamp = value ? strtoull(nla_get_string(value), NULL, 16) : 0;
	sight->silent = u64_of(attrs[MCPEER_A_PEER_SILENT]);
	sight->heard = u64_of(attrs[MCPEER_A_PEER_HEARD]);
	sight->local = nla_get_u32(attrs[MCPEER_A_PEER_SOURCE]) ==
		       MCPEER_SOURCE_LOCAL;
	return true;
}

static int on_peer(struct nl_msg *msg, void *ctx)
{
	struct nlattr *attrs[MCPEER_A_PEER_MAX + 1];
	struct answer *answer = ctx;
	struct sight sight;

	if (genlmsg_parse(nlmsg_hdr(msg), 0, attrs, MCPEER_A_PEER_MAX, NULL) ||
	    !read_peer(attrs, &sight))
		return NL_SKIP;
	answer->shown = sight.stamp;
	if (answer->see)
		answer->see(&sight, answer->ctx);
	return NL_OK;
}

static int on_event(struct nl_msg *msg, void *ctx)
{
	struct nlattr *attrs[MCPEER_A_EVENT_MAX + 1];
	struct nlattr *peer[MCPEER_A_PEER_MAX + 1];
	struct answer *answer = ctx;
	/* An event may be about no peer, and has its number all the same. */
	struct sight sight = { .name = "" };

	if (genlmsg_parse(nlmsg_hdr(msg), 0, attrs, MCPEER_A_EVENT_MAX, NULL) ||
	    !attrs[MCPEER_A_EVENT_TYPE])
		return NL_SKIP;
	if (attrs[MCPEER_A_EVENT_PEER] &&
	    (nla_parse_nested(peer, MCPEER_A_PEER_MAX,
			      attrs[MCPEER_A_EVENT_PEER], NULL) ||
	     !read_peer(peer, &sight)))
		return NL_SKIP;
	answer->tell(u64_of(attrs[MCPEER_A_EVENT_SEQ]),
		     nla_get_u32(attrs[MCPEER_A_EVENT_TYPE]), &sight,
		     answer->ctx);
	return NL_OK;
}

static int on_end(struct nl_msg *msg, void *ctx)
{
	struct answer *answer = ctx;

	(void)msg;
	answer->done = true;
	return NL_STOP;
}

/* Events have no number of a request; and a table may change meanwhile. */
static int go_on(struct nl_msg *msg, void *ctx)
{
	(void)msg;
	(void)ctx;
	return NL_OK;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *error,
		    void *ctx)
{
	struct answer *answer = ctx;

	(void)from;
	answer->error = -error->error;
	answer->done = true;
	return NL_STOP;
}

static struct nl_cb *callbacks(struct answer *answer)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		abort();
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM,
		  answer->tell ? on_event : on_peer, answer);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, answer);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, answer);
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, go_on, NULL);
	nl_cb_set(cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, go_on, NULL);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, answer);
	return cb;
}

/* Returns 0 or a positive error number. */
static int receive(struct family *family, struct answer *answer)
{
	struct nl_cb *cb = callbacks(answer);
	int err = 0;

	while (!answer->done && err >= 0)
		err = nl_recvmsgs(family->sock, cb);
	nl_cb_put(cb);
	return answer->error ? answer->error : err < 0 ? EIO : 0;
}

static struct nl_msg *message(struct family *family, int command, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ,
				 family->number, 0, flags, command,
				 MCPEER_FAMILY_VERSION))
		abort();
	return msg;
}

static int converse(struct family *family, struct nl_msg *msg,
		    struct answer *answer)
{
	int err = nl_send_auto(family->sock, msg);

	nlmsg_free(msg);
	return err < 0 ? EIO : receive(family, answer);
}

/**
 * family_ask - ask for something about a peer
 * @family: was found
 * @wish: what
 * @shown: set to the peer's stamp, if it is shown; or NULL
 *
 * Return: 0 or the kernel's error number, positive.
 */
int family_ask(struct family *family, const struct wish *wish,
	       uint64_t *shown)
{
	struct nl_msg *msg = message(family, wish->command, wish->flags);
	struct answer answer = {};
	char text[32];
	int err;

	nla_put_string(msg, MCPEER_A_PEER_NAME, wish->name);
	if (wish->command == MCPEER_CMD_PEER_NEW) {
		snprintf(text, sizeof(text), "%" PRIx64, wish->stamp);
		nla_put_string(msg, MCPEER_A_PEER_VALUE, text);
		if (wish->lifetime)
			nla_put_u32(msg, MCPEER_A_PEER_LIFETIME,
				    wish->lifetime);
		else
			nla_put_flag(msg, MCPEER_A_PEER_PERMANENT);
	}
	err = converse(family, msg, &answer);
	if (shown)
		*shown = answer.shown;
	return err;
}

/**
 * family_dump - see all peers
 * @family: was found
 * @see: is called for each
 * @ctx: for @see
 *
 * Return: 0 or the kernel's error number, positive.
 */
int family_dump(struct family *family, family_sight_fn see, void *ctx)
{
	struct answer answer = { .see = see, .ctx = ctx };

	return converse(family, message(family, MCPEER_CMD_PEER_GET,
					NLM_F_DUMP), &answer);
}

/**
 * family_subscribe - be told of all events from now on
 * @family: was found; of no use for requests any more
 *
 * Return: false if that cannot be.
 */
bool family_subscribe(struct family *family)
{
	const int size = EVENTS_BUFFER;
	int group = genl_ctrl_resolve_grp(family->sock, MCPEER_FAMILY_NAME,
					  MCPEER_MCGRP_EVENTS);

	return group >= 0 && !nl_socket_add_membership(family->sock, group) &&
	       !setsockopt(nl_socket_get_fd(family->sock), SOL_SOCKET,
			   SO_RCVBUFFORCE, &size, sizeof(size));
}

/**
 * family_follow - see all events
 * @family: from family_subscribe()
 * @see: is called for each, in the order in which they come
 * @ctx: for @see
 * @end: becomes true when it is enough; looked at after each event
 *
 * Return: false if events were lost.
 */
bool family_follow(struct family *family, family_event_fn see, void *ctx,
		   const volatile bool *end)
{
	struct answer answer = { .tell = see, .ctx = ctx };
	struct nl_cb *cb = callbacks(&answer);
	int err = 0;

	while (!*end && err >= 0)
		err = nl_recvmsgs(family->sock, cb);
	nl_cb_put(cb);
	return err >= 0;
}
