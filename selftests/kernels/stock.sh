# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by kernel.sh: the current stock kernel of a Debian suite.

# Raise when what is made below changes.
STOCK_FORM=1
# The cloud flavour has all that we need and boots in half the time.
META=linux-image-cloud-amd64

# Modules of these places go to the guest, with all that they depend on.
GUEST_MODULES='^kernel/(net|lib|drivers/virtio|drivers/net/(bonding|ipvlan|macvlan|netdevsim|team|vxlan|wireguard))/'
GUEST_MODULES+='|^kernel/drivers/(net|char|block)/(dummy|geneve|ifb|macv[a-z]*|nlmon|netconsole|tap|tun|veth|vrf|virtio_[a-z]*)[.]ko'
# ... but not of these, which are large and serve other purposes.
GUEST_WITHOUT='^kernel/net/(9p|bluetooth|can|ceph|dccp|ipset|mac80211|mptcp|netfilter/ip.*|openvswitch|rds|rxrpc|sctp|smc|sunrpc|tipc|vmw_vsock|wireless)/'

# Headers point at each other by absolute names, as the packages are meant to
# be installed. Make them point into our copy.
fix_headers()
{
	local out=$1 root=$1/root release=$2 link target file

	find "$root" -type l -lname '/*' | while read -r link; do
		target=$(readlink "$link")
		if [ -e "$root$target" ]; then
			ln -sfnr "$root$target" "$link"
		fi
	done
	ln -sfn "root/usr/src/linux-headers-$release" "$out/build"
	grep -rIlE '(/usr/src/linux-headers-|/usr/lib/linux-kbuild-)' \
		"$root/usr/src/linux-headers-$release"/{Makefile,.kernelvariables} |
	while read -r file; do
		# Relative to this very makefile, as the entry is renamed
		# when it is complete.
		# shellcheck disable=SC2016
		sed -i 's,/usr/\(src/linux-headers-\|lib/linux-kbuild-\),$(abspath $(dir $(abspath $(lastword $(MAKEFILE_LIST))))/../..)/\1,' "$file"
	done
}

# Choose the guest's modules and everything they depend on.
pick_modules()
{
	local out=$1 release=$2 from to

	from=$out/root/lib/modules/$release
	to=$out/modules/lib/modules/$release
	depmod -b "$out/root" "$release"
	mkdir -p "$to"
	# modules.dep: "module: dependency dependency..."
	awk -v want="$GUEST_MODULES" -v without="$GUEST_WITHOUT" '
		$1 ~ want && $1 !~ without {
			sub(":", "", $1)
			for (i = 1; i <= NF; i++)
				print $i
		}' "$from/modules.dep" | sort -u >"$out/modules.list"
	tar -C "$from" -c -T "$out/modules.list" modules.builtin \
		modules.builtin.modinfo modules.order | tar -C "$to" -x
	rm "$out/modules.list"
	# Unpacked here once, rather than in the guest at each load.
	find "$to" -name '*.ko.xz' -exec xz -d {} +
	sed -i 's/\.ko\.xz$/.ko/' "$to/modules.order"
	modules_pack "$out" "$release"
}

build_stock()
{
	local out=$1 release=$2 tree=$3

	shift 3
	mkdir -p "$out/root"/usr/{bin,sbin,lib,lib64}
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$out/root"
	apt_unpack "$out/root" "$@"
	if [ -e "$out/root/boot/vmlinuz-$release" ]; then
		mv "$out/root/boot/vmlinuz-$release" "$out/vmlinuz"
	else
		mv "$out/root/usr/lib/modules/$release/vmlinuz" "$out/vmlinuz"
	fi
	fix_headers "$out" "$release"
	say DEPMOD "$release"
	pick_modules "$out" "$release"
	if [ -n "$tree" ]; then
		ln -s "$tree" "$out/toolchain"
	fi
	echo "$release" >"$out/release"
}

# Prints the directory.
stock_kernel()
{
	local suite=$1 tree image release packages version key

	tree=$(toolchain_tree "$suite")
	apt_use "$suite"
	# The meta package names the kernel; its ABI name is part of the package's.
	image=$(apt_resolve "$META" | awk '$1 ~ /^linux-image-[0-9]/ { print $1; exit }')
	[ -n "$image" ] || die "$suite has no kernel image behind $META"
	release=${image#linux-image-}
	packages=$(apt_resolve "$image" "linux-headers-$release" |
		awk '$1 ~ /^linux-(image|binary|modules|base|headers|kbuild)-[0-9]/')
	version=$(awk -v image="$image" '$1 == image { print $2 }' <<<"$packages")
	key=kernel/$suite-$release-$version-$STOCK_FORM${tree:+-${tree##*-}}
	# shellcheck disable=SC2046
	cache_build "$key" build_stock "$release" "$tree" $(cut -d' ' -f1 <<<"$packages")
	echo "$CACHE/$key"
}
