#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh [TEST...]: "make check". Builds everything for each of the kernels
# in KERNELS, installs the selftests by kselftest's own means into an overlay,
# and has kselftest's own runner run them (all, or the programs named) in three
# machines for each kernel: one in virtual time, one with real threads, one for
# those that mostly wait, and on kernels with checks inside two more, see LIGHT;
# which program goes where, ../Makefile says. Then the results on one screen.
#
#	KERNELS		names as kernels/kernel.sh has them; by default the
#			host's own suite
#	MCPEER_LONG=1	the long forms of the tests
#
# All is kept in build/check/: KERNEL-MACHINE.ktap (what the tests said),
# KERNEL-MACHINE/ (console.log), KERNEL-MACHINE.err (why the machine failed),
# KERNEL.log (the module's compiler), tools.log.
#
# For a program in the guest, kselftest is at /kselftest: a test lies in
# /kselftest/net/mcpeer, net/lib.sh and net/lib/py beside it as in a kernel
# tree. PYTHONPATH contains /kselftest, so that "from net.lib.py import ..."
# works; the netlink specs, ours too, are in /kselftest/net/lib/specs.
# MCPEER_VM is "virtual" or "smp", MCPEER_KERNEL the kernel's name; where things
# take longer than on stock hardware KSFT_MACHINE_SLOW=yes. The module is known
# to modprobe, the command is in PATH.
set -euo pipefail
VM=$(realpath "${BASH_SOURCE[0]%/*}")
TOP=$(realpath "$VM/../..")
# shellcheck source=selftests/vm/lib.sh
. "$VM/lib.sh"
# shellcheck source=selftests/vm/build.sh
. "$VM/build.sh"
# shellcheck source=selftests/vm/overlay.sh
. "$VM/overlay.sh"
# shellcheck source=selftests/vm/jobs.sh
. "$VM/jobs.sh"
# shellcheck source=selftests/vm/host.sh
. "$VM/host.sh"

read -ra kernels <<<"${KERNELS:-${MCPEER_SUITE:-$(host_suite)}}"
long=${MCPEER_LONG:-}

# Real seconds after which a machine is killed, and a program in real time.
TIMEOUT=${MCPEER_CHECK_TIMEOUT:-$((${long:-0} ? 14400 : 3600))}
PROGRAM_TIMEOUT=$((${long:-0} ? 3600 : 900))

# Two checks make a debug kernel several times slower: the order of locks and
# leaks. In virtual time the short forms have neither, but for some programs: in
# a machine "locks" of their own the former, in a machine "leaks" both. With real
# threads they have the order of locks: where there are more threads than
# processors, all would wait for the lock of who looks for leaks, most of the
# time.
LIGHT="kmemleak=off debug_locks=0"
LOCKS="kmemleak=off"

# In virtual time the tests idle for half a day. Of those whom the kernel wakes
# up for meanwhile, several times a second, they need none: who looks for stalls,
# pressure, memory in pieces and how it is used, and see ./init. What the module
# costs is measured with all of them, see ../bench.
QUIET="nowatchdog psi=0 damon_stat.enabled=N vm.quiet=1"
QUIET+=" sysctl.vm.compaction_proactiveness=0 sysctl.vm.stat_interval=3600"

out=$TOP/build/check
mkdir -p "$out"
# One at a time in a checkout.
exec 6>"$TOP/build/check.lock"
if ! flock -n 6; then
	say WAIT "another make check is running here"
	flock 6
