#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh [OPTION...] -- COMMAND [ARG...]: boot a virtual machine, run COMMAND
# there as root with its output coming out here as it happens, and exit with
# its status.
#
#	--virtual	one CPU in virtual time: an instruction takes one
#			nanosecond, idle time takes none. Slow tests are fast
#			and noisy ones exact.
#	--smp N		N CPUs (default 2) in real time: races are real
#	--memory M	megabytes (default: what the kernel needs)
#	--append TEXT	more kernel arguments
#	--env NAME=TEXT	set in the command's environment
#	--timeout SEC	real time until the machine is killed (default 600)
#	--kernel DIR	from kernels/kernel.sh (default: the host's suite)
#	--overlay DIR	a tree to copy over the guest's /; may be repeated
#	--out DIR	keep console.log and output.log there
#	--fetch PATH	after COMMAND, bring this file or tree of the guest to
#			fetched.tar.gz in --out's DIR; may be repeated
#	--shell		COMMAND (default bash) gets the terminal, as the
#			guest's console; ctrl-A X kills the machine
#	--gdb		wait for nobody, but let gdb attach at port 1234
#
# Exit status: that of COMMAND if the machine ended in order; otherwise 124 if
# the kernel complained, 125 if there is no verdict (a crash, or power off
# before the end), 126 after the timeout, 127 if it could not be started.
set -euo pipefail
VM=$(realpath "${BASH_SOURCE[0]%/*}")
# shellcheck source=selftests/vm/lib.sh
. "$VM/lib.sh"
# shellcheck source=selftests/vm/machine.sh
. "$VM/machine.sh"
# shellcheck source=selftests/vm/verdict.sh
. "$VM/verdict.sh"

virtual='' smp=2 memory='' append='' timeout=600 kernel='' out='' shell='' gdb=''
overlays=() environment=() fetch=()
while [ $# -gt 0 ]; do
	case $1 in
	--virtual) virtual=1 ;;
	--shell) shell=1 ;;
	--gdb) gdb=1 ;;
	--) shift; break ;;
	--smp | --memory | --append | --env | --timeout | --kernel | --overlay | \
	--out | --fetch)
		[ $# -ge 2 ] || die "$1 needs a value"
		case $1 in
		--smp) smp=$2 ;;
		--memory) memory=$2 ;;
		--append) append+=" $2" ;;
		--env) environment+=("$2") ;;
		--timeout) timeout=$2 ;;
		--kernel) kernel=$2 ;;
		--overlay) overlays+=("$2") ;;
		--out) out=$2 ;;
		--fetch) fetch+=("$2") ;;
		esac
		shift ;;
	*) die "unknown option '$1', see the head of $0" ;;
	esac
	shift
done
if [ $# -eq 0 ]; then
	[ -n "$shell" ] || die "no command given, see the head of $0"
	set -- bash
fi

[ -n "$kernel" ] || kernel=$("$VM/../kernels/kernel.sh") || exit 127
rootfs=$("$VM/rootfs.sh") || exit 127

work=$(mktemp -d "${TMPDIR:-/tmp}/mcpeer-vm.XXXXXX")
pids=()
# shellcheck disable=SC2317
cleanup()
{
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	rm -rf "$work"
}
trap cleanup EXIT
# Lets the trap above run, whoever asks us to stop.
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

if [ -n "$out" ]; then
	mkdir -p "$out"
	out=$(realpath "$out")
else
	out=$work
fi
rm -f "$out"/{console.log,output.log,fetched.tar.gz}
: >"$out/console.log"
: >"$work/verdict"

nonce=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
command=("$@")
machine_overlay "$work" "$kernel" "${overlays[@]}"
machine_initrd "$work" "$kernel" "$rootfs"
machine_arguments

if [ -n "$shell" ]; then
	status=0
	"${QEMU[@]}" || status=$?
	stty sane 2>/dev/null || true
else
	# QEMU writes into a pipe of our own: given stdout itself it would
	# make it non-blocking, for everybody else as well.
	mkfifo "$work/output"
	# Open at our end as long as QEMU runs: it may fail before it opens its.
	exec 7<>"$work/output"
	tee "$out/output.log" <"$work/output" 7>&- &
	tee=$!
	pids+=("$tee")
	status=0
	timeout --foreground -k 5 "$timeout" "${QEMU[@]}" </dev/null \
		>"$work/qemu.log" 2>&1 7>&- &
	pids+=("$!")
	# "wait" lets a signal through at once, a foreground process does not.
	wait "$!" || status=$?
	exec 7>&-
	wait "$tee" || true
fi
pids=()
verdict "$status"
