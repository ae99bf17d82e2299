/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_PEER_TEXT_H
#define MCPEER_PEER_TEXT_H

#include "client.h"
#include "table.h"
#include "text.h"
#include "word.h"

/**
 * struct mcpeer_peer_text - a peer in words that are fit for a terminal
 * @group: the group it belongs to
 * @name: its name
 * @interface: where it was heard last
 * @value: what was registered with it
 * @silent: how long it was not heard
 * @expires: when it will be gone
 * @address: where it was heard last, or was registered to be
 *
 * What is not there is empty, but for the times.
 */
struct mcpeer_peer_text {
	char group[MCPEER_TEXT_ESCAPED(MCPEER_GROUP_NAME_MAX)];
	char name[MCPEER_TEXT_ESCAPED(MCPEER_NAME_MAX)];
	char interface[MCPEER_TEXT_ESCAPED(MCPEER_WORD_MAX)];
	char value[MCPEER_TEXT_ESCAPED(MCPEER_VALUE_MAX)];
	char silent[MCPEER_WORD_SECONDS_MAX];
	char expires[MCPEER_WORD_SECONDS_MAX];
	struct mcpeer_word address;
};

/* How many cells mcpeer_peer_text_place() fills, and which has the group. */
#define MCPEER_PEER_TEXT_PLACE		4
#define MCPEER_PEER_TEXT_PLACE_GROUP	1

void mcpeer_peer_text_write(struct mcpeer_peer_text *text,
			    const struct mcpeer_peer_info *peer);
void mcpeer_peer_text_place(struct mcpeer_table_cell *cells,
			    const struct mcpeer_peer_text *text);

#endif
