/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_PEER_JSON_H
#define MCPEER_PEER_JSON_H

#include "buffer.h"
#include "client.h"

void mcpeer_peer_json_write(struct mcpeer_buffer *to, const char *key,
			    const struct mcpeer_peer_info *peer);

#endif
