#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# guest.sh SECONDS [PROGRAM...]: fuzz the module, each program (default:
# ../fuzz_*.py) in a virtual machine of its own and for so long. The kernel is
# the one that MCPEER_KERNEL names for ../kernels/kernel.sh (default:
# debug-6.1). The random numbers start from MCPEER_FUZZ_SEED (default: another
# one each time). Exit 1 if anything failed.
#
# All is kept in build/fuzz/guest/: PROGRAM/console.log, where the kernel says
# from time to time from which item on it was being fuzzed, and
# PROGRAM/output.log. With the same seed, MCPEER_FUZZ_FIRST and
# MCPEER_FUZZ_COUNT, some of it can be sent again.
set -euo pipefail
FUZZ=$(realpath "${BASH_SOURCE[0]%/*}")
TOP=$(realpath "$FUZZ/../..")
VM=$TOP/selftests/vm
# shellcheck source=selftests/vm/lib.sh
. "$VM/lib.sh"
# shellcheck source=selftests/vm/build.sh
. "$VM/build.sh"
# shellcheck source=selftests/vm/overlay.sh
. "$VM/overlay.sh"

# Real seconds that a machine may take besides, to boot and to look around.
BESIDES=900

[[ ${1:-} =~ ^[1-9][0-9]*$ ]] || die "usage: guest.sh SECONDS [PROGRAM...]"
seconds=$1
shift
if [ $# -eq 0 ]; then
	set -- "$TOP"/selftests/fuzz_*.py
fi
seed=${MCPEER_FUZZ_SEED:-$((RANDOM << 15 | RANDOM))}
kernel_name=${MCPEER_KERNEL:-debug-6.1}
out=$TOP/build/fuzz/guest
mkdir -p "$out"
exec 9>"$out/lock"
flock 9

failed=()
run_program()
{
	local program=${1##*/} status=0 name
	local options=(--kernel "$kernel" --overlay "$out/overlay" --smp 2
		--timeout "$((seconds * 3 + BESIDES))" --out "$out/${1##*/}"
		--env PYTHONPATH=/kselftest --env PYTHONUNBUFFERED=1
		--env MCPEER_VM=smp --env KSFT_MACHINE_SLOW=yes
		--env "MCPEER_FUZZ_SEED=$seed")

	if [ -z "${MCPEER_FUZZ_COUNT:-}" ]; then
		options+=(--env "MCPEER_FUZZ_SECONDS=$seconds")
	fi
	for name in MCPEER_FUZZ_FIRST MCPEER_FUZZ_COUNT; do
		if [ -n "${!name:-}" ]; then
			options+=(--env "$name=${!name}")
		fi
	done
	say FUZZ "$program, seed $seed, $seconds s"
	# shellcheck disable=SC2016
	stoppable "$VM/run.sh" "${options[@]}" -- sh -c \
		'cd /kselftest/net/mcpeer && exec "./$0"' "$program" || status=$?
	if [ "$status" != 0 ]; then
		failed+=("$program")
		say FAILED "$program: ${out#"$TOP"/}/$program/console.log"
		sed -n 's/.*\(\(datagrams\|requests\): seed .*\)/the last: \1/p' \
			"$out/$program/console.log" | tail -n 1 >&2
		say AGAIN "MCPEER_FUZZ_SEED=$seed ${FUZZ#"$TOP"/}/guest.sh $seconds $program"
	fi
}

# For overlay.sh.
# shellcheck disable=SC2034
source=$("$VM/../kernels/source.sh")
find_kernel "$out" "$kernel_name"
build_or_die "$kernel" "$out"
build_overlay "$kernel" "$out/overlay"
stoppable install_selftests "$out/overlay/kselftest"
for program in "$@"; do
	run_program "$program"
done
if [ ${#failed[@]} -gt 0 ]; then
	die "failed: ${failed[*]}"
fi
