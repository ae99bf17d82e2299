#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh [PART...]: "make bench". Builds the project and what it is measured
# with, measures in a machine in virtual time (all, or some of the parts that
# guest/bench.py has), and holds the figures against those that are committed;
# see report.py. With ACCEPT=1 they become those that are to be committed. The
# part "spent", which has to be alone, shows what instructions are spent on; see
# spent.py.
#
# All is kept in build/bench/: figures.json, console.log.
set -euo pipefail
BENCH=$(realpath "${BASH_SOURCE[0]%/*}")
VM=$(realpath "$BENCH/../vm")
TOP=$(realpath "$BENCH/../..")
# shellcheck source=selftests/vm/lib.sh
. "$VM/lib.sh"
# shellcheck source=selftests/vm/build.sh
. "$VM/build.sh"

# The kernel for which figures are committed.
KERNEL=bookworm

out=$TOP/build/bench
mkdir -p "$out"
exec 6>"$TOP/build/bench.lock"
flock 6
rm -rf "${out:?}"/*

# build_inject KERNEL: the module that has datagrams received.
build_inject()
{
	local kernel=$1 tree=''

	if [ -e "$kernel/toolchain" ]; then
		tree=$kernel/toolchain
	fi
	say BUILD "mcpeer_bench.ko for $(cat "$kernel/release")"
	mkdir -p "$out/inject"
	cp "$BENCH"/inject/* "$out/inject"
	toolchain_run "$tree" "$TOP" "$kernel" -- \
		make -C "$kernel/build" "M=$out/inject" W=1 modules \
		>"$out/inject.log" 2>&1 || {
		cat "$out/inject.log" >&2
		die "the build of the bench's module failed"
	}
}

# build_program NAME: from the directory of that name. The guest's user land is
# of the host's suite.
build_program()
{
	say BUILD "the $1"
	cc -std=gnu11 -O2 -Wall -Wextra -Werror -D_GNU_SOURCE \
		-o "$out/$1" "$BENCH/$1"/*.c
}

# add_swap KERNEL DIR: put there what the guests of tests have not, to swap
# without a disk.
SWAP=(mm/zsmalloc drivers/block/zram/zram crypto/lzo crypto/lzo-rle)
add_swap()
{
	local kernel=$1 dir=$2 modules files

	modules=$kernel/root/usr/lib/modules/$(cat "$kernel/release")/kernel
	files=("${SWAP[@]/#/$modules/}")
	files=("${files[@]/%/.ko}")
	install -D -m 644 -t "$dir" "${files[@]}"
}

find_kernel "$out" "$KERNEL"
build_or_die "$kernel" "$out"
stoppable build_inject "$kernel"
build_program daemon
build_program burden
build_overlay "$kernel" "$out/overlay"
updates=$out/overlay/usr/lib/modules/$(cat "$kernel/release")/updates
install -D -m 644 -t "$updates" "$out/inject/mcpeer_bench.ko"
add_swap "$kernel" "$updates"
install -D -m 644 -t "$out/overlay/bench" "$BENCH"/guest/*.{py,erl}
install -m 755 -t "$out/overlay/bench" "$out"/{daemon,burden}
if [ "$*" = spent ]; then
	say VM "single steps, log in ${out#"$TOP"/}/console.log"
	stoppable "$PYTHON" "$BENCH/spent.py" "$VM/run.sh" --virtual --gdb \
		--kernel "$kernel" --overlay "$out/overlay" --timeout 900 \
		--out "$out" -- python3 /bench/endless.py -- "$updates/mcpeer.ko" \
		>"$out/spent.md"
	cat "$out/spent.md"
	if [ -n "${ACCEPT:-}" ]; then
		cp "$out/spent.md" "$BENCH"
	fi
	exit
fi
say VM "measuring, log in ${out#"$TOP"/}/console.log"
stoppable "$VM/run.sh" --virtual --kernel "$kernel" --overlay "$out/overlay" \
	--timeout 7200 --out "$out" --fetch /run/figures.json \
	--env PYTHONDONTWRITEBYTECODE=1 \
	-- python3 /bench/bench.py /run/figures.json "$@" >&2
tar -xzf "$out/fetched.tar.gz" -O run/figures.json >"$out/figures.json"
exec "$PYTHON" "$BENCH/report.py" ${ACCEPT:+--accept} "$out/figures.json"
