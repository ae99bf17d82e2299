#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# generate.sh FILE: write the C header of the netlink family, as the kernel's
# own generator makes it from uapi/specs/mcpeer.yaml.
set -euo pipefail
VM=$(realpath "${BASH_SOURCE[0]%/*}")
# shellcheck source=selftests/vm/lib.sh
. "$VM/lib.sh"

[ $# -eq 1 ] || die "usage: generate.sh FILE"
top=$(realpath "$VM/../..")
spec=$top/uapi/specs/mcpeer.yaml
[ -r "$spec" ] || die "$spec is missing"
source=$("$VM/../kernels/source.sh")

# The generator finds the schemas relative to the spec and the root of the tree
# by its MAINTAINERS file, and names the spec by its path below that root.
tree=$(mktemp -d "${TMPDIR:-/tmp}/mcpeer-generate.XXXXXX")
trap 'rm -rf "$tree"' EXIT
: >"$tree/MAINTAINERS"
mkdir -p "$tree/Documentation/netlink/specs" "$tree/tools"
cp "$source"/Documentation/netlink/*.yaml "$tree/Documentation/netlink"
cp "$spec" "$tree/Documentation/netlink/specs"
PYTHONDONTWRITEBYTECODE=1 "$PYTHON" "$source/tools/net/ynl/ynl-gen-c.py" \
	--mode uapi --header -o "$tree/header.h" \
	--spec "$tree/Documentation/netlink/specs/mcpeer.yaml"
if ! cmp -s "$tree/header.h" "$1"; then
	cp "$tree/header.h" "$1"
fi
