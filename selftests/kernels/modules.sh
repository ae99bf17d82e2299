# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by kernel.sh: a kernel's modules, as the guest gets them.

# modules_pack KERNEL_DIR RELEASE: index modules/ and make modules.cpio of it.
modules_pack()
{
	local out=$1 release=$2

	depmod -b "$out/modules" "$release"
	# In the guest /lib is a symlink, which a directory would replace.
	(cd "$out/modules" && find lib -mindepth 1 | sort | sed 's,^,usr/,' >../list)
	ln -s . "$out/modules/usr"
	(cd "$out/modules" && cpio --quiet -o -H newc -R 0:0 <../list >../modules.cpio)
	rm "$out/modules/usr" "$out/list"
}
