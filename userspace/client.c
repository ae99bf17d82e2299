// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <netlink/attr.h>
#include <netlink/genl/ctrl.h>

#include "client.h"
#include "decode.h"
#include "request.h"

/* How often a list is asked for that changes while it is listed. */
#define LIST_ATTEMPTS	10

/* A caller's callback, on its way through the decoder. */
struct sink {
	union {
		mcpeer_client_peer_fn peer;
		mcpeer_client_group_fn group;
		mcpeer_client_event_fn event;
	} fn;
	void *arg;
};

static int decode_peer(struct nlmsghdr *answer, void *arg)
{
	struct mcpeer_path_info paths[MCPEER_PATHS_MAX];
	struct mcpeer_peer_info peer;
	struct sink *sink = arg;
	int err;

	err = mcpeer_decode_peer(answer, &peer, paths);
	return err ? err : sink->fn.peer(&peer, sink->arg);
}

static int decode_event(struct nlmsghdr *answer, void *arg)
{
	struct mcpeer_path_info paths[MCPEER_PATHS_MAX];
	struct mcpeer_event_info event;
	struct sink *sink = arg;
	int err;

	err = mcpeer_decode_event(answer, &event, paths);
	return err ? err : sink->fn.event(&event, sink->arg);
}

static int decode_group(struct nlmsghdr *answer, void *arg)
{
	struct mcpeer_interface_info *interfaces = NULL;
	struct mcpeer_group_info group;
	struct sink *sink = arg;
	int err;

	err = mcpeer_decode_group(answer, &group);
	if (!err)
		err = mcpeer_decode_interfaces(answer, &interfaces,
					       &group.interface_count);
	group.interfaces = interfaces;
	if (!err)
		err = sink->fn.group(&group, sink->arg);
	free(interfaces);
	return err;
}

static int decode_journal(struct nlmsghdr *answer, void *arg)
{
	return mcpeer_decode_journal(answer, arg);
}

/**
 * mcpeer_client_open - connect to the module
 * @client: the connection
 *
 * Return: 0, -ENOENT if the module is not loaded, or another negative error
 * number.
 */
int mcpeer_client_open(struct mcpeer_client **client)
{
	struct mcpeer_client *c = calloc(1, sizeof(*c));
	int err;

	*client = NULL;
	if (!c)
		return -ENOMEM;
	err = mcpeer_request_connect(c);
	if (err)
		goto out_close;
	/* Says "not found" whatever the reason, of which there is but one. */
	c->family = genl_ctrl_resolve(c->sock, MCPEER_FAMILY_NAME);
	if (c->family < 0) {
		err = -ENOENT;
		goto out_close;
	}
	*client = c;
	return 0;

out_close:
	mcpeer_client_close(c);
	return err;
}

/**
 * mcpeer_client_close - end a connection
 * @client: the connection, may be NULL
 */
void mcpeer_client_close(struct mcpeer_client *client)
{
	if (!client)
		return;
	nl_socket_free(client->sock);
	free(client);
}

/**
 * mcpeer_client_sentence - what the kernel said to the last request
 * @client: the connection, may be NULL
 *
 * Return: a sentence, to be escaped before it is shown, or NULL.
 */
const char *mcpeer_client_sentence(const struct mcpeer_client *client)
{
	return client && client->sentence[0] ? client->sentence : NULL;
}

/**
 * mcpeer_client_torn - tell whether the last list is of one moment
 * @client: the connection
 *
 * Return: true if what was listed changed meanwhile, at each attempt.
 */
bool mcpeer_client_torn(const struct mcpeer_client *client)
{
	return client->torn;
}

/* Adds an attribute to a request, which a failure turns into NULL. */
static struct nl_msg *put(struct nl_msg *msg, int failure)
{
	if (!failure)
		return msg;
	nlmsg_free(msg);
	return NULL;
}

static struct nl_msg *put_text(struct nl_msg *msg, int type, const char *text)
{
	return msg && text ? put(msg, nla_put_string(msg, type, text)) : msg;
}

