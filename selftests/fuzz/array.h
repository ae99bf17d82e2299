/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_FUZZ_ARRAY_H
#define MCPEER_FUZZ_ARRAY_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#endif
