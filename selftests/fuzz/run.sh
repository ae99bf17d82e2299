#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh [SECONDS]: fuzz what can be compiled for user space, with libFuzzer,
# AddressSanitizer and UndefinedBehaviorSanitizer, for so long in all (default
# 20); and hold mcpeer.txt against the specification. Prints KTAP; exit 1 if
# anything failed.
#
# The harnesses: wire (kmod/wire.c), text (userspace/text.c, json.c and
# kmod/text.c), answer (userspace/decode.c, extack.c, print*.c). They start
# from the inputs that seeds.py writes, and from what earlier runs in this
# checkout found to be of interest. The random numbers start from
# MCPEER_FUZZ_SEED (default 1; "random" for another one each time).
#
# All is kept in build/fuzz/: HARNESS, HARNESS.log, corpus/HARNESS/, and
# crashes/, the inputs that were found: "HARNESS INPUT" runs one again.
set -euo pipefail
FUZZ=$(realpath "${BASH_SOURCE[0]%/*}")
TOP=$(realpath "$FUZZ/../..")
# shellcheck source=selftests/vm/lib.sh
. "$FUZZ/../vm/lib.sh"

seconds=${1:-20}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || die "usage: run.sh [SECONDS]"
seed=${MCPEER_FUZZ_SEED:-1}
if [ "$seed" = random ]; then
	seed=$((RANDOM << 15 | RANDOM))
fi
out=$TOP/build/fuzz
mkdir -p "$out/crashes"
# One at a time in a checkout.
exec 9>"$out/lock"
flock 9

count=0 failed=0
result()
{
	count=$((count + 1))
	echo "$1 $count $2"
	if [ "$1" = "not ok" ]; then
		failed=$((failed + 1))
	fi
}

# The first line that says what is wrong, and how to see it again.
explain()
{
	local name=$1 log=$2

	{
		grep -m 1 -E 'not true:|runtime error:|^SUMMARY: ' "$log" ||
			tail -n 1 "$log"
	} | sed "s,^$TOP/,,; s/^/# /"
	sed -n "s,.*Test unit written to $TOP/\(.*\),# again: build/fuzz/$name \1,p" "$log"
}

fuzz()
{
	local name=$1 time=$2 corpus=$out/corpus/$1 log=$out/$1.log runs

	mkdir -p "$corpus"
	if stoppable timeout -k 5 "$((time + 120))" "$out/$name" \
		"-max_total_time=$time" "-seed=$seed" -timeout=20 -print_final_stats=1 \
		"-artifact_prefix=$out/crashes/$name-" \
		"$corpus" "$out/seeds/$name" >"$log" 2>&1; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
		echo "# $runs inputs, seed $seed"
		result ok "fuzz_$name"
	else
		explain "$name" "$log"
		result "not ok" "fuzz_$name"
	fi
}

build()
{
	make -s -C "$FUZZ" -O -j "$(nproc)" --no-print-directory "O=$out" \
		>"$out/build.log" 2>&1 &&
		"$PYTHON" "$FUZZ/seeds.py" "$out/seeds" >>"$out/build.log" 2>&1
}

described()
{
	if "$PYTHON" "$FUZZ/syzlang.py" 2>&1 | sed 's/^/# /'; then
		result ok "syzkaller_description"
	else
		result "not ok" "syzkaller_description"
	fi
}

mapfile -t harnesses < <(make -s -C "$FUZZ" --no-print-directory list)
share=$(((seconds + ${#harnesses[@]} - 1) / ${#harnesses[@]}))
echo "TAP version 13"
echo "1..$((${#harnesses[@]} + 1))"
if stoppable build; then
	for harness in "${harnesses[@]}"; do
		fuzz "$harness" "$share"
	done
else
	for harness in "${harnesses[@]}"; do
		echo "# $(grep -m 1 -E 'error|Error' "$out/build.log" || true)"
		result "not ok" "fuzz_$harness"
	done
fi
described
[ "$failed" = 0 ]
