/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_TABLE_H
#define MCPEER_TABLE_H

#include "buffer.h"
#include "commands.h"
#include "compiler.h"

#define MCPEER_TABLE_COLUMNS_MAX	10

/* Colours of a cell. */
#define MCPEER_TABLE_PLAIN	""
#define MCPEER_TABLE_BOLD	"1"
#define MCPEER_TABLE_FAINT	"2"
#define MCPEER_TABLE_RED	"31"
#define MCPEER_TABLE_GREEN	"32"
#define MCPEER_TABLE_YELLOW	"33"
#define MCPEER_TABLE_CYAN	"36"
#define MCPEER_TABLE_ALARM	"1;31"

/**
 * struct mcpeer_table_cell - one cell
 * @text: already fit for a terminal; empty if the cell is
 * @colour: MCPEER_TABLE_*, or NULL for plain
 * @bytes: length of @text, set by mcpeer_table_measure()
 * @columns: that @text takes on a terminal, the same
 */
struct mcpeer_table_cell {
	const char *text;
	const char *colour;
	unsigned short bytes;
	unsigned short columns;
};

/**
 * struct mcpeer_table - aligned columns
 * @count: how many columns
 * @right: a bit for each column that is aligned to the right
 * @hidden: a bit for each column that is not shown
 * @width: of each column; may be set to begin with
 */
struct mcpeer_table {
	unsigned int count;
	unsigned int right;
	unsigned int hidden;
	unsigned int width[MCPEER_TABLE_COLUMNS_MAX];
};

void mcpeer_table_measure(struct mcpeer_table *table,
			  struct mcpeer_table_cell *cells);
void mcpeer_table_add(struct mcpeer_buffer *to,
		      const struct mcpeer_context *context,
		      const struct mcpeer_table *table,
		      const struct mcpeer_table_cell *cells);
__printf(3, 4)
void mcpeer_table_field(const struct mcpeer_context *context, const char *key,
			const char *format, ...);

#endif
