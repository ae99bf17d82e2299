// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "peer_text.h"

static void escape(char *dst, size_t size, const char *text)
{
	mcpeer_text_escape(dst, size, text ? text : "");
}

/**
 * mcpeer_peer_text_write - put a peer into words
 * @text: the words
 * @peer: the peer
 */
void mcpeer_peer_text_write(struct mcpeer_peer_text *text,
			    const struct mcpeer_peer_info *peer)
{
	struct mcpeer_word interface;

	interface = mcpeer_word_interface(peer->ifname, peer->ifindex);
	text->address = mcpeer_word_address(&peer->address);
	escape(text->group, sizeof(text->group), peer->group);
	escape(text->name, sizeof(text->name), peer->name);
	escape(text->value, sizeof(text->value), peer->value);
	escape(text->interface, sizeof(text->interface), interface.text);
	mcpeer_word_seconds(text->silent, peer->silent, 1,
			    MCPEER_WORD_NOTHING);
	mcpeer_word_seconds(text->expires, peer->expires_in, 1, "never");
}

/**
 * mcpeer_peer_text_place - fill the cells that tell who and where a peer is
 * @cells: MCPEER_PEER_TEXT_PLACE of them
 * @text: the peer, as long as the cells are used
 */
void mcpeer_peer_text_place(struct mcpeer_table_cell *cells,
			    const struct mcpeer_peer_text *text)
{
	cells[0].colour = MCPEER_TABLE_BOLD;
	cells[0].text = mcpeer_word_or_dash(text->name);
	cells[MCPEER_PEER_TEXT_PLACE_GROUP].text =
		mcpeer_word_or_dash(text->group);
	cells[2].text = mcpeer_word_or_dash(text->address.text);
	cells[3].text = mcpeer_word_or_dash(text->interface);
}
