#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# shell.sh [run.sh's options]: a shell in a machine that has the module, the
# command and three peers on its LAN, see shell-guest.sh.
set -euo pipefail
VM=$(realpath "${BASH_SOURCE[0]%/*}")
TOP=$(realpath "$VM/../..")
# shellcheck source=selftests/vm/lib.sh
. "$VM/lib.sh"
# shellcheck source=selftests/vm/build.sh
. "$VM/build.sh"

out=$TOP/build/vm
mkdir -p "$out"
find_kernel "$out"
build_or_die "$kernel" "$out"
build_overlay "$kernel" "$out/overlay"
install -m 755 "$VM/shell-guest.sh" "$out/overlay"
install -m 644 "$VM/lan" "$out/overlay"
read -r rows columns <<<"$(stty size 2>/dev/null || echo 24 80)"
exec "$VM/run.sh" --shell --kernel "$kernel" --overlay "$out/overlay" \
	--out "$out" --env "VM_TERM=${TERM:-linux}" --env "VM_ROWS=$rows" \
	--env "VM_COLUMNS=$columns" "$@" -- /shell-guest.sh
