// SPDX-License-Identifier: GPL-2.0
#include <linux/nsproxy.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/utsname.h>
#include "announce.h"
#include "deadline.h"
#include "trace.h"
#include "watchdog.h"
#include "wire.h"

/* What the kernel calls a host that was given no name. */
#define MCPEER_ANNOUNCE_NO_NAME	"(none)"

/*
 * The name of a UTS namespace, as far as it can be announced. Its lock is not
 * exported: a name read while it is written is put right by the next reading.
 */
static struct mcpeer_text mcpeer_announce_read(const struct new_utsname *uts,
					       char *buf, size_t size)
{
	struct mcpeer_text name = { buf, 0 };
	ssize_t len = strscpy(buf, uts->nodename, size);

	if (len < 0 || !strcmp(buf, MCPEER_ANNOUNCE_NO_NAME))
		return name;
	name.len = len;
	if (!mcpeer_wire_is_name(name))
		name.len = 0;
	return name;
}

static void mcpeer_announce_set_name(struct mcpeer_announce *announce,
				     struct mcpeer_text name)
{
	lockdep_assert_held(&announce->lock);

	announce->name_len = name.len;
	memcpy(announce->name, name.at, name.len);
	mcpeer_table_set_own(announce->table, name);
}

/* There is no notifier for it: the name is looked at before it is used. */
static void mcpeer_announce_follow(struct mcpeer_announce *announce)
{
	struct mcpeer_text known = { announce->name, announce->name_len };
	char buf[sizeof(init_uts_ns.name.nodename)];
	struct mcpeer_text name;

	lockdep_assert_held(&announce->lock);

	if (!announce->follow)
		return;
	name = mcpeer_announce_read(&init_uts_ns.name, buf, sizeof(buf));
	if (!mcpeer_text_equal(name, known))
		mcpeer_announce_set_name(announce, name);
}

static void mcpeer_announce_count(struct mcpeer_announce *announce, int err)
{
	local_bh_disable();
	mcpeer_stats_count(announce->stats, err ? MCPEER_A_STATS_TX_ERRORS :
						  MCPEER_A_STATS_TX);
	local_bh_enable();
}

static void mcpeer_announce_by(struct mcpeer_announce *announce,
			       enum mcpeer_family family, int ifindex)
{
	const struct mcpeer_socket *socket = announce->socket[family];
	struct mcpeer_text name = { announce->name, announce->name_len };
	struct mcpeer_text prefix;
	char datagram[MCPEER_WIRE_MAX];
	unsigned int len;
	int err;

	lockdep_assert_held(&announce->lock);

	if (!socket)
		return;
	prefix = (struct mcpeer_text){ socket->prefix, socket->prefix_len };
	len = mcpeer_wire_build(datagram, prefix, name);
	mcpeer_watchdog_say(announce->ifaces, ifindex, family);
	err = mcpeer_socket_send(socket, ifindex, datagram, len);
	trace_mcpeer_announce(socket->addr.family, ifindex, len, err);
	mcpeer_announce_count(announce, err);
	mcpeer_iface_note(announce->ifaces, ifindex, family, err);
}

/* Announce on all interfaces, or on the fresh ones only. */
static void mcpeer_announce_send(struct mcpeer_announce *announce, bool fresh)
{
	unsigned int families;
	int ifindex = 0;
	int family;

	mutex_lock(&announce->lock);
	mcpeer_announce_follow(announce);
	while (announce->name_len) {
		ifindex = mcpeer_iface_next(announce->ifaces, ifindex, fresh,
					    &families);
		if (!ifindex)
			break;
		mcpeer_table_say_own(announce->table);
		mcpeer_iface_greet(announce->ifaces, ifindex);
		for (family = 0; family < MCPEER_FAMILIES; family++)
			if (families & BIT(family))
				mcpeer_announce_by(announce, family, ifindex);
	}
	mutex_unlock(&announce->lock);
}

/*
 * How long to wait, in ticks: the interval less a random part of up to a
 * quarter of it, which keeps hosts from falling into step. The jitter only
 * shortens, since two intervals must fit into the lifetime that peers of the
 * plain format give us. So must what the timer wheel and the work queue add:
 * at 15 s and 250 ticks a second, 64 ticks and one.
 */
static unsigned long mcpeer_announce_delay(u32 interval)
{
	unsigned long most = div_u64((u64)interval * HZ, MSEC_PER_SEC);
	unsigned long least = most - most / 4;

	most -= min(mcpeer_deadline_lateness(most) + 1, most / 4);
	return least + get_random_u32_below(most - least + 1);
}

/*
 * A switch may have forgotten that we are members, which shows when all that
 * was heard by an interface falls silent at once: remind it. If it was but one
 * host that died, a report too many does no harm.
 */
static void mcpeer_announce_watch(struct mcpeer_announce *announce)
{
	int ifindex = 0;

	while ((ifindex = mcpeer_iface_next_joined(announce->ifaces, ifindex)))
		if (mcpeer_table_fell_silent(announce->table, ifindex))
			mcpeer_watchdog_remind(announce->ifaces, ifindex);
}

