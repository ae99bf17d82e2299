// SPDX-License-Identifier: GPL-2.0
#include "json.h"
#include "peer_json.h"
#include "word.h"

static void write_path(struct mcpeer_buffer *to,
		       const struct mcpeer_path_info *path)
{
	struct mcpeer_word interface, address;

	interface = mcpeer_word_interface(path->ifname, path->ifindex);
	address = mcpeer_word_address(&path->address);
	mcpeer_json_begin_object(to, NULL);
	mcpeer_json_word(to, "address", &address);
	mcpeer_json_word(to, "interface", &interface);
	mcpeer_json_seconds(to, "silent", path->silent);
	mcpeer_json_end_object(to);
}

/* A key that is not always there: most peers have one path. */
static void write_paths(struct mcpeer_buffer *to,
			const struct mcpeer_peer_info *peer)
{
	if (!peer->path_count)
		return;
	mcpeer_json_begin_array(to, "paths");
	for (size_t i = 0; i < peer->path_count; i++)
		write_path(to, &peer->paths[i]);
	mcpeer_json_end_array(to);
}

/**
 * mcpeer_peer_json_write - write a peer as JSON
 * @to: where to
 * @key: its key, or NULL
 * @peer: the peer
 */
void mcpeer_peer_json_write(struct mcpeer_buffer *to, const char *key,
			    const struct mcpeer_peer_info *peer)
{
	struct mcpeer_word interface, address, source, state;

	interface = mcpeer_word_interface(peer->ifname, peer->ifindex);
	address = mcpeer_word_address(&peer->address);
	source = mcpeer_word_source(peer->source);
	state = mcpeer_word_state(peer->state);
	mcpeer_json_begin_object(to, key);
	mcpeer_json_text(to, "group", peer->group);
	mcpeer_json_text(to, "name", peer->name);
	mcpeer_json_word(to, "address", &address);
	mcpeer_json_word(to, "interface", &interface);
	mcpeer_json_text(to, "value", peer->value);
	mcpeer_json_word(to, "source", &source);
	mcpeer_json_word(to, "state", &state);
	mcpeer_json_seconds(to, "age", peer->age);
	mcpeer_json_seconds(to, "silent", peer->silent);
	mcpeer_json_seconds(to, "expires_in", peer->expires_in);
	mcpeer_json_number(to, "heard", peer->heard);
	write_paths(to, peer);
	mcpeer_json_end_object(to);
}
