/* SPDX-License-Identifier: GPL-2.0 */
/* Of kmod/text.h, which has the name and the guard of userspace/text.h. */
#ifndef MCPEER_FUZZ_KERNEL_H
#define MCPEER_FUZZ_KERNEL_H

#include <stdbool.h>

struct mcpeer_text {
	const char *at;
	unsigned int len;
};

bool mcpeer_text_is_utf8(struct mcpeer_text text);

#endif
