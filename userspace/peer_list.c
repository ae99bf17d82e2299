// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "peer_json.h"
#include "peer_list.h"
#include "peer_text.h"

#define ROOM_AT_FIRST	64

/* The columns; before them are those that mcpeer_peer_text_place() fills. */
enum column {
	COLUMN_GROUP = MCPEER_PEER_TEXT_PLACE_GROUP,
	COLUMN_SILENT = MCPEER_PEER_TEXT_PLACE,
	COLUMN_EXPIRES,
	COLUMN_VALUE,
	COLUMNS
};

/**
 * struct kept_cell - what is kept of a cell before its text
 * @bytes: length of the text
 * @columns: that it takes
 */
struct kept_cell {
	unsigned short bytes;
	unsigned short columns;
};

/**
 * mcpeer_peer_list_clear - forget the peers, and be ready for others
 * @list: the list
 */
void mcpeer_peer_list_clear(struct mcpeer_peer_list *list)
{
	list->rows.len = 0;
	list->count = 0;
	list->table = (struct mcpeer_table) {
		.count = COLUMNS,
		.right = 1u << COLUMN_SILENT | 1u << COLUMN_EXPIRES,
		/* Until there is another group than the default. */
		.hidden = 1u << COLUMN_GROUP,
	};
}

static void keep(struct mcpeer_peer_list *list, const char *text)
{
	mcpeer_buffer_add(&list->rows, text, strlen(text) + 1);
}

static void keep_json(struct mcpeer_peer_list *list,
		      const struct mcpeer_peer_info *peer)
{
	struct mcpeer_buffer *object = &list->object;

	object->len = 0;
	mcpeer_peer_json_write(object, NULL, peer);
	mcpeer_buffer_add_byte(object, '\0', 1);
	mcpeer_buffer_add(&list->rows, object->bytes, object->len);
	list->rows.failed |= object->failed;
}

/* The text is behind the cell, and stays there wherever @rows moves to. */
static void keep_cell(struct mcpeer_peer_list *list,
		      const struct mcpeer_table_cell *cell)
{
	struct kept_cell kept = { cell->bytes, cell->columns };

	mcpeer_buffer_add(&list->rows, &kept, sizeof(kept));
	mcpeer_buffer_add(&list->rows, cell->text, cell->bytes);
}

static const char *take_cell(struct mcpeer_table_cell *cell, const char *at)
{
	struct kept_cell kept;

	memcpy(&kept, at, sizeof(kept));
	cell->text = at + sizeof(kept);
	cell->bytes = kept.bytes;
	cell->columns = kept.columns;
	return cell->text + kept.bytes;
}

static void keep_row(struct mcpeer_peer_list *list,
		     const struct mcpeer_peer_info *peer)
{
	struct mcpeer_table_cell cells[COLUMNS] = { };
	struct mcpeer_peer_text text;

	mcpeer_peer_text_write(&text, peer);
	mcpeer_peer_text_place(cells, &text);
	cells[COLUMN_SILENT].text = text.silent;
	cells[COLUMN_EXPIRES].text = text.expires;
	cells[COLUMN_VALUE].text = text.value;
	mcpeer_table_measure(&list->table, cells);
	for (int i = 0; i < COLUMNS; i++)
		keep_cell(list, &cells[i]);
}

/* The group is told as soon as it is not just the default. */
static void look_at_group(struct mcpeer_peer_list *list, const char *group)
{
	if (!list->context->group &&
	    (!group || strcmp(group, MCPEER_CLIENT_DEFAULT_GROUP)))
		list->table.hidden = 0;
}

