// SPDX-License-Identifier: GPL-2.0
/*
 * racer SECONDS NAMESPACE ADDRESS EXPIRY: ask for changes of the same few peers
 * from all CPUs at once, and have a referee judge what the kernel tells of it.
 * It takes longer on a machine so slow that too little of it would have
 * happened. With 0 SECONDS it goes on until it is killed, and whether the
 * module is there does not matter, nor what it answers.
 *
 * A thread on each CPU registers, unregisters, expires, asks for and announces
 * peers, the last from ADDRESS in NAMESPACE (a path). Another dumps all peers,
 * a third follows the events. EXPIRY is the group's, in milliseconds.
 *
 * Prints complaints, then counts as NAME=NUMBER in one line. Exit 1 if there
 * were complaints.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/mcpeer.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../fuzz/random.h"
#include "clock.h"
#include "referee.h"

/* Few names are often met, many make a dump of several messages. */
#define TIMED_NAMES	4
#define FORCED_NAMES	3
#define HEARD_NAMES	48
#define DRIVEN_NAMES	4
#define MIXED_NAMES	6
#define STEADY_NAMES	150

/* Lifetimes of what is registered for a moment, and for ever, milliseconds. */
#define MOMENT	8
#define AGES	600000

/* Of what there has to be so much, however slow the machine is. */
#define DEEDS		500
#define MEETINGS	20
#define DUMPS		3

/* Who aims waits for so long without sleep, which is not exact. */
#define SOON	(MSEC / 2)

/* Of the time that is aimed at, what is changed at once. */
#define STEP	(MSEC / 10)

#define BEAT	(2 * MSEC)	/* how often all may meet at once */
#define STAY	(300 * MSEC)	/* for how long all stay on their CPUs */

/**
 * struct aim - when to come back to a name
 * @due: at this time
 * @lead: how long after the tick with which its lifetime ends; moves to where
 *	as many come too late as come in time
 * @joins: joins, or requests to expire, when it was last announced
 */
struct aim {
	int64_t due;
	int64_t lead;
	unsigned long joins;
};

/**
 * struct player - a thread that asks for things
 * @thread: it
 * @family: by which it asks
 * @wire: socket that announces
 * @number: its own
 * @cpu: one more than that on which it runs, 0 for any
 * @random: state of its random numbers
 * @stamps: how many it gave
 * @owned: when to come back to its own name
 * @driven: when to announce whom another one makes expire
 * @met: whom it announced so the last time
 * @aims: and to others'
 */
struct player {
	pthread_t thread;
	struct family family;
	int wire;
	unsigned int number;
	unsigned int cpu;
	uint64_t random;
	uint64_t stamps;
	struct aim owned;
	struct aim driven;
	unsigned int met;
	struct aim aims[HEARD_NAMES];
};

static struct referee referee;
static unsigned int players;
static bool rough;
static atomic_bool stop;
static atomic_ulong deeds, met, late;

/*
 * A timer runs on the CPU on which it was armed, and never while somebody
 * prolongs a lifetime there: it can be met from other CPUs only. So all move on
 * from time to time, and @by more in between.
 */
static void move(struct player *player, unsigned int by)
{
	const unsigned int cpu = (player->number + clock_now() / STAY + by) %
				 players;
	cpu_set_t set;

	if (player->cpu == cpu + 1)
		return;
	player->cpu = cpu + 1;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		error(1, errno, "CPU %u", cpu);
}

static void wait_until(int64_t when)
{
	clock_wait(when - SOON);
	while (clock_now() < when && !stop)
		;
}

static void correct(struct player *player, struct aim *aim, bool was_late)
{
	const int64_t step = random_below(&player->random, STEP);
	const int64_t lead = aim->lead + (was_late ? -step : step);

	if (llabs(lead) < (int64_t)referee.expiry * MSEC / 2)
		aim->lead = lead;
	if (was_late)
		late++;
	else
		met++;
}

