#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# setup.sh [build|fuzz|generate|kernel|vm|lint]...: see to it that the Debian
# packages for these purposes (default: build vm) are installed. As root they
# get installed, anyone else is told the command.
set -euo pipefail
# shellcheck source=selftests/vm/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

# libelf-dev stands for the library, which objtool needs and whose package is
# not called the same everywhere; pahole is for kernels whose headers carry type
# information, from trixie on; Perl or Python is for kernel-doc, which W=1 runs.
# Headers and kernel sources are not in these lists as they are unpacked only,
# see ../kernels/. coccinelle asks for Python's library by the name that only
# libpython3-dev has, and does not depend on it.
BUILD="gcc libc6-dev libelf-dev libnl-3-dev libnl-genl-3-dev
	make pahole perl pkg-config python3"
GENERATE="python3 python3-jsonschema python3-yaml xz-utils"
# To compile a kernel.
KERNEL="$BUILD bc bison flex libssl-dev xz-utils"
VM="$GENERATE cpio kmod qemu-system-x86 rsync"
FUZZ="clang libclang-rt-dev libjansson-dev $BUILD $GENERATE"
LINT="clang coccinelle codespell cppcheck git groff-base libpython3-dev man-db
	perl pycodestyle pylint shellcheck sparse yamllint"

if [ ! -e /etc/debian_version ] || ! command -v apt-get >/dev/null; then
	die "this needs a Debian system, bookworm or later"
fi
if [ "$(dpkg --print-architecture)" != amd64 ]; then
	die "the virtual machines need an amd64 host"
fi

wanted=
for purpose in "${@:-build vm}"; do
	for p in $purpose; do
		case $p in
		build) wanted+=" $BUILD" ;;
		fuzz) wanted+=" $FUZZ" ;;
		generate) wanted+=" $GENERATE" ;;
		kernel) wanted+=" $KERNEL" ;;
		vm) wanted+=" $VM" ;;
		lint) wanted+=" $LINT $GENERATE" ;;
		*) die "unknown purpose '$p'" ;;
		esac
	done
done

# Sets missing to those of $wanted that are not installed.
find_missing()
{
	local have package

	# shellcheck disable=SC2086,SC2016
	have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted \
		2>/dev/null || true)
	missing=()
	for package in $wanted; do
		case $'\n'$have$'\n' in
		*$'\n'"$package installed"$'\n'*) ;;
		*) missing+=("$package") ;;
		esac
	done
}

find_missing
if [ ${#missing[@]} -eq 0 ]; then
	exit 0
fi
if [ "$(id -u)" != 0 ]; then
	echo "${0##*/}: packages are missing, please run as root:" >&2
	echo "apt install --no-install-recommends ${missing[*]}" >&2
	exit 1
fi

mkdir -p "$CACHE"
log=$CACHE/setup.log
: >"$log"
export DEBIAN_FRONTEND=noninteractive
APT=(apt-get -q -y -o DPkg::Lock::Timeout=900 -o Dpkg::Use-Pty=0
	--no-install-recommends)

install_missing()
{
	"${APT[@]}" install "${missing[@]}" 2>&1 </dev/null | progress APT "$log"
}

say APT "installing ${missing[*]}"
# A machine that never asked the archive does not know the packages at all;
# one that asked long ago may know files that are gone.
if ! "${APT[@]}" -s install "${missing[@]}" >/dev/null 2>&1 || ! install_missing; then
	say APT "package lists"
	"${APT[@]}" update 2>&1 | progress APT "$log" || true
	install_missing || {
		tail -n 8 "$log" >&2
		die "apt-get failed, see $log"
	}
fi
find_missing
if [ ${#missing[@]} -gt 0 ]; then
	die "still missing after apt-get: ${missing[*]}"
fi
