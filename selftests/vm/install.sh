#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# install.sh TOOLS DIR: does "make install" put everything where README.md says,
# and "make uninstall" take it away again? In a copy of what is installed, in
# DIR, with the objects of the command that are in TOOLS, and a kernel whose
# modules take no time.
set -euo pipefail
VM=$(realpath "${BASH_SOURCE[0]%/*}")
TOP=$(realpath "$VM/../..")
# shellcheck source=selftests/vm/lib.sh
. "$VM/lib.sh"

tools=$1 dir=$2
tree=$dir/tree kernel=$dir/kernel root=$dir/root
release=1.2.3-test
completion=$tree/userspace/mcpeer.bash-completion

# What the caller was told is not for these.
unset DESTDIR PREFIX

fail()
{
	echo "error: $*"
	exit 1
}

lay_out()
{
	mkdir -p "$tree" "$kernel/include/generated" "$root"
	cp -a "$TOP"/{Makefile,kmod,uapi,userspace} "$tree"
	cp -a "$tools/." "$tree/userspace"
	echo "#define UTS_RELEASE \"$release\"" \
		>"$kernel/include/generated/utsrelease.h"
	# shellcheck disable=SC2016
	printf '%s\n' 'modules:' '	echo a module >$(M)/mcpeer.ko' \
		>"$kernel/Makefile"
}

# door GOAL [VAR=VALUE...]
door()
{
	make -C "$tree" --no-print-directory "KDIR=$kernel" "$@"
}

# into GOAL [VAR=VALUE...]: the same below the root.
into()
{
	door "$@" "DESTDIR=$root"
}

# expect WHEN [LINE...]: these files are there, with these modes, and no others.
expect()
{
	local when=$1 found

	shift
	found=$(cd "$root" && find . ! -type d -printf '%m %P\n' | sort)
	[ "$found" = "$(printf '%s\n' "$@" | sort)" ] ||
		fail "$when there is $found"
}

MODULE="644 lib/modules/$release/updates/mcpeer.ko"

# command_in PREFIX: sets command to the files of the command.
command_in()
{
	command=("755 $1/sbin/mcpeer" "644 $1/share/man/man8/mcpeer.8"
		"644 $1/share/bash-completion/completions/mcpeer")
}

# same PREFIX: what is there is what was built.
same()
{
	local from to

	while read -r to from; do
		cmp "$from" "$root/$to" || fail "$to is not what was built"
	done <<-EOT
	$1/sbin/mcpeer $tools/mcpeer
	$1/share/man/man8/mcpeer.8 $tree/userspace/mcpeer.8
	$1/share/bash-completion/completions/mcpeer $completion
	${MODULE#* } $tree/build/$release/kmod/mcpeer.ko
	EOT
}

# try PREFIX [PREFIX=...]: all of it in one place.
try()
{
	local prefix=$1 command

	shift
	command_in "$prefix"
	into install "$@"
	expect "after install" "$MODULE" "${command[@]}"
	same "$prefix"
	# Over an older one, whose modes are others.
	find "$root" -type f -exec sh -c 'echo >"$1"; chmod 400 "$1"' - {} \;
	into install "$@"
	expect "after a second install" "$MODULE" "${command[@]}"
	same "$prefix"
	into uninstall "$@"
	expect "after uninstall"
	into uninstall "$@"
	into tools_install "$@"
	expect "after tools_install" "${command[@]}"
	into modules_install "$@"
	expect "after modules_install" "$MODULE" "${command[@]}"
	# What others have there stays.
	touch "$root/$prefix/sbin/other"
	into uninstall "$@"
	expect "beside another's" "644 $prefix/sbin/other"
	rm "$root/$prefix/sbin/other"
}

# The kernel is told of the module, unless it is for another machine.
tells_kernel()
{
	local goal=$1 said

	said=$(door -n "$goal")
	[[ $said == *"${MODULE#* }"*"depmod $release"* ]] ||
		fail "$goal runs no depmod"
	said=$(into "$goal" -n)
	[[ $said != *depmod* ]] || fail "$goal runs depmod here"
}

lay_out
try usr/local
try usr PREFIX=/usr
tells_kernel install
tells_kernel uninstall
