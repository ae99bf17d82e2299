#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# source.sh: print a directory laid out like a kernel tree, with the parts we
# use of it: kselftest, the netlink (YNL) generator and its schemas, the style
# checkers. They come from Debian's linux-source package and are never copied
# into this project.
set -euo pipefail
# shellcheck source=selftests/vm/lib.sh
. "${BASH_SOURCE[0]%/*}/../vm/lib.sh"

PACKAGE=linux-source-6.12
TARBALL=/usr/src/$PACKAGE.tar.xz
# Raise when the list below changes.
FORM=1

PARTS=(
	Documentation/netlink
	scripts/checkpatch.pl
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

	say UNPACK "$PACKAGE"
	tar -xf "$TARBALL" -C "$out" --strip-components=1 --no-same-owner \
		"${PARTS[@]/#/$PACKAGE/}"
	# The generator looks for the root of a tree by this name.
	: >"$out/MAINTAINERS"
}

[ -r "$TARBALL" ] || die "$TARBALL is missing, run selftests/vm/setup.sh"
# shellcheck disable=SC2016
version=$(dpkg-query -W -f '${Version}' "$PACKAGE")
key=source/$PACKAGE-$version-$FORM
cache_build "$key" extract
echo "$CACHE/$key"
