// SPDX-License-Identifier: GPL-2.0
#include <linux/nsproxy.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/utsname.h>
#include "announce.h"
#include "deadline.h"
#include "direct.h"
#include "trace.h"
#include "watchdog.h"
#include "wire.h"

/* What the kernel calls a host that was given no name. */
#define MCPEER_ANNOUNCE_NO_NAME	"(none)"

/*
 * The name of a UTS namespace, as far as it can be announced. Its lock is not
 * exported: what is read while it is written is not read so twice, unless the
 * writer is held up.
 */
static struct mcpeer_text mcpeer_announce_read(const struct new_utsname *uts,
					       char *buf, size_t size)
{
	struct mcpeer_text name = { buf, 0 };
	char again[sizeof(uts->nodename)];
	unsigned int tries = 3;
	ssize_t len;

	do {
		len = strscpy(buf, uts->nodename, size);
		/* Not what the compiler remembers of it. */
		barrier();
		strscpy(again, uts->nodename, sizeof(again));
	} while (strcmp(buf, again) && --tries);

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
	struct mcpeer_text known = { announce->name, announce->name_len };

	lockdep_assert_held(&announce->lock);

	/* A conflict about the name goes on. */
	if (mcpeer_text_equal(name, known))
		return;
	announce->name_len = name.len;
	memcpy(announce->name, name.at, name.len);
	mcpeer_table_set_own(announce->table, name);
}

/* There is no notifier for it: the name is looked at before it is used. */
static void mcpeer_announce_follow(struct mcpeer_announce *announce)
{
	char buf[sizeof(init_uts_ns.name.nodename)];
	struct mcpeer_text name;

	lockdep_assert_held(&announce->lock);

	if (!announce->follow)
		return;
	name = mcpeer_announce_read(&init_uts_ns.name, buf, sizeof(buf));
	mcpeer_announce_set_name(announce, name);
}

static void mcpeer_announce_sent(struct mcpeer_announce *announce,
				 enum mcpeer_family family, int ifindex,
				 unsigned int len, int err)
{
	if (err == MCPEER_DIRECT_SPARED)
		return;
	trace_mcpeer_announce(family == MCPEER_V4 ? AF_INET : AF_INET6,
			      ifindex, len, err);
	local_bh_disable();
	mcpeer_stats_count(announce->stats, err ? MCPEER_A_STATS_TX_ERRORS :
						  MCPEER_A_STATS_TX);
	local_bh_enable();
}

/* Returns the length of the datagram. */
static unsigned int
mcpeer_announce_build(const struct mcpeer_announce *announce,
		      const struct mcpeer_socket *socket,
		      char datagram[MCPEER_WIRE_MAX])
{
	struct mcpeer_text prefix = { socket->prefix, socket->prefix_len };
	struct mcpeer_text name = { announce->name, announce->name_len };

	lockdep_assert_held(&announce->lock);

	return mcpeer_wire_build(datagram, prefix, name);
}

/*
 * Repeating is for those who listen. Whether this host hears itself is asked of
 * announcements only: a few that are lost together, as they were sent within
 * half a second, do not make it deaf.
 */
static void mcpeer_announce_by(struct mcpeer_announce *announce,
			       enum mcpeer_family family, int ifindex,
			       enum mcpeer_iface_turn turn)
{
	const struct mcpeer_socket *socket = announce->socket[family];
	char datagram[MCPEER_WIRE_MAX];
	unsigned int len;
	int err;

	if (!socket)
		return;
	len = mcpeer_announce_build(announce, socket, datagram);
	if (turn != MCPEER_IFACE_AGAIN)
		mcpeer_watchdog_say(announce->ifaces, ifindex, family);
	err = mcpeer_socket_send(socket, &socket->addr, ifindex, datagram, len);
	mcpeer_announce_sent(announce, family, ifindex, len, err);
	mcpeer_iface_note(announce->ifaces, ifindex, family, err);
}

static void mcpeer_announce_broadcast(struct mcpeer_announce *announce,
				      int ifindex)
{
	const struct mcpeer_socket *socket =
		announce->socket[MCPEER_FAMILIES + MCPEER_V4];
	char datagram[MCPEER_WIRE_MAX];
	unsigned int len;
	int err;

	if (!socket)
		return;
	len = mcpeer_announce_build(announce, socket, datagram);
	err = mcpeer_direct_broadcast(socket, ifindex, datagram, len);
	mcpeer_announce_sent(announce, MCPEER_V4, ifindex, len, err);
}

static void mcpeer_announce_on(struct mcpeer_announce *announce,
			       enum mcpeer_iface_turn turn)
{
	unsigned int families;
	int ifindex = 0;
	int family;

	while ((ifindex = mcpeer_iface_next(announce->ifaces, ifindex, turn,
					    &families))) {
		mcpeer_table_say_own(announce->table);
		if (turn == MCPEER_IFACE_AGAIN)
			mcpeer_iface_repeat(announce->ifaces, ifindex,
					    families);
		else
			mcpeer_iface_greet(announce->ifaces, ifindex, families,
					   announce->times - 1);
		for (family = 0; family < MCPEER_FAMILIES; family++)
			if (families & BIT(family))
				mcpeer_announce_by(announce, family, ifindex,
						   turn);
		if (families & BIT(MCPEER_V4))
			mcpeer_announce_broadcast(announce, ifindex);
	}
}

