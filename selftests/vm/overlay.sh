# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Sourced after lib.sh by those who run the selftests in a machine: kselftest
# and our programs as an overlay. The caller sets source (from
# kernels/source.sh).

# selftests GOAL...: make in selftests/, with kselftest's own makefile.
selftests()
{
	make -C "$TOP/selftests" -s --no-print-directory \
		"KSFT=$source/tools/testing/selftests" \
		"OUTPUT=$TOP/build/selftests" "$@"
}

# The same layout as in a kernel tree that has the tests in net/mcpeer.
install_selftests()
{
	local dir=$1 ksft=$source/tools/testing/selftests

	mkdir -p "$dir/kselftest" "$dir/net/lib" "$TOP/build/selftests"
	install -m 755 "$ksft"/kselftest/{runner.sh,ktap_helpers.sh,module.sh} \
		"$dir/kselftest"
	install -m 755 "$ksft/run_kselftest.sh" "$dir"
	selftests install "INSTALL_PATH=$dir/net/mcpeer" \
		"SRC_PATH=$ksft" "OBJ_PATH=$dir"
	selftests emit_tests COLLECTION=net/mcpeer >"$dir/kselftest-list.txt"
	rsync -a "$source/Documentation/netlink/specs" \
		"$source/tools/net/ynl" "$dir/net/lib"
	cp "$TOP/uapi/specs/mcpeer.yaml" "$dir/net/lib/specs"
	cp "$VM/sitecustomize.py" "$dir"
}

# choose LIST [TEST...]: sets wanted to the programs of ../Makefile's LIST, of
# those named.
choose()
{
	local test list=$1

	shift
	wanted=()
	for test in $(selftests "list_$list"); do
		if [ $# -eq 0 ] || [[ " $* " == *" $test "* ]]; then
			wanted+=("$test")
		fi
	done
}
