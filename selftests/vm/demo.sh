#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# demo.sh: build the project and show it at work, in a virtual machine. What is
# shown is the script demo-guest.sh, which runs inside.
set -euo pipefail
VM=$(realpath "${BASH_SOURCE[0]%/*}")
TOP=$(realpath "$VM/../..")
# shellcheck source=selftests/vm/lib.sh
. "$VM/lib.sh"
# shellcheck source=selftests/vm/build.sh
. "$VM/build.sh"

out=$TOP/build/demo
mkdir -p "$out"
find_kernel "$out"
build_or_die "$kernel" "$out"
build_overlay "$kernel" "$out/overlay"
install -m 755 "$VM/demo-guest.sh" "$VM/../interop/peer.py" "$out/overlay"
install -m 644 "$VM/lan" "$out/overlay"
say VM "booting, log in ${out#"$TOP"/}/console.log"
exec "$VM/run.sh" --virtual --kernel "$kernel" --overlay "$out/overlay" \
	--out "$out" "$@" -- /demo-guest.sh
