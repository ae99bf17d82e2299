#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh [TEST...]: "make check". Builds everything for the guest's kernel,
# installs the selftests by kselftest's own means into an overlay, and has
# kselftest's own runner run them (all, or the programs named) in two machines
# at a time: one in virtual time, one with real threads; which program goes
# where, ../Makefile says. Then the results on one screen.
#
# All is kept in build/check/: MACHINE.ktap (what the tests said), MACHINE/
# (console.log), MACHINE.err (why the machine failed), modules.log, tools.log.
#
# For a program in the guest, kselftest is at /kselftest: a test lies in
# /kselftest/net/mcpeer, net/lib.sh and net/lib/py beside it as in a kernel
# tree. PYTHONPATH contains /kselftest, so that "from net.lib.py import ..."
# works; the netlink specs, ours too, are in /kselftest/net/lib/specs.
# MCPEER_VM is "virtual" or "smp"; the latter also sets KSFT_MACHINE_SLOW=yes.
# The module is known to modprobe, the command is in PATH.
set -euo pipefail
VM=$(realpath "${BASH_SOURCE[0]%/*}")
TOP=$(realpath "$VM/../..")
# shellcheck source=selftests/vm/lib.sh
. "$VM/lib.sh"
# shellcheck source=selftests/vm/build.sh
. "$VM/build.sh"

# Real seconds after which a machine is killed, and a program in real time.
TIMEOUT=${MCPEER_CHECK_TIMEOUT:-2400}
PROGRAM_TIMEOUT=600

out=$TOP/build/check
mkdir -p "$out"
# One at a time in a checkout.
exec 6>"$TOP/build/check.lock"
if ! flock -n 6; then
	say WAIT "another make check is running here"
	flock 6
fi
rm -rf "$out"/{virtual,smp,host}* "$out"/{overlay,summary}

source=$("$VM/../kernels/source.sh")
kernel=$("$VM/../kernels/kernel.sh")
ksft=$source/tools/testing/selftests
"$VM/rootfs.sh" >"$out/host.rootfs"

selftests()
{
	make -C "$TOP/selftests" -s --no-print-directory "KSFT=$ksft" "$@"
}

# Tests of what is made on the host, told in the same form as the others.
results=() host_count=0
host_result()
{
	local result=$1 name=$2

	results+=("# $result $((++host_count)) $name")
}

host_tests()
{
	local part status complaint

	if ! "$VM/generate.sh" "$out/host.header" 2>"$out/host.generate"; then
		results+=("# # $(tail -n 1 "$out/host.generate")")
		host_result "not ok" "generated header up to date"
	elif cmp -s "$out/host.header" "$TOP/uapi/linux/mcpeer.h"; then
		host_result ok "generated header up to date"
	else
		results+=("# # uapi/linux/mcpeer.h differs, see make generate")
		host_result "not ok" "generated header up to date"
	fi
	for part in modules tools; do
		status=built_$part
		complaint=$(build_complaints "$out/$part.log" | head -n 1) || true
		if [ "${!status}" = 0 ] && [ -z "$complaint" ]; then
			host_result ok "$part build without warnings"
		else
			results+=("# # ${complaint:-status ${!status}, see $part.log}")
			host_result "not ok" "$part build without warnings"
		fi
	done
	{
		echo "TAP version 13"
		echo "1..1"
		echo "# selftests: host: build"
		echo "# 1..$host_count"
		printf '%s\n' "${results[@]}"
		echo "ok 1 selftests: host: build"
	} | "$PYTHON" "$VM/summary.py" record host "$out" build
	echo 0 >"$out/host.status"
}

