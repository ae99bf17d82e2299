// SPDX-License-Identifier: GPL-2.0
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/timex.h>
#include "bench.h"

/* Prepared beforehand, so that it is in no figure. */
static int bench_burst_prepare(const struct bench_order *order, u32 done,
			       struct sk_buff_head *batch)
{
	u32 count = min_t(u32, order->pause, order->count - done);
	struct sk_buff *skb;

	while (count--) {
		skb = bench_datagram_new(order->dev, order->first + done++,
					 GFP_KERNEL);
		if (!skb)
			return -ENOMEM;
		__skb_queue_tail(batch, skb);
	}
	return 0;
}

/* The cycles of a machine in virtual time are its instructions. */
static void bench_burst_receive(struct sk_buff_head *batch,
				struct bench_result *result)
{
	struct sk_buff *skb;
	u64 begin, cycles;

	result->datagrams += skb_queue_len(batch);
	local_bh_disable();
	begin = get_cycles();
	while ((skb = __skb_dequeue(batch)))
		netif_receive_skb(skb);
	cycles = get_cycles() - begin;
	local_bh_enable();
	result->busy += cycles;
	result->longest = max(result->longest, cycles);
}

/**
 * bench_burst_run - have datagrams received as fast as it goes
 * @order: which
 * @result: what it took to receive them, without what follows
 *
 * Context: Process context, sleeps.
 * Return: 0, -EINVAL, -ENOMEM or -EINTR.
 */
int bench_burst_run(const struct bench_order *order,
		    struct bench_result *result)
{
	struct sk_buff_head batch;
	u32 round, done;
	int err;

	if (!order->pause || order->pause > U32_MAX)
		return -EINVAL;
	__skb_queue_head_init(&batch);
	for (round = 0; round < order->rounds; round++) {
		for (done = 0; done < order->count; done += order->pause) {
			err = bench_burst_prepare(order, done, &batch);
			if (err) {
				__skb_queue_purge(&batch);
				return err;
			}
			bench_burst_receive(&batch, result);
			cond_resched();
			if (signal_pending(current))
				return -EINTR;
		}
	}
	return 0;
}
