#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# coverage.sh [TEST...]: "make coverage". Which lines of the module and of the
# command do the selftests reach? Both are built to count that, the selftests
# (all, or the programs named) are run in a kernel that keeps such counts
# (CONFIG_GCOV_KERNEL; MCPEER_KERNEL names one), in a machine in virtual time
# and in one with real threads, and what both counted is added up: see
# coverage.py, which also looks for the reasons in ../coverage.md.
#
# All is kept in build/coverage/: table.txt, uncovered.txt, coverage.json, and
# for each machine what check.sh keeps as well.
set -euo pipefail
VM=$(realpath "${BASH_SOURCE[0]%/*}")
TOP=$(realpath "$VM/../..")
# shellcheck source=selftests/vm/lib.sh
. "$VM/lib.sh"
# shellcheck source=selftests/vm/build.sh
. "$VM/build.sh"
# shellcheck source=selftests/vm/overlay.sh
. "$VM/overlay.sh"

TIMEOUT=${MCPEER_CHECK_TIMEOUT:-5400}
PROGRAM_TIMEOUT=1800
# Only lines are looked for: what makes the kernel several times slower is off,
# and the module goes without UBSAN.
LIGHT="kmemleak=off debug_locks=0"
# Where the command leaves its counts in the guest; the module's are debugfs'.
PREFIX=/run/coverage

out=$TOP/build/coverage
module=$TOP/build/guest-coverage
tools=$TOP/build/guest-coverage-tools
mkdir -p "$out"
exec 6>"$TOP/build/coverage.lock"
flock 6
rm -rf "${out:?}"/*

started=$SECONDS
source=$("$VM/../kernels/source.sh")
name=${MCPEER_KERNEL:-debug-6.1}
find_kernel "$out" "$name"
echo "$kernel" >"$out/$name.kernel"
grep -qs '^CONFIG_GCOV_KERNEL=y' "$kernel/build/.config" ||
	die "the kernel in $kernel does not count (CONFIG_GCOV_KERNEL)"

# The module counts as the kernel's compiler has it, the command as the host's.
tree=''
if [ -e "$kernel/toolchain" ]; then
	tree=$kernel/toolchain
fi

# From scratch: counts of another build would not fit.
# shellcheck disable=SC2317
build_counting()
{
	rm -rf "$module" "$tools"
	say BUILD "mcpeer.ko for $(cat "$kernel/release"), with gcov"
	# shellcheck disable=SC2046
	toolchain_run "$tree" "$TOP" "$kernel" -- \
		make -C "$TOP" -O -j "$(nproc)" --no-print-directory modules \
		"KDIR=$kernel/build" "BUILD=build/${module##*/}" \
		GCOV_PROFILE=y $(build_kunit "$kernel") >"$out/modules.log" 2>&1 &&
		say BUILD "the command, with gcov" &&
		make -C "$TOP/userspace" -O -j "$(nproc)" --no-print-directory \
			"O=$tools" "CFLAGS=-O0 -g --coverage" >"$out/tools.log" 2>&1
}

# shellcheck disable=SC2317
overlay()
{
	local release

	release=$(cat "$kernel/release")
	install -D -m 644 -t "$out/overlay/usr/lib/modules/$release/updates" \
		"$module/kmod"/mcpeer*.ko
	overlay_tools "$out/overlay" "$tools"
	install_selftests "$out/overlay/kselftest"
}

# Whoever runs the command has to be able to add to the counts.
# shellcheck disable=SC2016
GUEST='umask 0; mkdir -p "$1"; shift; exec "$@"'

run_machine()
{
	local machine=$1 job=$name-$1 status=0 test chosen=()
	local options=(--env "MCPEER_VM=$machine" --env PYTHONPATH=/kselftest
		--env PYTHONUNBUFFERED=1 --env KSFT_MACHINE_SLOW=yes
		--env "MCPEER_KERNEL=$name"
		--env "GCOV_PREFIX=$PREFIX" --env "GCOV_ERROR_FILE=$PREFIX/errors"
		--kernel "$kernel" --overlay "$out/overlay" --memory 2048
		--append "$LIGHT"
		--timeout "$TIMEOUT" --out "$out/$job"
		--fetch /sys/kernel/debug/gcov --fetch "$PREFIX")

	shift
	if [ $# -eq 0 ]; then
		return
	fi
	case $machine in
	virtual) options+=(--virtual) ;;
	smp)
		options+=(--smp 2)
		chosen=(-o "$PROGRAM_TIMEOUT")
		;;
	esac
	for test in "$@"; do
		chosen+=(-t "net/mcpeer:$test")
	done
	{
		"$VM/run.sh" "${options[@]}" -- sh -c "$GUEST" sh "$PREFIX$tools" \
			/kselftest/run_kselftest.sh "${chosen[@]}" \
			2>"$out/$job.err" &
		echo "$!" >"$out/$job.pid"
		wait "$!" || status=$?
		echo "$status" >"$out/$job.status"
	} | "$PYTHON" "$VM/record.py" "$job" "$out" "$@"
	mkdir -p "$out/$job/fetched"
	# In virtual time it is later there.
	tar -C "$out/$job/fetched" --warning=no-timestamp -xf "$out/$job/fetched.tar.gz" ||
		say COVER "no counts from the machine '$machine'"
}

# shellcheck disable=SC2317
stop_machines()
{
	local file

	for file in "$out"/*.pid; do
		if [ -e "$file" ]; then
			kill "$(cat "$file")" 2>/dev/null || true
		fi
	done
}

stoppable build_counting || {
	cat "$out"/{modules,tools}.log >&2 2>/dev/null || true
	die "the build failed"
}
stoppable overlay
choose virtual "$@"
virtual=("${wanted[@]}")
choose smp "$@"
smp=("${wanted[@]}")
choose waiting "$@"
smp+=("${wanted[@]}")
choose debug "$@"
smp+=("${wanted[@]}")
say VM "${#virtual[@]} programs in virtual time, ${#smp[@]} with real threads"
trap stop_machines EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
run_machine virtual "${virtual[@]}" &
pids=("$!")
run_machine smp "${smp[@]}" &
pids+=("$!")
wait "${pids[@]}"
trap - EXIT

status=0
"$PYTHON" "$VM/report.py" "$out" "$((SECONDS - started))" "$name" || status=1
cat "$out"/*/fetched"$PREFIX/errors" 2>/dev/null | sort | uniq -c | head >&2 ||
	true
"$PYTHON" "$VM/coverage.py" "$TOP" "$out" \
	"module=$module/kmod=$VM/../kernels/gcov.sh $kernel" \
	"command=$tools=gcov" || status=1
exit "$status"
