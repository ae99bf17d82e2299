# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Sourced by check.sh: what is tested on the host, before there is a machine,
# told in the same form as what the machines tell. The caller sets out.

# Lines of KTAP, and how many of them are results, by the kernel they are about
# or "host".
declare -A host_lines=() host_count=()

# host_result COLUMN NAME STATUS LOG: a build; a warning makes it fail, too.
host_result()
{
	local column=$1 name=$2 status=$3 log=$4 complaint='' word=ok

	if [ -e "$log" ]; then
		complaint=$(build_complaints "$log" | head -n 1) || true
	fi
	if [ "$status" != 0 ] || [ -n "$complaint" ]; then
		word="not ok"
		host_lines[$column]+="# # ${complaint:-status $status, said above}"$'\n'
	fi
	host_count[$column]=$((${host_count[$column]:-0} + 1))
	host_lines[$column]+="# $word ${host_count[$column]} $name"$'\n'
}

# Real seconds in which random input is looked for that fails.
FUZZ_SECONDS=$((${MCPEER_LONG:-0} ? 600 : 20))

# Passes what a program of the host says on in kselftest's form.
host_record()
{
	local column=$1 program=$2 job=$1-$2

	{
		echo "# selftests: host: $program"
		cat
		echo "ok 1 selftests: host: $program"
	} | "$PYTHON" "$VM/record.py" "$job" "$out" "$program"
	echo 0 >"$out/$job.status"
}

host_header()
{
	"$VM/generate.sh" "$out/header.h" &&
		diff "$out/header.h" "$TOP/uapi/linux/mcpeer.h"
}

# Fails if there is nothing to be put into a machine.
host_tests()
{
	local status=0 tools=0 install=0 column

	host_header >"$out/header.log" 2>&1 || status=$?
	host_result host "generated header up to date" "$status" "$out/header.log"
	build_tools "$out/tools.log" || tools=$?
	host_result host "tools build without warnings" "$tools" "$out/tools.log"
	if [ "$tools" = 0 ]; then
		mkdir "$out/install"
		"$VM/install.sh" "$TOP/build/guest-tools" "$out/install" \
			>"$out/install.log" 2>&1 || install=$?
		host_result host "install and uninstall" "$install" \
			"$out/install.log"
	fi
	for column in "${!host_lines[@]}"; do
		printf '# 1..%d\n%s' "${host_count[$column]}" \
			"${host_lines[$column]}" | host_record "$column" build
	done
	return "$tools"
}

# What is compiled for user space is fuzzed here.
host_fuzz()
{
	{
		"$VM/../fuzz/run.sh" "$FUZZ_SECONDS" 2>"$out/fuzz.err" &
		echo "$!" >"$out/host-fuzz.pid"
		wait "$!" || true
	} | sed 's/^/# /' | host_record host fuzz || true
}
