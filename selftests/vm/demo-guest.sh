#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "make demo", inside: a story, with the commands and what they print. Runs in
# virtual time, in which waiting costs nothing.
# shellcheck source=selftests/vm/lan
. /lan
set -e

tell()
{
	printf '\n%s\n\n' "$1"
}

# show HOST COMMAND...: as if it was typed there.
show()
{
	local host=$1

	shift
	printf '%s# %s\n' "$host" "$*"
	if [ "$host" = anna ]; then
		"$@"
	else
		lan_on "$host" "$@"
	fi
}

# until_monitor TEXT: wait for the monitor to say it, two minutes at most.
until_monitor()
{
	local end=$((SECONDS + 120))

	until grep -q "$1" /run/monitor; do
		if [ "$SECONDS" -gt "$end" ]; then
			echo "the monitor never said '$1'"
			exit 1
		fi
		sleep 0.5
	done
}

until_peers()
{
	local end=$((SECONDS + 60))

	until [ "$(mcpeer -j list | jq length)" = "$1" ]; do
		if [ "$SECONDS" -gt "$end" ]; then
			echo "never were there $1 peers"
			exit 1
		fi
		sleep 0.1
	done
}

lan anna
for host in bob cleo dora; do
	lan_host "$host"
done
lan_settle

tell "Four hosts on one LAN. We sit at anna, and load the module."
show anna modprobe mcpeer
show anna mcpeer group show

tell "Nobody else is there yet. On bob and cleo the module starts, too
(here they are network namespaces, which start nothing by themselves)."
show bob mcpeer group add default
show cleo mcpeer group add default
until_peers 2

tell "They announced themselves at once, so anna knows them by now:"
show anna mcpeer

tell "dora has no module, but a Python program that speaks the same datagrams.
anna follows the events, then dora's program starts."
echo "anna# mcpeer monitor"
: >/run/monitor
mcpeer monitor >>/run/monitor 2>&1 &
monitor=$!
tail -n +1 -f /run/monitor &
disown
# It listens once both its sockets are in a group, says the kernel's table. Of
# a socket's number the lower 22 bits are the process, the others libnl's.
until awk -v pid="$monitor" '$3 % 4194304 == pid && $4 != "00000000" { n++ }
	END { exit n < 2 }' /proc/net/netlink; do
	sleep 0.1
done
lan_on dora /peer.py >/dev/null 2>&1 &
disown
until_monitor 'join.*dora'

tell "A minute passes in which all is well: no event. Then, at $(date -d '+66 seconds' +%T),
dora's power is cut; by then it was last heard so long ago:"
sleep 66
show anna mcpeer
lan_off dora
tell "35 seconds after that the kernel lets it go."
until_monitor 'expire.*dora'

tell "A host that cannot speak for itself can be registered by hand."
show anna mcpeer register --address 10.0.0.99 --lifetime never \
	printer 'ipp://10.0.0.99/queue'
until_monitor 'join.*printer'
echo
show anna mcpeer
echo
show anna mcpeer -j show printer

tell "What went over the wire, and what became of it:"
mcpeer stats >/run/stats
echo "anna# mcpeer stats"
grep -vE ' 0$' /run/stats

tell "The module goes; the monitor says so and ends."
show anna rmmod mcpeer
wait "$monitor" || true
echo
echo "That is all. 'make vm' gives you a shell on such a LAN."
