/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rivals: two hosts that announce one name, told from one host that has
 * several addresses. Pure: works on the paths of a peer only.
 */
#ifndef MCPEER_RIVAL_H
#define MCPEER_RIVAL_H

#include "path.h"

bool mcpeer_rival_heard(struct mcpeer_paths *paths,
			const struct mcpeer_path *path, u64 interval, u64 now);
bool mcpeer_rival_begin(struct mcpeer_paths *paths,
			const struct mcpeer_path *path, u64 expiry, u64 now);
bool mcpeer_rival_over(struct mcpeer_paths *paths, u64 expiry, u64 now);

#endif /* MCPEER_RIVAL_H */
