/* SPDX-License-Identifier: GPL-2.0 */
/* Extension headers of IPv6, one behind the other. */
#ifndef MCPEER_FUZZ_CHAIN_H
#define MCPEER_FUZZ_CHAIN_H

#include <stddef.h>
#include <stdint.h>

#include "part.h"

#define CHAIN_MAX	256

/**
 * struct chain - what is between the header of IPv6 and that of UDP
 * @first: type of the first header, which is UDP's if there is none here
 * @last: where the last one begins
 * @len: of @bytes
 * @bytes: the headers
 */
struct chain {
	uint8_t first;
	size_t last;
	size_t len;
	unsigned char bytes[CHAIN_MAX];
};

void chain_start(struct chain *chain);
void chain_add_any(struct chain *chain, uint64_t *random, unsigned int count);
void chain_add_fragment(struct chain *chain, uint32_t ident,
			const struct part *part);

#endif
