// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "peer_json.h"
#include "peer_list.h"
#include "peer_text.h"

#define ROOM_AT_FIRST	64

/* So many peers are printed at once where they are not sorted. */
#define UNSORTED_MAX	256

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
		.hidden = 1u << COLUMN_GROUP,
	};
	/* Else it is hidden until there is another group than the default. */
	if (list->unsorted && !list->context->group)
		list->table.hidden = 0;
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
	if (object->failed)
		list->rows.failed = true;
	else
		mcpeer_buffer_add(&list->rows, object->bytes, object->len);
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

static void add_object(struct mcpeer_buffer *lines,
		       const struct mcpeer_peer_list *list, size_t i)
{
	mcpeer_buffer_add_byte(lines, list->printed ? ',' : '[', 1);
	mcpeer_buffer_add_text(lines, printable(list, i));
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

static void add_header(struct mcpeer_buffer *lines,
		       struct mcpeer_peer_list *list)
{
	struct mcpeer_table_cell header[COLUMNS] = { };

	set_header(header);
	mcpeer_table_measure(&list->table, header);
	mcpeer_table_add(lines, list->context, &list->table, header);
}

/* Prints what is kept, and keeps it no longer. */
static int print_kept(struct mcpeer_peer_list *list)
{
	struct mcpeer_buffer lines = { .bytes = NULL };
	bool json = list->context->json;
	int err = 0;

	if (list->context->terminal && !json && list->count && !list->printed)
		add_header(&lines, list);
	for (size_t i = 0; !err && i < list->count; i++, list->printed++) {
		if (json)
			add_object(&lines, list, i);
		else
			add_row(&lines, list, i);
		err = mcpeer_buffer_print_much(&lines);
	}
	if (!err)
		err = mcpeer_buffer_print(&lines);
	mcpeer_buffer_free(&lines);
	list->rows.len = 0;
	list->count = 0;
	list->failure = err;
	return err;
}

/**
 * mcpeer_peer_list_add - take a peer into the list
 * @list: the list; mcpeer_peer_list_clear() was called
 * @peer: the peer
 *
 * Return: 0, -ENOMEM, or why what is to be printed at once could not be: see
 * @failure.
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
	if (list->rows.failed) {
		list->count--;
		return -ENOMEM;
	}
	if (!list->unsorted || list->count < UNSORTED_MAX)
		return 0;
	return print_kept(list);
}

/* JSON of no peers is an empty array; of not all, it is left open. */
static int print_end(const struct mcpeer_peer_list *list, bool whole)
{
	struct mcpeer_buffer end = { .bytes = NULL };

	if (!list->context->json || !(whole || list->printed))
		return 0;
	if (!list->printed)
		mcpeer_json_begin_array(&end, NULL);
	if (whole)
		mcpeer_json_end_array(&end);
	return mcpeer_json_print_line(&end);
}

/**
 * mcpeer_peer_list_print - print the peers, sorted by name, or the last of them
 * @list: the list
 * @whole: none is missing; else JSON is cut off, so that nobody takes it for
 *	whole
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_peer_list_print(struct mcpeer_peer_list *list, bool whole)
{
	int err;

	if (list->count && !list->unsorted)
		qsort_r(list->starts, list->count, sizeof(*list->starts),
			compare, list->rows.bytes);
	err = print_kept(list);
	return err ? err : print_end(list, whole);
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