static struct nl_msg *put_number(struct nl_msg *msg, int type, uint64_t number)
{
	if (!msg || number == MCPEER_CLIENT_NONE)
		return msg;
	return put(msg, nla_put_u32(msg, type, number));
}

static struct nl_msg *put_address(struct nl_msg *msg, int type,
				  const struct mcpeer_address *address)
{
	if (!msg || (!address->len && !address->none))
		return msg;
	return put(msg, nla_put(msg, type, address->len, address->bytes));
}

static struct nl_msg *new_peer_request(struct mcpeer_client *client,
				       uint8_t command, int flags,
				       const char *group, const char *name)
{
	struct nl_msg *msg = mcpeer_request_new(client, command, flags);

	msg = put_text(msg, MCPEER_A_PEER_GROUP, group);
	return put_text(msg, MCPEER_A_PEER_NAME, name);
}

/**
 * mcpeer_client_get_peer - ask for one peer
 * @client: the connection
 * @group: its group, NULL for "default"
 * @name: its name
 * @fn: gets the peer
 * @arg: for @fn
 *
 * Return: 0, a negative error number, or what a callback ended it with.
 */
int mcpeer_client_get_peer(struct mcpeer_client *client, const char *group,
			   const char *name, mcpeer_client_peer_fn fn,
			   void *arg)
{
	struct sink sink = { .fn.peer = fn, .arg = arg };
	struct nl_msg *msg;

	msg = new_peer_request(client, MCPEER_CMD_PEER_GET, 0, group, name);
	return mcpeer_request_run(client, msg, decode_peer, &sink);
}

/**
 * mcpeer_client_list_peers - ask for all peers
 * @client: the connection; see mcpeer_client_torn()
 * @group: of this group, NULL for those of all groups
 * @begin: called before each attempt: what came so far is void; NULL for one
 *	attempt, in which peers may come or go: of those that are there all the
 *	time each comes once
 * @fn: gets each peer
 * @arg: for @begin and @fn
 *
 * Return: 0, a negative error number, or what a callback ended it with.
 */
int mcpeer_client_list_peers(struct mcpeer_client *client, const char *group,
			     mcpeer_client_begin_fn begin,
			     mcpeer_client_peer_fn fn, void *arg)
{
	struct sink sink = { .fn.peer = fn, .arg = arg };
	struct nl_msg *msg;
	int err = 0, i;

	for (i = 0; i < LIST_ATTEMPTS; i++) {
		if (begin)
			begin(arg);
		msg = new_peer_request(client, MCPEER_CMD_PEER_GET, NLM_F_DUMP,
				       group, NULL);
		err = mcpeer_request_run(client, msg, decode_peer, &sink);
		if (!begin)
			client->torn = false;
		if (err || !client->torn)
			break;
	}
	return err;
}

static struct nl_msg *
register_request(struct mcpeer_client *client,
		 const struct mcpeer_registration *registration)
{
	int flags = 0;
	struct nl_msg *msg;

	if (registration->mode == MCPEER_CLIENT_EXCLUSIVE)
		flags = NLM_F_EXCL;
	else if (registration->mode == MCPEER_CLIENT_REPLACE)
		flags = NLM_F_REPLACE;

	msg = new_peer_request(client, MCPEER_CMD_PEER_NEW, flags,
			       registration->group, registration->name);
	msg = put_address(msg, MCPEER_A_PEER_ADDRESS, &registration->address);
	msg = put_text(msg, MCPEER_A_PEER_VALUE, registration->value);
	if (registration->has_lifetime)
		msg = put_number(msg, MCPEER_A_PEER_LIFETIME,
				 registration->lifetime);
	if (msg && registration->permanent)
		msg = put(msg, nla_put_flag(msg, MCPEER_A_PEER_PERMANENT));
	return msg;
}

