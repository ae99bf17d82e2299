# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced after lib.sh: what a Debian kernel is compiled with. A kernel, its
# headers' programs and its modules want the compiler and the C library of their
# own suite. The host's are used for its own suite; for another one there is a
# tree from tree.sh, in which commands are run by chroot in a mount namespace.

# toolchain_tree SUITE: print the tree for it, or nothing if the host serves.
toolchain_tree()
{
	local suite=${1%-backports}

	if [ "$suite" != "$(host_suite)" ]; then
		"${BASH_SOURCE[0]%/*}/tree.sh" "$suite"
	fi
}

# toolchain_run TREE DIR... -- COMMAND...: run it here, or in TREE if that is
# not empty. The directories are there under the same names, as is /tmp. It
# starts in the first of them, wherever we are: that may be in /, whose like
# TREE is.
toolchain_run()
{
	local tree=$1 own=() dirs=() dir

	shift
	while [ "$1" != -- ]; do
		dir=$(realpath "$1")
		[ "$dir" != / ] || die "cannot compile what lies in / itself"
		dirs+=("$dir")
		shift
	done
	shift
	if [ -z "$tree" ]; then
		(cd "${dirs[0]}" && exec "$@")
		return
	fi
	if [ "$(id -u)" != 0 ]; then
		own=(--map-root-user)
	fi
	# In a chroot, mounts of our own would be seen outside as well.
	unshare --mount "${own[@]}" true 2>/dev/null ||
		die "compiling in $tree needs mounts of our own: root, or a kernel that lets users have user namespaces; and / a mount point, in a chroot, too"
	# shellcheck disable=SC2016
	unshare --mount "${own[@]}" sh -ec '
		tree=$1 first=$2
		shift
		# The project and the cache may be below /tmp.
		for dir in /proc /dev /tmp; do
			mkdir -p "$tree$dir"
			mount --rbind "$dir" "$tree$dir"
		done
		while [ "$1" != -- ]; do
			mkdir -p "$tree$1"
			mount --rbind "$1" "$tree$1"
			shift
		done
		shift
		exec chroot "$tree" /bin/sh -c "cd \"\$0\" && exec \"\$@\"" "$first" "$@"
	' toolchain "$(realpath "$tree")" "${dirs[@]}" -- "$@"
}
