// SPDX-License-Identifier: GPL-2.0
/* The groups of a network namespace, kept. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "group_list.h"

#define ROOM_AT_FIRST	8

static void clear(void *arg)
{
	struct mcpeer_group_list *list = arg;

	while (list->count)
		free((void *)list->groups[--list->count].interfaces);
}

static int add(const struct mcpeer_group_info *group, void *arg)
{
	struct mcpeer_group_info *larger;
	struct mcpeer_group_list *list = arg;
	size_t room;

	if (list->count == list->room) {
		room = list->room ? list->room * 2 : ROOM_AT_FIRST;
		larger = reallocarray(list->groups, room, sizeof(*larger));
		if (!larger)
			return -ENOMEM;
		list->groups = larger;
		list->room = room;
	}
	larger = &list->groups[list->count++];
	*larger = *group;
	larger->interfaces = NULL;
	larger->interface_count = 0;
	return 0;
}

static int compare(const void *left, const void *right)
{
	const struct mcpeer_group_info *a = left, *b = right;

	return strcmp(a->name, b->name);
}

/**
 * mcpeer_group_list_read - ask for all groups
 * @list: gets them, without their interfaces; empty before
 * @client: the connection; see mcpeer_client_torn()
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_group_list_read(struct mcpeer_group_list *list,
			   struct mcpeer_client *client)
{
	int err = mcpeer_client_list_groups(client, clear, add, list);

	if (!err && list->count)
		qsort(list->groups, list->count, sizeof(*list->groups),
		      compare);
	return err;
}

static size_t size_of(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

/* In one piece of memory: the array, and the names behind it. */
static struct mcpeer_interface_info *
copy_interfaces(const struct mcpeer_group_info *group)
{
	size_t size = group->interface_count * sizeof(*group->interfaces);
	struct mcpeer_interface_info *own;
	char *room;

	for (size_t i = 0; i < group->interface_count; i++)
		size += size_of(group->interfaces[i].ifname);
	own = malloc(size);
	if (!own)
		return NULL;
	room = (char *)(own + group->interface_count);
	for (size_t i = 0; i < group->interface_count; i++) {
		own[i] = group->interfaces[i];
		if (!own[i].ifname)
			continue;
		own[i].ifname = room;
		room = stpcpy(room, group->interfaces[i].ifname) + 1;
	}
	return own;
}

static int take_whole(const struct mcpeer_group_info *group, void *arg)
{
	struct mcpeer_group_info *whole = arg;

	*whole = *group;
	if (!group->interface_count)
		return 0;
	whole->interfaces = copy_interfaces(group);
	return whole->interfaces ? 0 : -ENOMEM;
}

/**
 * mcpeer_group_list_complete - ask for the interfaces of each group
 * @list: the groups; those that are gone by now are taken off
 * @client: the connection
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_group_list_complete(struct mcpeer_group_list *list,
			       struct mcpeer_client *client)
{
	size_t kept = 0;
	int err = 0;

	for (size_t i = 0; !err && i < list->count; i++) {
		struct mcpeer_group_info whole = { .interfaces = NULL };

		err = mcpeer_client_get_group(client, list->groups[i].name,
					      take_whole, &whole);
		if (!err) {
			list->groups[kept++] = whole;
			continue;
		}
		free((void *)whole.interfaces);
		/* Without a sentence it is the module that is gone. */
		if (err == -ENOENT && mcpeer_client_sentence(client))
			err = 0;
	}
	list->count = kept;
	return err;
}

/**
 * mcpeer_group_list_free - forget the groups
 * @list: the groups
 */
void mcpeer_group_list_free(struct mcpeer_group_list *list)
{
	clear(list);
	free(list->groups);
}