/* To those that have an address of a family and are named by it. */
static void mcpeer_announce_to(struct mcpeer_announce *announce,
			       enum mcpeer_family family)
{
	const struct mcpeer_socket *socket =
		announce->socket[MCPEER_FAMILIES + family];
	const struct mcpeer_target *target;
	char datagram[MCPEER_WIRE_MAX];
	unsigned int len, i;
	int err;

	if (!socket)
		return;
	len = mcpeer_announce_build(announce, socket, datagram);
	mcpeer_table_say_own(announce->table);
	for (i = 0; i < socket->targets->count; i++) {
		target = &socket->targets->target[i];
		if (target->addr.family != socket->addr.family ||
		    mcpeer_target_is_broadcast(target))
			continue;
		err = mcpeer_direct_send(socket, &announce->choice, target,
					 datagram, len);
		mcpeer_announce_sent(announce, family, 0, len, err);
	}
}

/* When to repeat, in ticks: after 100 to 200 ms, with what the wheel adds. */
static unsigned long mcpeer_announce_gap(void)
{
	unsigned long least = msecs_to_jiffies(100);
	unsigned long most = msecs_to_jiffies(200);

	most -= mcpeer_deadline_lateness(most) + 1;
	return least + get_random_u32_below(most - least + 1);
}

/*
 * An announcement takes the place of what was left of the one before: where
 * they follow each other faster than repeats do, there are none.
 */
static void mcpeer_announce_say(struct mcpeer_announce *announce,
				enum mcpeer_iface_turn turn)
{
	unsigned long gap;

	mutex_lock(&announce->lock);
	mcpeer_announce_follow(announce);
	/* A repeat that waited for the lock meanwhile has been put off. */
	if (turn == MCPEER_IFACE_AGAIN && time_before(jiffies, announce->due))
		goto out;
	if (turn != MCPEER_IFACE_AGAIN)
		announce->left = announce->times;
	if (!announce->name_len)
		announce->left = 0;
	if (!announce->left)
		goto out;
	announce->left--;
	mcpeer_announce_on(announce, turn);
	mcpeer_announce_to(announce, MCPEER_V4);
	mcpeer_announce_to(announce, MCPEER_V6);
	if (announce->left) {
		gap = mcpeer_announce_gap();
		announce->due = jiffies + gap;
		mod_delayed_work(announce->queue, &announce->repeat, gap);
	}
out:
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
	mcpeer_announce_say(announce, MCPEER_IFACE_ALL);
}

static void mcpeer_announce_fresh(struct work_struct *work)
{
	mcpeer_announce_say(container_of(work, struct mcpeer_announce, greet),
			    MCPEER_IFACE_FRESH);
}

static void mcpeer_announce_repeat(struct work_struct *work)
{
	mcpeer_announce_say(container_of(work, struct mcpeer_announce,
					 repeat.work), MCPEER_IFACE_AGAIN);
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

static void mcpeer_announce_use(struct mcpeer_announce *announce,
				const struct mcpeer_settings *settings,
				struct mcpeer_socket *const *socket)
{
	unsigned int which;

	lockdep_assert_held(&announce->lock);

	for (which = 0; which < MCPEER_SETTINGS_SOCKETS; which++)
		announce->socket[which] = socket[which];
	announce->choice = settings->choice;
	announce->times = settings->repeat;
	WRITE_ONCE(announce->interval, settings->interval);
}

/**
 * mcpeer_announce_change - use other sockets and settings from now on
 * @announce: was started
 * @settings: the settings
 * @socket: to send by, as the settings have them; the old ones are not used any
 *	more on return
 *
 * Announces nothing by itself, see mcpeer_announce_now().
 *
 * Context: Process context, may sleep.
 */
void mcpeer_announce_change(struct mcpeer_announce *announce,
			    const struct mcpeer_settings *settings,
			    struct mcpeer_socket *const *socket)
{
	mutex_lock(&announce->lock);
	mcpeer_announce_use(announce, settings, socket);
	mutex_unlock(&announce->lock);
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
 * @announce: zeroed, with queue, ifaces, table and stats set
 * @settings: the settings
 * @socket: to send by, as the settings have them
 * @autostart: take the initial UTS namespace's name rather than the caller's
 *
 * Context: Process context, of the task whose name is announced.
 */
void mcpeer_announce_start(struct mcpeer_announce *announce,
			   const struct mcpeer_settings *settings,
			   struct mcpeer_socket *const *socket, bool autostart)
{
	mutex_init(&announce->lock);
	INIT_DELAYED_WORK(&announce->periodic, mcpeer_announce_periodic);
	INIT_WORK(&announce->greet, mcpeer_announce_fresh);
	INIT_DELAYED_WORK(&announce->repeat, mcpeer_announce_repeat);
	mutex_lock(&announce->lock);
	mcpeer_announce_use(announce, settings, socket);
	mutex_unlock(&announce->lock);
	mcpeer_announce_rename(announce, mcpeer_settings_hostname(settings),
			       autostart);
	queue_delayed_work(announce->queue, &announce->periodic,
			   mcpeer_announce_delay(settings->interval));
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
	/* The last one, as both queue it. */
	cancel_delayed_work_sync(&announce->repeat);
}
