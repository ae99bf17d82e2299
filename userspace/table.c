// SPDX-License-Identifier: GPL-2.0
/* Text in columns. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "table.h"

#define FIELD_WIDTH	18

/* Bytes that continue a UTF-8 character take no column. */
static unsigned int columns_of(const char *text)
{
	unsigned int sum = 0;

	for (; *text; text++)
		sum += (*text & 0xc0) != 0x80;
	return sum;
}

static void measure(struct mcpeer_table_cell *cell)
{
	const char *at = cell->text;

	/* Most texts are ASCII, of which each byte takes one. */
	while (*at && !(*at & 0x80))
		at++;
	cell->bytes = at - cell->text;
	cell->columns = cell->bytes;
	if (*at) {
		cell->bytes += strlen(at);
		cell->columns += columns_of(at);
	}
}

static bool is_hidden(const struct mcpeer_table *table, unsigned int column)
{
	return table->hidden & 1u << column;
}

static bool has_colour(const struct mcpeer_context *context,
		       const char *colour)
{
	return context->colour && colour && *colour;
}

static void add_cell(struct mcpeer_buffer *to,
		     const struct mcpeer_context *context,
		     const struct mcpeer_table_cell *cell)
{
	if (!cell->bytes || !has_colour(context, cell->colour)) {
		mcpeer_buffer_add(to, cell->text, cell->bytes);
		return;
	}
	mcpeer_buffer_add_text(to, "\033[");
	mcpeer_buffer_add_text(to, cell->colour);
	mcpeer_buffer_add_byte(to, 'm', 1);
	mcpeer_buffer_add(to, cell->text, cell->bytes);
	mcpeer_buffer_add_text(to, "\033[0m");
}

/**
 * mcpeer_table_measure - make the columns wide enough for a row
 * @table: the table
 * @cells: the row; how much room each takes is kept with it
 */
void mcpeer_table_measure(struct mcpeer_table *table,
			  struct mcpeer_table_cell *cells)
{
	for (unsigned int i = 0; i < table->count; i++) {
		measure(&cells[i]);
		if (cells[i].columns > table->width[i])
			table->width[i] = cells[i].columns;
	}
}

/**
 * mcpeer_table_add - write a row
 * @to: where to
 * @context: whether there are colours
 * @table: the table
 * @cells: the row, which was measured; no blanks are written behind the last
 *	cell with a text
 */
void mcpeer_table_add(struct mcpeer_buffer *to,
		      const struct mcpeer_context *context,
		      const struct mcpeer_table *table,
		      const struct mcpeer_table_cell *cells)
{
	unsigned int last = table->count;
	unsigned int gap = 0;

	while (last && !cells[last - 1].bytes)
		last--;
	for (unsigned int i = 0; i < last; i++) {
		unsigned int fill = 0;

		if (is_hidden(table, i))
			continue;
		if (cells[i].columns < table->width[i])
			fill = table->width[i] - cells[i].columns;
		if (table->right & 1u << i) {
			gap += fill;
			fill = 0;
		}
		mcpeer_buffer_add_byte(to, ' ', gap);
		add_cell(to, context, &cells[i]);
		gap = fill + 2;
	}
	mcpeer_buffer_add_byte(to, '\n', 1);
}

/**
 * mcpeer_table_field - print a line with a name and a value
 * @context: whether there are colours
 * @key: the name
 * @format: the value, already fit for a terminal
 */
void mcpeer_table_field(const struct mcpeer_context *context, const char *key,
			const char *format, ...)
{
	size_t width = strlen(key);
	va_list args;

	if (has_colour(context, MCPEER_TABLE_FAINT))
		printf("\033[%sm%s\033[0m", MCPEER_TABLE_FAINT, key);
	else
		fputs(key, stdout);
	printf("%*s", width < FIELD_WIDTH ? (int)(FIELD_WIDTH - width) : 1, "");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}
