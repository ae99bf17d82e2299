# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced after lib.sh by those who put the project into a machine: build it
# for the guest's kernel, lay it out as an overlay.

# shellcheck source=selftests/kernels/toolchain.sh
. "$VM/../kernels/toolchain.sh"

# They get objects of their own, apart from those of "make" by hand: something
# compiled earlier with a warning would not show it again.

# build_part NAME LOG COMMAND...: run it to fill the directory build/NAME, from
# scratch unless the last time was without a complaint.
build_part()
{
	local dir=$TOP/build/$1 log=$2 status=0

	shift 2
	if [ -e "$dir/clean" ]; then
		rm "$dir/clean"
	else
		rm -rf "$dir"
		mkdir -p "$dir"
	fi
	"$@" >"$log" 2>&1 || status=$?
	if [ "$status" = 0 ] && ! build_complaints "$log" >/dev/null; then
		touch "$dir/clean"
	fi
	return "$status"
}

# The warnings and errors in a log.
build_complaints()
{
	grep -E 'warning:|WARNING:|error:|Error ' "$1"
}

# build_locked NAME LOG COMMAND...: build_part, one at a time in a checkout.
build_locked()
{
	local status=0

	exec 5>"$TOP/build/guest.lock"
	flock 5
	build_part "$@" || status=$?
	exec 5>&-
	return "$status"
}

# The tests inside the kernel are built for kernels that can run them.
build_kunit()
{
	if grep -qs '^CONFIG_KUNIT=[my]' "$1/build/.config"; then
		echo CONFIG_MCPEER_KUNIT_TEST=m
	fi
}

# build_sanitized KERNEL MODULE: is there something in it of each sanitizer that
# the kernel has, if that is one of ours? Else they would find nothing in it, and
# nobody would notice.
build_sanitized()
{
	local kernel=$1 module=$2 sanitizer symbol

	[[ $(cat "$kernel/release") == *-mcpeer-* ]] || return 0
	while read -r sanitizer symbol; do
		if grep -q "^CONFIG_$sanitizer=y" "$kernel/build/.config" &&
			! grep -q "$symbol" "$module"; then
			echo "error: ${module##*/} is without $sanitizer"
			return 1
		fi
	done <<-EOF
	KASAN __asan_
	KCSAN __tsan_
	UBSAN __ubsan_
	EOF
}

# build_module KERNEL LOG
build_module()
{
	local kernel=$1 log=$2 release part tree=''

	release=$(cat "$kernel/release")
	part=guest-$release
	if [ -e "$kernel/toolchain" ]; then
		tree=$kernel/toolchain
	fi
	say BUILD "mcpeer.ko for $release"
	# Kernels of ours have UBSAN for those who ask for it.
	# shellcheck disable=SC2046
	build_locked "$part" "$log" \
		toolchain_run "$tree" "$TOP" "$kernel" -- \
		make -C "$TOP" -O -j "$(nproc)" --no-print-directory modules \
		"KDIR=$kernel/build" "BUILD=build/$part" W=1 \
		UBSAN_SANITIZE=y $(build_kunit "$kernel") &&
		build_sanitized "$kernel" "$TOP/build/$part/kmod/mcpeer.ko" >>"$log"
}

# build_tools LOG
build_tools()
{
	say BUILD "the command"
	build_locked guest-tools "$1" make -C "$TOP/userspace" -O -j "$(nproc)" \
		--no-print-directory "O=$TOP/build/guest-tools"
}

# find_kernel LOG_DIR [NAME]: sets kernel to what kernels/kernel.sh prints,
# which may have to compile it first.
find_kernel()
{
	local logs=$1

	shift
	stoppable "$VM/../kernels/kernel.sh" "$@" >"$logs/kernel"
	kernel=$(cat "$logs/kernel")
}

# build_or_die KERNEL LOG_DIR: both, for those who only want to run them.
build_or_die()
{
	local kernel=$1 logs=$2

	stoppable build_module "$kernel" "$logs/modules.log" || {
		cat "$logs/modules.log" >&2
		die "the build of the module failed"
	}
	stoppable build_tools "$logs/tools.log" || {
		cat "$logs/tools.log" >&2
		die "the build of the command failed"
	}
}

# overlay_module KERNEL DIR: put the module there, and its tests if there are.
overlay_module()
{
	local kernel=$1 dir=$2 release

	release=$(cat "$kernel/release")
	install -D -m 644 -t "$dir/usr/lib/modules/$release/updates" \
		"$TOP/build/guest-$release/kmod"/mcpeer*.ko
}

# overlay_tools DIR [TOOLS]: put the command there, and what completes it in a
# shell.
overlay_tools()
{
	local tools=${2:-$TOP/build/guest-tools}

	install -D -m 755 "$tools/mcpeer" "$1/usr/sbin/mcpeer"
	install -D -m 644 "$TOP/userspace/mcpeer.bash-completion" \
		"$1/usr/share/bash-completion/completions/mcpeer"
}

# build_overlay KERNEL DIR: both, afresh.
build_overlay()
{
	rm -rf "$2"
	overlay_module "$1" "$2"
	overlay_tools "$2"
}
