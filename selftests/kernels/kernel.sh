#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel.sh [NAME]: print a directory with a kernel for the guest, which is
# downloaded or built when it is not there yet, and never installed. NAME
# (default: MCPEER_SUITE, or else the host's own suite) is
#
#	SUITE		a Debian codename, or one with -backports: the current
#			stock kernel of that suite
#	FLAVOUR-SERIES	a kernel of our own configuration, built from Debian's
#			linux-source; FLAVOUR is debug or kcsan, SERIES 6.1 or
#			7, the latter being the newest there is
#
# In the directory there are
#
#	release		the kernel's release, as uname -r tells it
#	vmlinuz		the image
#	build		for make -C: what modules are built with
#	modules/	lib/modules/RELEASE with the modules a test can need
#	modules.cpio	the same as a piece of initramfs
#	toolchain	if the host's compiler or C library do not serve: a
#			system to build modules in, see toolchain.sh
#	memory		if it needs more than others: megabytes
#	arguments	if it needs any: more kernel arguments
set -euo pipefail
HERE=$(realpath "${BASH_SOURCE[0]%/*}")
VM=$HERE/../vm
# shellcheck source=selftests/vm/lib.sh
. "$VM/lib.sh"
# shellcheck source=selftests/vm/apt.sh
. "$VM/apt.sh"
# shellcheck source=selftests/kernels/toolchain.sh
. "$HERE/toolchain.sh"
# shellcheck source=selftests/kernels/modules.sh
. "$HERE/modules.sh"

name=${1:-${MCPEER_SUITE:-$(host_suite)}}
case $name in
debug-* | kcsan-*)
	# shellcheck source=selftests/kernels/own.sh
	. "$HERE/own.sh"
	own_kernel "$name"
	;;
*[!a-z-]* | '')
	die "'$name' is neither a Debian suite nor a kernel of ours"
	;;
*)
	# shellcheck source=selftests/kernels/stock.sh
	. "$HERE/stock.sh"
	stock_kernel "$name"
	;;
esac
