# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced after lib.sh by those who put the project into a machine: build it
# for the guest's kernel, lay it out as an overlay.

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

# build_project KERNEL LOG_DIR: leaves modules.log and tools.log with all that
# the compilers said, and sets built_modules and built_tools to their status.
# shellcheck disable=SC2034
build_project()
{
	local kernel=$1 logs=$2 release part

	release=$(cat "$kernel/release")
	exec 5>"$TOP/build/guest.lock"
	flock 5
	say BUILD "mcpeer.ko for $release"
	part=guest-$release
	built_modules=0
	build_part "$part" "$logs/modules.log" make -C "$TOP" -O -j "$(nproc)" \
		--no-print-directory modules "KDIR=$kernel/build" \
		"BUILD=build/$part" W=1 || built_modules=$?
	say BUILD "the command"
	built_tools=0
	build_part guest-tools "$logs/tools.log" make -C "$TOP/userspace" -O \
		-j "$(nproc)" --no-print-directory "O=$TOP/build/guest-tools" ||
		built_tools=$?
	exec 5>&-
}

# For those who only want to run it.
build_or_die()
{
	build_project "$@"
	if [ "$built_modules" != 0 ] || [ "$built_tools" != 0 ]; then
		cat "$2/modules.log" "$2/tools.log" >&2
		die "the build failed"
	fi
}

# build_overlay KERNEL DIR: the module and the command.
build_overlay()
{
	local kernel=$1 dir=$2 release

	release=$(cat "$kernel/release")
	rm -rf "$dir"
	install -D -m 644 "$TOP/build/guest-$release/kmod/mcpeer.ko" \
		"$dir/usr/lib/modules/$release/updates/mcpeer.ko"
	install -D -m 755 "$TOP/build/guest-tools/mcpeer" "$dir/usr/sbin/mcpeer"
}