/* Returns 0 or the kernel's error number. */
static int act(struct player *player, int command, unsigned int name,
	       int flags, unsigned int lifetime, uint64_t *shown)
{
	struct wish wish = { .command = command, .flags = flags,
			     .lifetime = lifetime };
	char text[16];
	int err;

	referee_spell(name, text);
	wish.name = text;
	if (command == MCPEER_CMD_PEER_NEW)
		wish.stamp = stamp_make(player->number, player->stamps++,
					lifetime);
	err = family_ask(&player->family, &wish, shown);
	deeds++;
	if (rough || err)
		return err;
	switch (command) {
	case MCPEER_CMD_PEER_NEW:
		referee_accept(&referee, wish.stamp);
		break;
	case MCPEER_CMD_PEER_DEL:
		referee.records[name].unregistered++;
		break;
	case MCPEER_CMD_PEER_EXPIRE:
		referee.records[name].expired++;
		break;
	}
	return 0;
}

/* What a request came to that can come to nothing else. */
static void expect(unsigned int name, const char *what, int err, int wanted)
{
	if (!rough && err != wanted)
		referee_complain(&referee, name, "%s: %s, and not %s", what,
				 strerror(err), strerror(wanted));
}

static void announce(struct player *player, unsigned int name)
{
	char text[16], datagram[32];
	int len;

	referee_spell(name, text);
	len = snprintf(datagram, sizeof(datagram), "multitastic:%s", text);
	if (send(player->wire, datagram, len, 0) == len)
		referee.records[name].announced++;
	else if (!rough)
		error(1, errno, "send");
}

/* Announce somebody again whose lifetime is about to end, if there is one. */
static void announce_due(struct player *player)
{
	unsigned int index = player->number, name;
	struct aim *aim;

	for (; index < HEARD_NAMES; index += players) {
		aim = &player->aims[index];
		if (aim->due > clock_now() + SOON)
			continue;
		name = NAME(HEARD, index);
		wait_until(aim->due);
		if (aim->due)
			correct(player, aim,
				referee.records[name].joins != aim->joins);
		aim->joins = referee.records[name].joins;
		aim->due = clock_end_of(referee.expiry) + aim->lead;
		announce(player, name);
		return;
	}
}

/*
 * Register a name that is nobody else's, and again when that ends. Whether it
 * met the end or not, what was accepted is there.
 */
static void register_twice(struct player *player)
{
	const unsigned int name = NAME(OWNED, player->number);
	const int flags = random_one_in(&player->random, 3) ? 0 : NLM_F_REPLACE;
	const unsigned int lifetime = random_within(&player->random, 1, MOMENT);
	const int64_t end = clock_end_of(lifetime);
	uint64_t shown, stamp;
	int err;

	err = act(player, MCPEER_CMD_PEER_NEW, name, 0, lifetime, NULL);
	expect(name, "register", err, 0);
	move(player, 1);
	wait_until(end + player->owned.lead);
	stamp = stamp_make(player->number, player->stamps, AGES);
	err = act(player, MCPEER_CMD_PEER_NEW, name, flags, AGES, NULL);
	if (flags)
		correct(player, &player->owned, err == ENOENT);
	if (!flags || err != ENOENT)
		expect(name, "register again", err, 0);
	expect(name, "show", act(player, MCPEER_CMD_PEER_GET, name, 0, 0,
				 &shown), err);
	if (!rough && !err && shown != stamp)
		referee_complain(&referee, name, "has the value %" PRIx64
				 ", not %" PRIx64, shown, stamp);
	expect(name, "unregister",
	       act(player, MCPEER_CMD_PEER_DEL, name, 0, 0, NULL), err);
}

static void register_somehow(struct player *player, unsigned int name,
			     unsigned int lifetime)
{
	static const int flags[] = {
		0, NLM_F_CREATE, NLM_F_CREATE | NLM_F_EXCL, NLM_F_REPLACE,
	};
	const int flag = flags[random_below(&player->random, 4)];
	int err = act(player, MCPEER_CMD_PEER_NEW, name, flag, lifetime, NULL);

	if (err && !rough &&
	    !(err == EEXIST && flag & NLM_F_EXCL) &&
	    !(err == ENOENT && flag & NLM_F_REPLACE))
		referee_complain(&referee, name, "register (flags %#x): %s",
				 flag, strerror(err));
}

