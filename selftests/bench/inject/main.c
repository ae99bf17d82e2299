// SPDX-License-Identifier: GPL-2.0
/*
 * For benchmarks only: datagrams that a device receives without somebody who
 * sends them, and what it takes to receive them. It is for the machine in
 * virtual time that has one processor, and only one program uses it.
 *
 * In debugfs, mcpeer_bench/:
 *
 *	burst	write "DEVICE FIRST COUNT ROUNDS BATCH": as fast as it goes,
 *		in batches
 *	pace	write "DEVICE FIRST COUNT ROUNDS NANOSECONDS SILENCE": one by
 *		one; for so many rounds each another sender is silent, unless 0
 *	flood	write "DEVICE 0 COUNT MICROSECONDS NANOSECONDS": interrupts,
 *		each of which takes so long, and lets the device receive a frame
 *		for nobody
 *	floor	write 1 or 0: have a socket that drops all, or not
 *	busy	read for how many nanoseconds the processor has not been idle
 *	result	read "DATAGRAMS BUSY LONGEST" of the last of the first three
 *
 * A write lasts as long as what is asked for; a flood may come with others.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <net/net_namespace.h>
#include "bench.h"

#define BENCH_ORDER_MAX		128

static DEFINE_MUTEX(bench_lock); /* guards all that follows */
static struct bench_result bench_result;
static struct dentry *bench_dir;

/**
 * struct bench_kind - what can be asked for in the same words
 * @name: of the file
 * @fields: how many of the words
 * @run: does it
 */
struct bench_kind {
	const char *name;
	int fields;
	int (*run)(const struct bench_order *order,
		   struct bench_result *result);
};

static struct bench_kind bench_kinds[] = {
	{ "burst", 5, bench_burst_run },
	{ "pace", 6, bench_pace_run },
	{ "flood", 5, bench_flood_run },
};

static int bench_order_run(const struct bench_kind *kind, const char *text)
{
	struct bench_result result = {};
	struct bench_order order = {};
	char name[IFNAMSIZ];
	int err;

	if (sscanf(text, "%15s %u %u %u %llu %u", name, &order.first,
		   &order.count, &order.rounds, &order.pause,
		   &order.silence) != kind->fields ||
	    !order.count || !order.rounds)
		return -EINVAL;
	order.dev = dev_get_by_name(&init_net, name);
	if (!order.dev)
		return -ENODEV;
	err = kind->run(&order, &result);
	mutex_lock(&bench_lock);
	bench_result = result;
	mutex_unlock(&bench_lock);
	dev_put(order.dev);
	return err;
}

static ssize_t bench_order_write(struct file *file, const char __user *from,
				 size_t len, loff_t *pos)
{
	char text[BENCH_ORDER_MAX] = "";
	int err;

	if (len >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, len))
		return -EFAULT;
	err = bench_order_run(file->private_data, text);
	return err ?: len;
}

static const struct file_operations bench_order_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = bench_order_write,
};

static ssize_t bench_floor_write(struct file *file, const char __user *from,
				 size_t len, loff_t *pos)
{
	bool open;
	int err;

	err = kstrtobool_from_user(from, len, &open);
	if (err)
		return err;
	mutex_lock(&bench_lock);
	if (open)
		err = bench_floor_open();
	else
		bench_floor_close();
	mutex_unlock(&bench_lock);
	return err ?: len;
}

static const struct file_operations bench_floor_fops = {
	.owner = THIS_MODULE,
	.write = bench_floor_write,
};

static ssize_t bench_result_read(struct file *file, char __user *to,
				 size_t len, loff_t *pos)
{
	char text[BENCH_ORDER_MAX];
	int used;

	mutex_lock(&bench_lock);
	used = scnprintf(text, sizeof(text), "%llu %llu %llu\n",
			 bench_result.datagrams, bench_result.busy,
			 bench_result.longest);
	mutex_unlock(&bench_lock);
	return simple_read_from_buffer(to, len, pos, text, used);
}

static const struct file_operations bench_result_fops = {
	.owner = THIS_MODULE,
	.read = bench_result_read,
};

static ssize_t bench_busy_read(struct file *file, char __user *to, size_t len,
			       loff_t *pos)
{
	char text[BENCH_ORDER_MAX];
	int used;

	used = scnprintf(text, sizeof(text), "%llu\n", bench_pace_busy());
	return simple_read_from_buffer(to, len, pos, text, used);
}

static const struct file_operations bench_busy_fops = {
	.owner = THIS_MODULE,
	.read = bench_busy_read,
};

static int __init bench_main_init(void)
{
	unsigned int i;

	bench_dir = debugfs_create_dir("mcpeer_bench", NULL);
	if (IS_ERR(bench_dir))
		return PTR_ERR(bench_dir);
	for (i = 0; i < ARRAY_SIZE(bench_kinds); i++)
		debugfs_create_file(bench_kinds[i].name, 0200, bench_dir,
				    &bench_kinds[i], &bench_order_fops);
	debugfs_create_file("floor", 0200, bench_dir, NULL, &bench_floor_fops);
	debugfs_create_file("busy", 0400, bench_dir, NULL, &bench_busy_fops);
	debugfs_create_file("result", 0400, bench_dir, NULL,
			    &bench_result_fops);
	return 0;
}
module_init(bench_main_init);

static void __exit bench_main_exit(void)
{
	debugfs_remove(bench_dir);
	bench_floor_close();
}
module_exit(bench_main_exit);

MODULE_DESCRIPTION("Datagrams for the benchmarks of mcpeer");
MODULE_LICENSE("GPL");
