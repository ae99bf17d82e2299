// SPDX-License-Identifier: GPL-2.0
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include "bench.h"

/**
 * struct bench_flood - interrupts without end
 * @timer: makes one
 * @order: of which kind
 * @made: how many there were
 * @done: when all were, or there was no memory
 */
struct bench_flood {
	struct hrtimer timer;
	const struct bench_order *order;
	u32 made;
	struct completion done;
};

/* About a microsecond in virtual time, of which an emulator has no work. */
static void bench_flood_spin(u32 microseconds)
{
	while (microseconds--)
		asm volatile(".rept 1000\n\tnop\n\t.endr");
}

/*
 * Runs in hard interrupt, as a device's handler that is slow and has a frame
 * received that nobody wants: a softirq follows.
 */
static enum hrtimer_restart bench_flood_timer(struct hrtimer *timer)
{
	struct bench_flood *flood = container_of(timer, struct bench_flood,
						 timer);
	const struct bench_order *order = flood->order;
	struct sk_buff *skb;

	bench_flood_spin(order->rounds);
	skb = bench_datagram_new(order->dev, 0, GFP_ATOMIC);
	if (!skb)
		goto out_done;
	skb->protocol = htons(ETH_P_LOOPBACK);
	netif_rx(skb);
	if (++flood->made == order->count)
		goto out_done;
	hrtimer_forward_now(timer, ns_to_ktime(order->pause));
	return HRTIMER_RESTART;

out_done:
	complete(&flood->done);
	return HRTIMER_NORESTART;
}

/**
 * bench_flood_run - have interrupts come
 * @order: count of them, rounds microseconds each, pause apart
 * @result: how many there were
 *
 * Context: Process context, sleeps.
 * Return: 0, -ENOMEM or -ERESTARTSYS.
 */
int bench_flood_run(const struct bench_order *order,
		    struct bench_result *result)
{
	struct bench_flood flood = { .order = order };
	int err;

	init_completion(&flood.done);
	hrtimer_init_on_stack(&flood.timer, CLOCK_MONOTONIC,
			      HRTIMER_MODE_REL_HARD);
	flood.timer.function = bench_flood_timer;
	hrtimer_start(&flood.timer, ns_to_ktime(order->pause),
		      HRTIMER_MODE_REL_HARD);
	err = wait_for_completion_killable(&flood.done);
	hrtimer_cancel(&flood.timer);
	destroy_hrtimer_on_stack(&flood.timer);
	result->datagrams = flood.made;
	if (err)
		return err;
	return flood.made == order->count ? 0 : -ENOMEM;
}
