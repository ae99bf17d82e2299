#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# source.sh: print a directory laid out like a kernel tree, with the parts we
# use of it: kselftest, the netlink (YNL) generator and its schemas, the style
# checkers. They come from Debian's linux-source package, which is not installed,
# and are never copied into this project.
set -euo pipefail
# shellcheck source=selftests/vm/lib.sh
. "${BASH_SOURCE[0]%/*}/../vm/lib.sh"
# shellcheck source=selftests/vm/apt.sh
. "${BASH_SOURCE[0]%/*}/../vm/apt.sh"

# Recent enough for the generator, and the same one everywhere: trixie has it;
# bookworm has it only in its security archive, which not every machine uses.
PACKAGE=linux-source-6.12
FALLBACK=trixie
# Raise when the list below changes.
FORM=2

PARTS=(
	Documentation/netlink
	scripts/checkpatch.pl
	scripts/coccinelle
	scripts/const_structs.checkpatch
	scripts/kernel-doc
	scripts/spelling.txt
	scripts/subarch.include
	tools/net/ynl
	tools/testing/selftests/Makefile
	tools/testing/selftests/kselftest
	tools/testing/selftests/kselftest.h
	tools/testing/selftests/kselftest_harness.h
	tools/testing/selftests/kselftest_install.sh
	tools/testing/selftests/lib.mk
	tools/testing/selftests/net/lib
	tools/testing/selftests/net/lib.sh
	tools/testing/selftests/run_kselftest.sh
)

extract()
{
	local out=$1

	mkdir "$out/package"
	apt_unpack "$out/package" "$PACKAGE"
	tar -xf "$out/package/usr/src/$PACKAGE.tar.xz" -C "$out" \
		--strip-components=1 --no-same-owner "${PARTS[@]/#/$PACKAGE/}"
	rm -rf "$out/package"
	# The generator looks for the root of a tree by this name.
	: >"$out/MAINTAINERS"
}

apt_use "$(host_suite)"
apt_has "$PACKAGE" || apt_use "$FALLBACK"
version=$(apt_resolve "$PACKAGE" | sed -n "s/^$PACKAGE //p")
key=source/$PACKAGE-$version-$FORM
cache_build "$key" extract
echo "$CACHE/$key"
