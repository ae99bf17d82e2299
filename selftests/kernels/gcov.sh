#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# gcov.sh KERNEL [ARG...]: gcov, of the compiler that has built the modules for
# that kernel (a directory from kernel.sh): no other reads its notes.
set -euo pipefail
HERE=$(realpath "${BASH_SOURCE[0]%/*}")
# shellcheck source=selftests/vm/lib.sh
. "$HERE/../vm/lib.sh"
# shellcheck source=selftests/kernels/toolchain.sh
. "$HERE/toolchain.sh"

kernel=${1:?which kernel?}
shift
tree=''
if [ -e "$kernel/toolchain" ]; then
	tree=$kernel/toolchain
fi
toolchain_run "$tree" "$PWD" "$HERE/../.." "$kernel" -- gcov "$@"
