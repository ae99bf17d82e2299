// SPDX-License-Identifier: GPL-2.0
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/smp.h>
#include <linux/tick.h>
#include "bench.h"

/**
 * struct bench_pace - datagrams that come one by one
 * @timer: receives one
 * @order: which
 * @turn: how many had their turn
 * @received: how many were received
 * @done: when all have, or there was no memory
 */
struct bench_pace {
	struct hrtimer timer;
	const struct bench_order *order;
	u32 turn;
	u32 received;
	struct completion done;
};

/* Whether it is the sender's turn to be silent. */
static bool bench_pace_silent(const struct bench_order *order, u32 turn)
{
	u32 round = turn / order->count;

	return order->silence && round / order->silence % order->count ==
				 turn % order->count;
}

/* Runs in softirq, as a driver's receive function. */
static enum hrtimer_restart bench_pace_timer(struct hrtimer *timer)
{
	struct bench_pace *pace = container_of(timer, struct bench_pace, timer);
	const struct bench_order *order = pace->order;
	u32 number = order->first + pace->turn % order->count;
	struct sk_buff *skb;

	if (bench_pace_silent(order, pace->turn))
		goto out_next;
	skb = bench_datagram_new(order->dev, number, GFP_ATOMIC);
	if (!skb)
		goto out_done;
	netif_receive_skb(skb);
	pace->received++;
out_next:
	if (++pace->turn == order->count * order->rounds)
		goto out_done;
	hrtimer_forward_now(timer, ns_to_ktime(order->pause));
	return HRTIMER_RESTART;

out_done:
	complete(&pace->done);
	return HRTIMER_NORESTART;
}

/**
 * bench_pace_busy - how long has the only processor been busy?
 *
 * Context: Any.
 * Return: nanoseconds.
 */
u64 bench_pace_busy(void)
{
	u64 idle = get_cpu_idle_time_us(raw_smp_processor_id(), NULL);

	return ktime_get_ns() - idle * NSEC_PER_USEC;
}

/**
 * bench_pace_run - have datagrams received one by one
 * @order: which, with a pause
 * @result: what the whole system did meanwhile
 *
 * Context: Process context, sleeps.
 * Return: 0, -ENOMEM or -ERESTARTSYS.
 */
int bench_pace_run(const struct bench_order *order,
		   struct bench_result *result)
{
	struct bench_pace pace = { .order = order };
	u64 before;
	int err;

	init_completion(&pace.done);
	hrtimer_init_on_stack(&pace.timer, CLOCK_MONOTONIC,
			      HRTIMER_MODE_REL_SOFT);
	pace.timer.function = bench_pace_timer;
	before = bench_pace_busy();
	hrtimer_start(&pace.timer, ns_to_ktime(order->pause),
		      HRTIMER_MODE_REL_SOFT);
	/* It may last for minutes. */
	err = wait_for_completion_killable(&pace.done);
	result->busy = bench_pace_busy() - before;
	result->datagrams = pace.received;
	hrtimer_cancel(&pace.timer);
	destroy_hrtimer_on_stack(&pace.timer);
	if (err)
		return err;
	return pace.turn == order->count * order->rounds ? 0 : -ENOMEM;
}
