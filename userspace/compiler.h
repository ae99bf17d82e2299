/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_COMPILER_H
#define MCPEER_COMPILER_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define __printf(a, b)		__attribute__((__format__(printf, a, b)))

#endif
