/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_WORD_H
#define MCPEER_WORD_H

#include <stdint.h>

#include "client.h"
#include "text.h"

#define MCPEER_WORD_MAX		64

/* Room for seconds with their unit, or for what stands in their place. */
#define MCPEER_WORD_SECONDS_MAX	(MCPEER_TEXT_SECONDS_MAX + 1)

/* What stands where there is nothing. */
#define MCPEER_WORD_NOTHING	"-"

/**
 * struct mcpeer_word - a short text with its own room
 * @text: raw, as it is for JSON; empty if there is nothing to say
 */
struct mcpeer_word {
	char text[MCPEER_WORD_MAX + 1];
};

struct mcpeer_word mcpeer_word_address(const struct mcpeer_address *address);
struct mcpeer_word mcpeer_word_interface(const char *ifname, uint32_t ifindex);
struct mcpeer_word mcpeer_word_source(uint32_t source);
struct mcpeer_word mcpeer_word_state(uint32_t state);
struct mcpeer_word mcpeer_word_event(uint32_t type);
struct mcpeer_word mcpeer_word_interface_state(uint32_t state);
struct mcpeer_word mcpeer_word_off_link(uint64_t off_link);
void mcpeer_word_seconds(char dst[MCPEER_WORD_SECONDS_MAX], uint64_t ms,
			 int digits, const char *none);
const char *mcpeer_word_or_dash(const char *text);

#endif
