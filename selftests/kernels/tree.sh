#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# tree.sh SUITE: print a directory with a Debian system of SUITE that has what
# kernels and modules are compiled with. It is unpacked without being
# installed, to be used by toolchain_run of toolchain.sh.
set -euo pipefail
HERE=$(realpath "${BASH_SOURCE[0]%/*}")
# shellcheck source=selftests/vm/lib.sh
. "$HERE/../vm/lib.sh"
# shellcheck source=selftests/vm/apt.sh
. "$HERE/../vm/apt.sh"

# Raise when what is made below changes.
FORM=1

# As nothing is installed there, the essential packages have to be named, too.
# Perl and Python are for kernel-doc, which W=1 runs.
PACKAGES=(base-files bash bc bison bzip2 coreutils cpio dash debianutils
	diffutils findutils flex gawk gcc grep gzip kmod libc-bin libc6-dev
	libelf-dev libssl-dev make mawk pahole perl python3 sed tar
	usr-is-merged util-linux xz-utils)

# Only installing or administering a system needs these.
NOT='^(adduser|debconf|dpkg|gcc-[0-9]+-base|init-system-helpers|install-info|libsemanage.*|login.*|passwd|sensible-utils|usrmerge)$'

build_tree()
{
	local out=$1

	shift
	mkdir -p "$out"/{dev,etc,proc,root,run,sys,tmp} "$out"/usr/{bin,sbin,lib,lib64}
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$out"
	apt_unpack "$out" "$@"
	# What maintainer scripts would have done.
	[ -e "$out/usr/bin/awk" ] || ln -s gawk "$out/usr/bin/awk"
	[ -e "$out/usr/bin/sh" ] || ln -s dash "$out/usr/bin/sh"
	rm -rf "$out"/usr/share/{doc,info,locale,man} "$out/var/cache"
}

suite=${1:?which suite?}
apt_use "$suite"
packages=$(apt_resolve "${PACKAGES[@]}" | grep -vE "${NOT/%\$/ }")
key=tree/$suite-$(cache_key "$FORM $packages")
# shellcheck disable=SC2046
cache_build "$key" build_tree $(cut -d' ' -f1 <<<"$packages")
echo "$CACHE/$key"