/* Anything, with a name that others do the same to. */
static void meddle(struct player *player)
{
	uint64_t *random = &player->random, shown;
	const unsigned int lifetime = random_within(random, 1, MOMENT);
	unsigned int name;

	switch (random_below(random, 13)) {
	case 0 ... 3:
		name = NAME(TIMED, random_below(random, TIMED_NAMES));
		register_somehow(player, name, lifetime);
		break;
	case 4:
		name = NAME(TIMED, random_below(random, TIMED_NAMES));
		act(player, MCPEER_CMD_PEER_DEL, name, 0, 0, NULL);
		break;
	case 5 ... 6:
		name = NAME(FORCED, random_below(random, FORCED_NAMES));
		register_somehow(player, name, 0);
		break;
	case 7:
		name = NAME(FORCED, random_below(random, FORCED_NAMES));
		act(player, random_one_in(random, 2) ? MCPEER_CMD_PEER_DEL :
		    MCPEER_CMD_PEER_EXPIRE, name, 0, 0, NULL);
		break;
	case 8 ... 9:
		announce(player, NAME(MIXED, random_below(random,
							  MIXED_NAMES)));
		break;
	case 10:
		name = NAME(MIXED, random_below(random, MIXED_NAMES));
		register_somehow(player, name, lifetime);
		break;
	case 11:
		name = NAME(MIXED, random_below(random, MIXED_NAMES));
		act(player, MCPEER_CMD_PEER_DEL, name, 0, 0, NULL);
		break;
	default:
		name = NAME(STEADY, random_below(random, STEADY_NAMES));
		expect(name, "show", act(player, MCPEER_CMD_PEER_GET, name, 0,
					 0, &shown), 0);
		break;
	}
}

/*
 * Announce a peer at the very moment at which another thread makes it expire:
 * who comes here meanwhile takes the same moment and the same name. Whether
 * the announcement came too late the last time, its peer shows: it is there.
 */
static void meet(struct player *player)
{
	const int64_t beat = clock_now() / BEAT + 1;
	const unsigned int name = NAME(DRIVEN, beat % DRIVEN_NAMES);
	struct record *last = &referee.records[player->met];

	if (player->number % 2 == 0) {
		wait_until(beat * BEAT);
		act(player, MCPEER_CMD_PEER_EXPIRE, name, 0, 0, NULL);
		return;
	}
	if (last->expired != player->driven.joins)
		correct(player, &player->driven, last->present);
	player->met = name;
	player->driven.joins = referee.records[name].expired;
	announce(player, name);
	wait_until(beat * BEAT + player->driven.lead);
	announce(player, name);
}

static void *play(void *argument)
{
	struct player *player = argument;

	while (!stop && player->stamps < STAMPS - 2) {
		if (rough && random_one_in(&player->random, 8))
			family_find(&player->family);
		move(player, 0);
		announce_due(player);
		if (random_one_in(&player->random, 16))
			register_twice(player);
		else if (random_one_in(&player->random, 2))
			meet(player);
		else
			meddle(player);
	}
	return NULL;
}

static void *look(void *argument)
{
	struct player *player = argument;
	int err;

	while (!stop) {
		if (rough) {
			family_find(&player->family);
			family_dump(&player->family, NULL, NULL);
			continue;
		}
		err = family_dump(&player->family, referee_see, &referee);
		expect(NAME(STEADY, 0), "dump", err, 0);
		referee_end_dump(&referee, STEADY_NAMES);
	}
	return NULL;
}

static void *listen_to(void *argument)
{
	struct player *player = argument;

	if (!family_follow(&player->family, referee_event, &referee,
			   &referee.over))
		error(1, 0, "events were lost");
	return NULL;
}