# The same layout as in a kernel tree that has the tests in net/mcpeer.
install_selftests()
{
	local dir=$1

	mkdir -p "$dir/kselftest" "$dir/net/lib"
	install -m 755 "$ksft"/kselftest/{runner.sh,ktap_helpers.sh,module.sh} \
		"$dir/kselftest"
	install -m 755 "$ksft/run_kselftest.sh" "$dir"
	selftests install "INSTALL_PATH=$dir/net/mcpeer" \
		"SRC_PATH=$ksft" "OBJ_PATH=$dir"
	selftests emit_tests COLLECTION=net/mcpeer >"$dir/kselftest-list.txt"
	rsync -a "$source/Documentation/netlink/specs" \
		"$source/tools/net/ynl" "$dir/net/lib"
	cp "$TOP/uapi/specs/mcpeer.yaml" "$dir/net/lib/specs"
}

# choose MACHINE [TEST...]: sets wanted to that machine's programs, of those
# named.
choose()
{
	local test machine=$1

	shift
	wanted=()
	for test in $(selftests "list_$machine"); do
		if [ $# -eq 0 ] || [[ " $* " == *" $test "* ]]; then
			wanted+=("$test")
		fi
	done
}

run_machine()
{
	local machine=$1 status=0 test chosen=()
	local options=(--env "MCPEER_VM=$machine" --env PYTHONPATH=/kselftest
		--env PYTHONUNBUFFERED=1 --kernel "$kernel" --overlay "$out/overlay"
		--timeout "$TIMEOUT" --out "$out/$machine")

	shift
	if [ $# -eq 0 ]; then
		return
	fi
	case $machine in
	virtual) options+=(--virtual) ;;
	smp)
		options+=(--smp 2 --env KSFT_MACHINE_SLOW=yes)
		# ../settings speaks of virtual time; a program that hangs here
		# must leave some for the others.
		chosen=(-o "$PROGRAM_TIMEOUT")
		;;
	esac
	for test in "$@"; do
		chosen+=(-t "net/mcpeer:$test")
	done
	{
		"$VM/run.sh" "${options[@]}" -- /kselftest/run_kselftest.sh \
			"${chosen[@]}" 2>"$out/$machine.err" &
		echo "$!" >"$out/$machine.pid"
		wait "$!" || status=$?
		echo "$status" >"$out/$machine.status"
	} | "$PYTHON" "$VM/summary.py" record "$machine" "$out" "$@"
}

stop_machines()
{
	local file

	for file in "$out"/{virtual,smp}.pid; do
		if [ -e "$file" ]; then
			kill "$(cat "$file")" 2>/dev/null || true
		fi
	done
}

choose virtual "$@"
wanted_virtual=("${wanted[@]}")
choose smp "$@"
wanted_smp=("${wanted[@]}")
for test in "$@"; do
	if [[ " ${wanted_virtual[*]} ${wanted_smp[*]} " != *" $test "* ]]; then
		die "no test '$test' in selftests/Makefile"
	fi
done

build_project "$kernel" "$out"
host_tests
if [ "$built_modules" = 0 ] && [ "$built_tools" = 0 ]; then
	build_overlay "$kernel" "$out/overlay"
	install_selftests "$out/overlay/kselftest"
	say VM "${#wanted_virtual[@]} programs in virtual time, ${#wanted_smp[@]} with real threads"
	# If we are stopped so are the machines, which as background jobs do
	# not hear of ctrl-C.
	trap stop_machines EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	run_machine virtual "${wanted_virtual[@]}" &
	virtual=$!
	run_machine smp "${wanted_smp[@]}" &
	smp=$!
	wait "$virtual"
	wait "$smp"
	trap - EXIT
else
	for machine in virtual smp; do
		choose "$machine" "$@"
		if [ ${#wanted[@]} -gt 0 ]; then
			"$PYTHON" "$VM/summary.py" record "$machine" "$out" \
				"${wanted[@]}" </dev/null
			echo "not started, the build failed" >"$out/$machine.err"
			echo 127 >"$out/$machine.status"
		fi
	done
fi
exec "$PYTHON" "$VM/summary.py" report "$out" host virtual smp