/**
 * mcpeer_client_register - register a peer on this host
 * @client: the connection
 * @registration: the peer
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_client_register(struct mcpeer_client *client,
			   const struct mcpeer_registration *registration)
{
	return mcpeer_request_run(client,
				  register_request(client, registration),
				  NULL, NULL);
}

/**
 * mcpeer_client_bulk_register - register a peer on this host, among many
 * @client: the connection
 * @registration: the peer
 * @bulk: from mcpeer_client_begin_bulk(); see mcpeer_client_flush_bulk()
 * @id: for the callback, if it is refused
 *
 * Return: 0, a negative error number, or what the callback ended it with.
 */
int mcpeer_client_bulk_register(struct mcpeer_client *client,
				const struct mcpeer_registration *registration,
				struct mcpeer_bulk *bulk, size_t id)
{
	return mcpeer_bulk_add(bulk, register_request(client, registration),
			       id);
}

/**
 * mcpeer_client_unregister - remove a registration
 * @client: the connection
 * @group: its group, NULL for "default"
 * @name: its name
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_client_unregister(struct mcpeer_client *client, const char *group,
			     const char *name)
{
	struct nl_msg *msg;

	msg = new_peer_request(client, MCPEER_CMD_PEER_DEL, 0, group, name);
	return mcpeer_request_run(client, msg, NULL, NULL);
}

/**
 * mcpeer_client_expire - end a peer's lifetime now
 * @client: the connection
 * @group: its group, NULL for "default"
 * @name: its name
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_client_expire(struct mcpeer_client *client, const char *group,
			 const char *name)
{
	struct nl_msg *msg;

	msg = new_peer_request(client, MCPEER_CMD_PEER_EXPIRE, 0, group, name);
	return mcpeer_request_run(client, msg, NULL, NULL);
}

/**
 * mcpeer_client_get_group - ask for one group
 * @client: the connection
 * @name: its name, NULL for "default"
 * @fn: gets the group, with its interfaces
 * @arg: for @fn
 *
 * Return: 0, a negative error number, or what a callback ended it with.
 */
int mcpeer_client_get_group(struct mcpeer_client *client, const char *name,
			    mcpeer_client_group_fn fn, void *arg)
{
	struct sink sink = { .fn.group = fn, .arg = arg };
	struct nl_msg *msg;

	msg = mcpeer_request_new(client, MCPEER_CMD_GROUP_GET, 0);
	msg = put_text(msg, MCPEER_A_GROUP_NAME,
		       name ? name : MCPEER_CLIENT_DEFAULT_GROUP);
	return mcpeer_request_run(client, msg, decode_group, &sink);
}

/**
 * mcpeer_client_list_groups - ask for all groups
 * @client: the connection; see mcpeer_client_torn()
 * @begin: called before each attempt: what came so far is void
 * @fn: gets each group, without its interfaces
 * @arg: for @begin and @fn
 *
 * Return: 0, a negative error number, or what a callback ended it with.
 */
int mcpeer_client_list_groups(struct mcpeer_client *client,
			      mcpeer_client_begin_fn begin,
			      mcpeer_client_group_fn fn, void *arg)
{
	struct sink sink = { .fn.group = fn, .arg = arg };
	struct nl_msg *msg;
	int err = 0, i;

	for (i = 0; i < LIST_ATTEMPTS; i++) {
		begin(arg);
		msg = mcpeer_request_new(client, MCPEER_CMD_GROUP_GET,
					 NLM_F_DUMP);
		err = mcpeer_request_run(client, msg, decode_group, &sink);
		if (err || !client->torn)
			break;
	}
	return err;
}