static int make_room(struct mcpeer_peer_list *list)
{
	size_t room = list->room ? list->room * 2 : ROOM_AT_FIRST;
	size_t *larger = reallocarray(list->starts, room, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	list->starts = larger;
	list->room = room;
	return 0;
}

/**
 * mcpeer_peer_list_add - take a peer into the list
 * @list: the list; mcpeer_peer_list_clear() was called
 * @peer: the peer
 *
 * Return: 0 or -ENOMEM.
 */
int mcpeer_peer_list_add(struct mcpeer_peer_list *list,
			 const struct mcpeer_peer_info *peer)
{
	if (list->count == list->room && make_room(list))
		return -ENOMEM;
	list->starts[list->count++] = list->rows.len;
	keep(list, peer->name);
	keep(list, peer->group ? peer->group : "");
	if (list->context->json) {
		keep_json(list, peer);
	} else {
		look_at_group(list, peer->group);
		keep_row(list, peer);
	}
	return list->rows.failed ? -ENOMEM : 0;
}

/* Behind a text that is kept there is the next one. */
static const char *behind(const char *text)
{
	return text + strlen(text) + 1;
}

static int compare(const void *left, const void *right, void *rows)
{
	const char *a = (const char *)rows + *(const size_t *)left;
	const char *b = (const char *)rows + *(const size_t *)right;
	int order = strcmp(a, b);

	return order ? order : strcmp(behind(a), behind(b));
}

/* What is to be printed of a peer, behind its name and group. */
static const char *printable(const struct mcpeer_peer_list *list, size_t i)
{
	return behind(behind(list->rows.bytes + list->starts[i]));
}

/* What has been added is written from time to time, but for the rest. */
static int add_json(struct mcpeer_buffer *lines,
		    const struct mcpeer_peer_list *list)
{
	int err = 0;

	mcpeer_buffer_add_byte(lines, '[', 1);
	for (size_t i = 0; !err && i < list->count; i++) {
		if (i)
			mcpeer_buffer_add_byte(lines, ',', 1);
		mcpeer_buffer_add_text(lines, printable(list, i));
		err = mcpeer_buffer_print_much(lines);
	}
	mcpeer_buffer_add_text(lines, "]\n");
	return err;
}

static void set_header(struct mcpeer_table_cell *cells)
{
	static const char *const names[COLUMNS] = {
		"NAME", "GROUP", "ADDRESS", "INTERFACE", "SILENT", "EXPIRES",
		"VALUE",
	};

	for (int i = 0; i < COLUMNS; i++) {
		cells[i].colour = MCPEER_TABLE_FAINT;
		cells[i].text = names[i];
	}
}

static void add_row(struct mcpeer_buffer *lines,
		    const struct mcpeer_peer_list *list, size_t i)
{
	struct mcpeer_table_cell cells[COLUMNS] = {
		{ .colour = MCPEER_TABLE_BOLD },
	};
	const char *at = printable(list, i);

	for (int column = 0; column < COLUMNS; column++)
		at = take_cell(&cells[column], at);
	mcpeer_table_add(lines, list->context, &list->table, cells);
}

static int add_text(struct mcpeer_buffer *lines, struct mcpeer_peer_list *list)
{
	struct mcpeer_table_cell header[COLUMNS] = { };
	int err = 0;

	if (list->context->terminal && list->count) {
		set_header(header);
		mcpeer_table_measure(&list->table, header);
		mcpeer_table_add(lines, list->context, &list->table, header);
	}
	for (size_t i = 0; !err && i < list->count; i++) {
		add_row(lines, list, i);
		err = mcpeer_buffer_print_much(lines);
	}
	return err;
}

/**
 * mcpeer_peer_list_print - print the peers, sorted by name
 * @list: the list
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_peer_list_print(struct mcpeer_peer_list *list)
{
	struct mcpeer_buffer lines = { .bytes = NULL };
	int err;

	if (list->count)
		qsort_r(list->starts, list->count, sizeof(*list->starts),
			compare, list->rows.bytes);
	err = list->context->json ? add_json(&lines, list) :
				    add_text(&lines, list);
	if (!err)
		err = mcpeer_buffer_print(&lines);
	mcpeer_buffer_free(&lines);
	return err;
}

/**
 * mcpeer_peer_list_free - forget the peers
 * @list: the list, unchanged since all was zero or by these functions
 */
void mcpeer_peer_list_free(struct mcpeer_peer_list *list)
{
	mcpeer_buffer_free(&list->rows);
	mcpeer_buffer_free(&list->object);
	free(list->starts);
}