fi
rm -rf "${out:?}"/*
started=$SECONDS

# A kernel with checks inside takes its time, even virtual.
is_debug()
{
	[[ $1 == *-[0-9]* ]]
}

is_kcsan()
{
	[[ $1 == kcsan-* ]]
}

# Are two of the checks left out where they are dear? KCSAN has neither.
is_light()
{
	is_debug "$1" && ! is_kcsan "$1" && [ -z "$long" ]
}

# Has a machine real threads?
is_real()
{
	[ "$1" = smp ] || [ "$1" = waiting ]
}

# without PROGRAM...: takes these off what is wanted.
without()
{
	local program all=("${wanted[@]}")

	wanted=()
	for program in "${all[@]}"; do
		if [[ " $* " != *" $program "* ]]; then
			wanted+=("$program")
		fi
	done
}

# programs KERNEL MACHINE: sets wanted to what is to run there.
programs()
{
	local kernel=$1 machine=$2 locks=() debug=()

	if is_light "$kernel"; then
		choose locks "${tests[@]}"
		locks=("${wanted[@]}")
	fi
	if is_debug "$kernel"; then
		choose debug "${tests[@]}"
		debug=("${wanted[@]}")
	fi
	case $machine in
	virtual)
		choose virtual "${tests[@]}"
		without "${locks[@]}"
		;;
	locks)
		wanted=("${locks[@]}")
		;;
	leaks)
		wanted=("${debug[@]}")
		! is_kcsan "$kernel" || wanted=()
		;;
	smp)
		choose smp "${tests[@]}"
		! is_kcsan "$kernel" || wanted+=("${debug[@]}")
		;;
	waiting)
		choose waiting "${tests[@]}"
		;;
	esac
	# A data race takes two processors.
	if [ "$machine" = virtual ] && is_kcsan "$kernel"; then
		wanted=()
	fi
}

# prepare KERNEL: have it, build the module for it. What goes wrong is that
# kernel's result, the others are tested nevertheless. Call it as a plain
# command: in a condition "set -e" would be off inside.
prepare()
{
	local name=$1 kernel status=0

	set +e
	(
		set -e
		kernel=$("$VM/../kernels/kernel.sh" "$name")
		echo "$kernel" >"$out/$name.kernel"
		build_module "$kernel" "$out/$name.log"
		overlay_module "$kernel" "$out/$name.overlay"
	)
	status=$?
	set -e
	host_result "$name" "module builds without warnings" "$status" "$out/$name.log"
	if [ "$status" = 0 ]; then
		ready+=("$name")
	fi
}

# run_machine KERNEL-MACHINE
run_machine()
{
	local job=$1 name=${1%-*} machine=${1##*-} status=0 test chosen=()
	local kernel wanted options low=() cpus=2

	kernel=$(cat "$out/$name.kernel")
	options=(--env "MCPEER_KERNEL=$name"
		--env PYTHONPATH=/kselftest --env PYTHONUNBUFFERED=1
		--kernel "$kernel" --overlay "$out/overlay"
		--overlay "$out/$name.overlay"
		--timeout "$TIMEOUT" --out "$out/$job")
	if [ -n "$long" ]; then
		options+=(--env MCPEER_LONG=1)
	fi
	if is_real "$machine" || is_debug "$name"; then
		options+=(--env KSFT_MACHINE_SLOW=yes)
	fi
	# For races, where a kernel tells of them.
	if [ "$machine" = smp ] && is_debug "$name"; then
		cpus=4
	fi
	if is_real "$machine"; then
		options+=(--env "MCPEER_VM=smp" --smp "$cpus")
		# ../settings speaks of virtual time; a program that hangs here
		# must leave some for the others.
		chosen=(-o "$PROGRAM_TIMEOUT")
	else
		options+=(--env "MCPEER_VM=virtual" --virtual --append "$QUIET")
	fi
	# For what mostly waits it makes no difference.
	if [ "$machine" = waiting ]; then
		options+=(--append ipv6.disable=1)
	fi
	if is_light "$name"; then
		case $machine in
		virtual) options+=(--append "$LIGHT") ;;
		locks | smp | waiting) options+=(--append "$LOCKS") ;;
		esac
	fi
	# Else its processors, that mostly wait for locks of each other, would
	# leave little to the machine beside it.
	if [ "$machine" = smp ]; then
		low=(nice)
	fi
	programs "$name" "$machine"
	for test in "${wanted[@]}"; do
		chosen+=(-t "net/mcpeer:$test")
	done
	{
		"${low[@]}" "$VM/run.sh" "${options[@]}" -- /kselftest/run_kselftest.sh \
			"${chosen[@]}" 2>"$out/$job.err" &
		echo "$!" >"$out/$job.pid"
		wait "$!" || status=$?
		echo "$status" >"$out/$job.status"
	} | "$PYTHON" "$VM/record.py" "$job" "$out" "${wanted[@]}"
}

# run_job JOB
run_job()
{
	if [ "$1" = host-fuzz ]; then
		host_fuzz
	else
		run_machine "$1"
	fi
}

# list_of MACHINE: those that have something to run, of the last of the kernels
# first.
list_of()
{
	local wanted i

	for ((i = ${#ready[@]} - 1; i >= 0; i--)); do
		programs "${ready[i]}" "$1"
		if [ ${#wanted[@]} -gt 0 ]; then
			echo "${ready[i]}-$1"
		fi
	done
}

# The longest come first: those in virtual time, and of them the last of the
# kernels named. Those with real threads take more than one processor each, so
# that few may run at a time: they begin beside that one, or would be left to run
# one by one in the end.
list_jobs()
{
	list_of virtual | sed -n 1p
	list_of smp
	list_of virtual | sed 1d
	list_of leaks
	list_of locks
	list_of waiting
}

# Builds all that the machines need, and says in $out/jobs which they are: of
# each of them there have to be results.
prepare_jobs()
{
	local name jobs=() ready=()

	for name in "${kernels[@]}"; do
		prepare "$name"
	done
	if host_tests && [ ${#ready[@]} -gt 0 ]; then
		install_selftests "$out/overlay/kselftest"
		overlay_tools "$out/overlay"
		mapfile -t jobs < <(list_jobs)
		say VM "${#jobs[@]} machines, $LANES at a time and one that waits: ${jobs[*]}"
	fi
	# In the midst, as it uses one processor as well.
	if [ ${#tests[@]} -eq 0 ]; then
		jobs=("${jobs[@]:0:1}" host-fuzz "${jobs[@]:1}")
	fi
	if [ ${#jobs[@]} -gt 0 ]; then
		printf '%s\n' "${jobs[@]}"
	fi >"$out/jobs"
}

tests=("$@")
stoppable "$VM/../kernels/source.sh" >"$out/source"
# For overlay.sh.
# shellcheck disable=SC2034
source=$(cat "$out/source")
stoppable "$VM/rootfs.sh" >"$out/rootfs"
for test in "${tests[@]}"; do
	choose all "$test"
	[ ${#wanted[@]} -gt 0 ] || die "no test '$test' in selftests/Makefile"
done
stoppable prepare_jobs
mapfile -t jobs <"$out/jobs"
run_jobs run_job "${jobs[@]}"
exec "$PYTHON" "$VM/report.py" "$out" "$((SECONDS - started))" "${kernels[@]}"
