// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "commands.h"
#include "options.h"
#include "print.h"
#include "report.h"

#define ROOM_AT_FIRST	64

/* Peers, each in one piece of memory of its own. */
struct peer_list {
	struct mcpeer_peer_info **peers;
	size_t count;
	size_t room;
};

static void clear(void *arg)
{
	struct peer_list *list = arg;

	while (list->count)
		free(list->peers[--list->count]);
}

static size_t size_of(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

static size_t size_of_paths(const struct mcpeer_peer_info *peer)
{
	size_t size = peer->path_count * sizeof(*peer->paths);

	for (size_t i = 0; i < peer->path_count; i++)
		size += size_of(peer->paths[i].ifname);
	return size;
}

/* Moves a text behind those that are already in @room. */
static void move_text(const char **text, char **room)
{
	size_t size = size_of(*text);

	if (size)
		*text = memcpy(*room, *text, size);
	*room += size;
}

/* The paths come before the texts, for they have to be aligned. */
static void move_paths(struct mcpeer_peer_info *peer, char **room)
{
	struct mcpeer_path_info *paths = (void *)*room;

	if (!peer->path_count)
		return;
	*room += peer->path_count * sizeof(*paths);
	for (size_t i = 0; i < peer->path_count; i++) {
		paths[i] = peer->paths[i];
		move_text(&paths[i].ifname, room);
	}
	peer->paths = paths;
}

static struct mcpeer_peer_info *copy(const struct mcpeer_peer_info *peer)
{
	struct mcpeer_peer_info *own;
	char *room;

	own = malloc(sizeof(*own) + size_of_paths(peer) +
		     size_of(peer->group) + size_of(peer->name) +
		     size_of(peer->ifname) + size_of(peer->value));
	if (!own)
		return NULL;
	*own = *peer;
	room = (char *)(own + 1);
	move_paths(own, &room);
	move_text(&own->group, &room);
	move_text(&own->name, &room);
	move_text(&own->ifname, &room);
	move_text(&own->value, &room);
	return own;
}

static int add(const struct mcpeer_peer_info *peer, void *arg)
{
	struct mcpeer_peer_info **larger, *own;
	struct peer_list *list = arg;
	size_t room;

	if (list->count == list->room) {
		room = list->room ? list->room * 2 : ROOM_AT_FIRST;
		larger = reallocarray(list->peers, room, sizeof(*larger));
		if (!larger)
			return -ENOMEM;
		list->peers = larger;
		list->room = room;
	}
	own = copy(peer);
	if (!own)
		return -ENOMEM;
	list->peers[list->count++] = own;
	return 0;
}

static int compare(const void *left, const void *right)
{
	const struct mcpeer_peer_info *a = *(struct mcpeer_peer_info **)left;
	const struct mcpeer_peer_info *b = *(struct mcpeer_peer_info **)right;
	int order = strcmp(a->name, b->name);

	if (order || !a->group || !b->group)
		return order;
	return strcmp(a->group, b->group);
}

static void forget_groups(void *arg)
{
	*(bool *)arg = false;
}

static int find_group(const struct mcpeer_group_info *group, void *arg)
{
	(void)group;
	*(bool *)arg = true;
	return 0;
}

/* A person who sees no peers is told why there can be none. */
static void explain_nothing(struct mcpeer_client *client)
{
	bool has_group = true;

	mcpeer_client_list_groups(client, forget_groups, find_group,
				  &has_group);
	mcpeer_report(has_group ? "no peers" :
		      "no peers, for there is no group in this network namespace");
}

static enum mcpeer_status print(const struct mcpeer_context *context,
				const struct peer_list *list)
{
	int err;

	if (list->count)
		qsort(list->peers, list->count, sizeof(*list->peers), compare);
	err = mcpeer_print_peers(context,
				 (const struct mcpeer_peer_info **)list->peers,
				 list->count);
	return mcpeer_report_print(err);
}

static enum mcpeer_status list_peers(struct mcpeer_context *context,
				     struct mcpeer_client *client)
{
	const struct mcpeer_deed deed = {
		.verb = "list the peers",
		.gerund = "listing",
		.noun = "peer",
		.group = context->group,
	};
	struct peer_list peers = { .count = 0 };
	enum mcpeer_status status, printed;
	int err;

	err = mcpeer_client_list_peers(client, context->group, clear, add,
				       &peers);
	status = mcpeer_report_outcome(client, &deed, err);
	if (!err) {
		printed = print(context, &peers);
		status = status ? status : printed;
		if (!peers.count && context->terminal && !context->json)
			explain_nothing(client);
	}
	clear(&peers);
	free(peers.peers);
	return status;
}

static enum mcpeer_status run(struct mcpeer_context *context,
			      int argc, char **argv)
{
	static const char *const names[] = { NULL };
	struct mcpeer_client *client;
	enum mcpeer_status status;

	status = mcpeer_options_only(context, &argc, &argv, names, 0);
	if (status != MCPEER_GO_ON)
		return status;
	status = mcpeer_report_open(mcpeer_client_open(&client));
	if (status == MCPEER_GO_ON)
		status = list_peers(context, client);
	mcpeer_client_close(client);
	return status;
}

const struct mcpeer_verb mcpeer_cmd_list = {
	.name = "list",
	.usage = "list [-j] [-g GROUP]",
	.summary = "list the peers",
	.help =
	"Lists the peers of all groups, or of the one named by -g, sorted by name.\n"
	"This is what mcpeer does without a verb.\n"
	"\n"
	"  ADDRESS, INTERFACE\n"
	"           where the peer was heard last; show has all its paths\n"
	"  SILENT   seconds since the peer was last heard, or registered\n"
	"  EXPIRES  seconds until it is gone, unless it is heard again\n"
	"  VALUE    what was registered with a peer of this host\n",
	.run = run,
};
