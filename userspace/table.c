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

static void print_coloured(const struct mcpeer_context *context,
			   const char *text, const char *colour)
{
	if (context->colour && colour && *colour && *text)
		printf("\033[%sm%s\033[0m", colour, text);
	else
		fputs(text, stdout);
}

/**
 * mcpeer_table_measure - make the columns wide enough for a row
 * @table: the table
 * @cells: the row
 */
void mcpeer_table_measure(struct mcpeer_table *table,
			  const struct mcpeer_table_cell *cells)
{
	for (unsigned int i = 0; i < table->count; i++) {
		unsigned int width = columns_of(cells[i].text);

		if (width > table->width[i])
			table->width[i] = width;
	}
}

/**
 * mcpeer_table_print - print a row
 * @context: whether there are colours
 * @table: the table
 * @cells: the row; no blanks are printed behind the last cell with a text
 */
void mcpeer_table_print(const struct mcpeer_context *context,
			const struct mcpeer_table *table,
			const struct mcpeer_table_cell *cells)
{
	unsigned int last = table->count;
	unsigned int gap = 0;

	while (last && !*cells[last - 1].text)
		last--;
	for (unsigned int i = 0; i < last; i++) {
		unsigned int fill, width = columns_of(cells[i].text);

		fill = width < table->width[i] ? table->width[i] - width : 0;
		if (table->right & 1u << i) {
			gap += fill;
			fill = 0;
		}
		printf("%*s", gap, "");
		print_coloured(context, cells[i].text, cells[i].colour);
		gap = fill + 2;
	}
	putchar('\n');
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
	unsigned int width = columns_of(key);
	va_list args;

	print_coloured(context, key, MCPEER_TABLE_FAINT);
	printf("%*s", width < FIELD_WIDTH ? FIELD_WIDTH - width : 1, "");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}
