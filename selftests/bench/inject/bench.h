/* SPDX-License-Identifier: GPL-2.0 */
/* What is asked for, and what was found; see main.c. */
#ifndef BENCH_H
#define BENCH_H

#include <linux/types.h>

struct net_device;
struct sk_buff;

#define BENCH_PORT	49001
#define BENCH_GROUP	0xef020304	/* 239.2.3.4 */
#define BENCH_PREFIX	"multitastic:"

/**
 * struct bench_order - datagrams to be received
 * @dev: by this device
 * @first: number of the first sender
 * @count: how many senders
 * @rounds: how often each of them
 * @pause: nanoseconds between two of them, for bench_pace_run(); for
 *	bench_burst_run(), after how many of them others may run
 * @silence: of so many rounds another sender is silent; 0 for none
 */
struct bench_order {
	struct net_device *dev;
	u32 first;
	u32 count;
	u32 rounds;
	u64 pause;
	u32 silence;
};

/**
 * struct bench_result - what it took
 * @datagrams: how many were received
 * @busy: nanoseconds, each an instruction in virtual time
 * @longest: of a batch
 */
struct bench_result {
	u64 datagrams;
	u64 busy;
	u64 longest;
};

struct sk_buff *bench_datagram_new(struct net_device *dev, u32 number,
				   gfp_t gfp);
int bench_burst_run(const struct bench_order *order,
		    struct bench_result *result);
int bench_pace_run(const struct bench_order *order,
		   struct bench_result *result);
u64 bench_pace_busy(void);
int bench_flood_run(const struct bench_order *order,
		    struct bench_result *result);
int bench_floor_open(void);
void bench_floor_close(void);

#endif /* BENCH_H */