static int open_wire(const char *namespace, const char *address)
{
	const struct sockaddr_in group = {
		.sin_family = AF_INET, .sin_port = htons(49001),
		.sin_addr.s_addr = htonl(0xef020304),
	};
	const in_addr_t from = inet_addr(address);
	int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int there = open(namespace, O_RDONLY | O_CLOEXEC), fd;

	if (here < 0 || there < 0 || setns(there, CLONE_NEWNET))
		error(1, errno, "%s", namespace);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (setns(here, CLONE_NEWNET) || fd < 0 ||
	    setsockopt(fd, SOL_IP, IP_MULTICAST_IF, &from, sizeof(from)) ||
	    connect(fd, (const struct sockaddr *)&group, sizeof(group)))
		error(1, errno, "%s", address);
	close(here);
	close(there);
	return fd;
}

static void prepare(struct player *player, unsigned int number)
{
	player->number = number;
	player->random = clock_now() + number;
	if (!family_open(&player->family))
		error(1, 0, "no netlink socket");
	if (!family_find(&player->family) && !rough)
		error(1, 0, "the module is not there");
}

static void give_stamps(unsigned int number)
{
	referee.accepted[number] = calloc(1, STAMPS);
	referee.told[number] = calloc(1, STAMPS);
	if (!referee.accepted[number] || !referee.told[number])
		error(1, 0, "no memory");
}

static void start(struct player *player, void *(*what)(void *player))
{
	if (pthread_create(&player->thread, NULL, what, player))
		error(1, 0, "no thread");
}

static bool enough(void)
{
	return deeds >= DEEDS && met >= MEETINGS && late >= MEETINGS &&
	       referee.dumps >= DUMPS;
}

/* The module ends whom it has to, and tells of it, within a minute. */
static void settle(struct player *self)
{
	const int64_t end = clock_now() + 60 * SEC;
	int err;

	while (!referee_settled(&referee)) {
		if (clock_now() > end) {
			referee_complain(&referee, NAME(LAST, 0),
					 "peers do not expire");
			break;
		}
		usleep(20000);
	}
	err = act(self, MCPEER_CMD_PEER_NEW, NAME(LAST, 0), 0, 0, NULL);
	if (err)
		error(1, err, "the game cannot be ended");
}

static void print_counts(void)
{
	unsigned long joins = 0, expires = 0, announced = 0;
	unsigned int name;

	for (name = 0; name < KINDS * NAMES; name++) {
		joins += referee.records[name].joins;
		expires += referee.records[name].expires;
		announced += referee.records[name].announced;
	}
	printf("deeds=%lu met=%lu late=%lu dumps=%lu events=%lu ", deeds, met,
	       late, referee.dumps, referee.events);
	printf("joins=%lu expires=%lu announced=%lu wrong=%lu\n", joins,
	       expires, announced, referee.wrong);
}

int main(int argc, char **argv)
{
	static struct player player[PLAYERS], looker, listener;
	unsigned int number;
	int64_t end;

	if (argc != 5)
		error(2, 0, "see the head of racer.c");
	rough = !strcmp(argv[1], "0");
	referee.expiry = strtoul(argv[4], NULL, 10);
	players = sysconf(_SC_NPROCESSORS_ONLN);
	if (players > PLAYERS - 1)
		players = PLAYERS - 1;

	prepare(&listener, 0);
	prepare(&looker, 0);
	for (number = 0; number <= players; number++) {
		prepare(&player[number], number);
		give_stamps(number);
		player[number].wire = open_wire(argv[2], argv[3]);
	}
	if (!rough && !family_subscribe(&listener.family))
		error(1, 0, "no events");
	if (!rough)
		start(&listener, listen_to);
	for (number = 0; number < STEADY_NAMES; number++)
		act(&player[players], MCPEER_CMD_PEER_NEW,
		    NAME(STEADY, number), 0, 0, NULL);
	start(&looker, look);
	for (number = 0; number < players; number++)
		start(&player[number], play);

	end = clock_now() + strtol(argv[1], NULL, 10) * SEC;
	while (rough || clock_now() < end || !enough())
		usleep(20000);
	stop = true;
	for (number = 0; number < players; number++)
		pthread_join(player[number].thread, NULL);
	pthread_join(looker.thread, NULL);
	settle(&player[players]);
	pthread_join(listener.thread, NULL);
	referee_judge(&referee);
	print_counts();
	return referee.wrong != 0;
}
