#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "make vm", inside: a LAN with three peers, then a shell.
# shellcheck source=selftests/vm/lan
. /lan

lan here
modprobe mcpeer
for peer in anna bob cleo; do
	lan_host "$peer"
	lan_on "$peer" mcpeer group add default
done
until [ "$(mcpeer -j list | jq length)" = 3 ]; do
	sleep 0.1
done

cat <<'END'

This machine runs mcpeer, and so do three hosts on its LAN. Try

	mcpeer                  mcpeer monitor          mcpeer group show default
	lan_on bob mcpeer       lan_off cleo            tcpdump -i eth0 port 49001

Leave with "exit"; ctrl-A X kills the machine.

END
declare -p LAN_HOST LAN_COUNT | sed 's/^declare /declare -g /' >/run/lan
cat >/root/.bashrc <<'END'
. /lan
. /run/lan
PS1='\h# '
END
exec bash