static void mcpeer_announce_periodic(struct work_struct *work)
{
	struct mcpeer_announce *announce =
		container_of(work, struct mcpeer_announce, periodic.work);
	u32 interval = READ_ONCE(announce->interval);

	/* Armed first, so that sending does not add to the interval. */
	queue_delayed_work(announce->queue, &announce->periodic,
			   mcpeer_announce_delay(interval));
	mcpeer_announce_watch(announce);
	mcpeer_announce_send(announce, false);
}

static void mcpeer_announce_fresh(struct work_struct *work)
{
	mcpeer_announce_send(container_of(work, struct mcpeer_announce, greet),
			     true);
}

/**
 * mcpeer_announce_greet - announce on new interfaces soon
 * @announce: was started
 *
 * Context: Any.
 */
void mcpeer_announce_greet(struct mcpeer_announce *announce)
{
	queue_work(announce->queue, &announce->greet);
}

/**
 * mcpeer_announce_now - announce on all interfaces as soon as may be
 * @announce: was started
 *
 * Context: Any.
 */
void mcpeer_announce_now(struct mcpeer_announce *announce)
{
	mod_delayed_work(announce->queue, &announce->periodic, 0);
}

/**
 * mcpeer_announce_name - the name that is announced
 * @announce: was started
 * @name: set to it
 *
 * Context: Process context, may sleep.
 * Return: its length, 0 if this host has no name that can be announced.
 */
unsigned int mcpeer_announce_name(struct mcpeer_announce *announce,
				  char name[MCPEER_NAME_MAX])
{
	unsigned int len;

	mutex_lock(&announce->lock);
	mcpeer_announce_follow(announce);
	len = announce->name_len;
	memcpy(name, announce->name, len);
	mutex_unlock(&announce->lock);
	return len;
}

/**
 * mcpeer_announce_change - use other sockets or another interval from now on
 * @announce: was started
 * @socket: to send by, by family; the old ones are not used any more on return
 * @interval: longest time between two announcements in milliseconds
 *
 * Announces at once: peers that knew us by the old settings shall learn.
 *
 * Context: Process context, may sleep.
 */
void mcpeer_announce_change(struct mcpeer_announce *announce,
			    struct mcpeer_socket *const socket[MCPEER_FAMILIES],
			    u32 interval)
{
	int family;

	mutex_lock(&announce->lock);
	for (family = 0; family < MCPEER_FAMILIES; family++)
		announce->socket[family] = socket[family];
	WRITE_ONCE(announce->interval, interval);
	mutex_unlock(&announce->lock);
	mcpeer_announce_now(announce);
}

/**
 * mcpeer_announce_rename - announce another name from the next time on
 * @announce: was started
 * @name: the name, at most MCPEER_NAME_MAX bytes; empty for that of a UTS
 *	namespace
 * @autostart: take the initial UTS namespace rather than the caller's
 *
 * The name goes on following the initial UTS namespace if it is taken from
 * there. Another namespace's cannot be followed, as a module cannot hold on
 * to it.
 *
 * Context: Process context, may sleep; of the task whose name is announced.
 */
void mcpeer_announce_rename(struct mcpeer_announce *announce,
			    struct mcpeer_text name, bool autostart)
{
	struct uts_namespace *uts = current->nsproxy->uts_ns;
	char buf[sizeof(uts->name.nodename)];
	bool initial = autostart || uts == &init_uts_ns;

	mutex_lock(&announce->lock);
	announce->follow = !name.len && initial;
	if (initial)
		uts = &init_uts_ns;
	if (!name.len)
		name = mcpeer_announce_read(&uts->name, buf, sizeof(buf));
	mcpeer_announce_set_name(announce, name);
	mutex_unlock(&announce->lock);
}

/**
 * mcpeer_announce_start - announce from now on
 * @announce: zeroed, with queue, ifaces, table, stats, sockets and interval set
 * @name: as mcpeer_announce_rename() has it
 * @autostart: as well
 *
 * Context: Process context, of the task whose name is announced.
 */
void mcpeer_announce_start(struct mcpeer_announce *announce,
			   struct mcpeer_text name, bool autostart)
{
	mutex_init(&announce->lock);
	INIT_DELAYED_WORK(&announce->periodic, mcpeer_announce_periodic);
	INIT_WORK(&announce->greet, mcpeer_announce_fresh);
	mcpeer_announce_rename(announce, name, autostart);
	queue_delayed_work(announce->queue, &announce->periodic,
			   mcpeer_announce_delay(announce->interval));
}

/**
 * mcpeer_announce_stop - announce no more
 * @announce: was started; nobody calls mcpeer_announce_greet() any more
 *
 * Context: Process context, sleeps.
 */
void mcpeer_announce_stop(struct mcpeer_announce *announce)
{
	cancel_delayed_work_sync(&announce->periodic);
	cancel_work_sync(&announce->greet);
}