static int change_group(struct mcpeer_client *client, uint8_t command,
			const char *name,
			const struct mcpeer_settings *settings)
{
	struct nl_msg *msg = mcpeer_request_new(client, command, 0);

	msg = put_text(msg, MCPEER_A_GROUP_NAME, name);
	msg = put_address(msg, MCPEER_A_GROUP_ADDRESS, &settings->address);
	msg = put_address(msg, MCPEER_A_GROUP_ADDRESS6, &settings->address6);
	msg = put_number(msg, MCPEER_A_GROUP_PORT, settings->port);
	msg = put_text(msg, MCPEER_A_GROUP_PREFIX, settings->prefix);
	msg = put_number(msg, MCPEER_A_GROUP_TTL, settings->ttl);
	msg = put_number(msg, MCPEER_A_GROUP_INTERVAL, settings->interval);
	msg = put_number(msg, MCPEER_A_GROUP_EXPIRY, settings->expiry);
	msg = put_number(msg, MCPEER_A_GROUP_MAX_PEERS, settings->max_peers);
	msg = put_number(msg, MCPEER_A_GROUP_PER_SOURCE, settings->per_source);
	msg = put_number(msg, MCPEER_A_GROUP_JOIN_RATE, settings->join_rate);
	msg = put_number(msg, MCPEER_A_GROUP_OFF_LINK, settings->off_link);
	msg = put_text(msg, MCPEER_A_GROUP_HOSTNAME, settings->hostname);
	msg = put_text(msg, MCPEER_A_GROUP_INTERFACES, settings->interfaces);
	msg = put_text(msg, MCPEER_A_GROUP_LISTEN, settings->listen);
	msg = put_text(msg, MCPEER_A_GROUP_TARGETS, settings->targets);
	msg = put_number(msg, MCPEER_A_GROUP_REPEAT, settings->repeat);
	return mcpeer_request_run(client, msg, NULL, NULL);
}

/**
 * mcpeer_client_add_group - start a group
 * @client: the connection
 * @name: its name
 * @settings: its settings
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_client_add_group(struct mcpeer_client *client, const char *name,
			    const struct mcpeer_settings *settings)
{
	return change_group(client, MCPEER_CMD_GROUP_NEW, name, settings);
}

/**
 * mcpeer_client_set_group - change settings of a group
 * @client: the connection
 * @name: its name
 * @settings: those to be changed
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_client_set_group(struct mcpeer_client *client, const char *name,
			    const struct mcpeer_settings *settings)
{
	return change_group(client, MCPEER_CMD_GROUP_SET, name, settings);
}

/**
 * mcpeer_client_del_group - stop a group
 * @client: the connection
 * @name: its name
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_client_del_group(struct mcpeer_client *client, const char *name)
{
	struct nl_msg *msg;

	msg = mcpeer_request_new(client, MCPEER_CMD_GROUP_DEL, 0);
	msg = put_text(msg, MCPEER_A_GROUP_NAME, name);
	return mcpeer_request_run(client, msg, NULL, NULL);
}

/**
 * mcpeer_client_get_journal - ask how far the journal reaches
 * @client: the connection
 * @journal: the answer
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_client_get_journal(struct mcpeer_client *client,
			      struct mcpeer_journal_info *journal)
{
	struct nl_msg *msg;

	*journal = (struct mcpeer_journal_info) { .seq = 0 };
	msg = mcpeer_request_new(client, MCPEER_CMD_EVENT_GET, 0);
	return mcpeer_request_run(client, msg, decode_journal, journal);
}

/**
 * mcpeer_client_replay - read events from the journal
 * @client: the connection
 * @since: number of the first one wanted
 * @fn: gets the events that are kept, in their order
 * @arg: for @fn
 *
 * Return: 0, a negative error number, or what a callback ended it with.
 */
int mcpeer_client_replay(struct mcpeer_client *client, uint64_t since,
			 mcpeer_client_event_fn fn, void *arg)
{
	struct sink sink = { .fn.event = fn, .arg = arg };
	struct nl_msg *msg;

	msg = mcpeer_request_new(client, MCPEER_CMD_EVENT_GET, NLM_F_DUMP);
	if (msg)
		msg = put(msg, nla_put_u64(msg, MCPEER_A_EVENT_SINCE, since));
	return mcpeer_request_run(client, msg, decode_event, &sink);
}
