#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# rootfs.sh: print the name of a directory with the guest's user land:
#
#	root/		the tree
#	base.cpio	the same as a piece of initramfs
#
# Packages of the host's own suite, so that a command built here runs there,
# unpacked without being installed: what their maintainer scripts would do is
# done below, as far as a guest needs it.
set -euo pipefail
# shellcheck source=selftests/vm/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"
# shellcheck source=selftests/vm/apt.sh
. "${BASH_SOURCE[0]%/*}/apt.sh"

# Raise when what is made below changes.
FORM=3

# erlang is the peer of our interoperability tests. usr-is-merged is there to
# satisfy those who want either it or a Perl script.
PACKAGES=(base-files bash coreutils dash erlang-base findutils gawk grep
	hostname iproute2 iputils-ping jq kmod libcap2-bin
	libnl-3-200 libnl-genl-3-200 mawk mount ncurses-base procps
	python3 python3-yaml sed tcpdump usr-is-merged util-linux)

# Dependencies that only installing or administering a system needs. Perl is
# missing on purpose also because kselftest's runner, when it finds one,
# filters all output through it one byte at a time.
NOT='^(adduser|debconf|dpkg|gcc-[0-9]+-base|init-system-helpers|install-info|libperl.*|libsemanage.*|media-types|passwd|perl.*|sensible-utils|tar|usr-is-merged|usrmerge)$'

# Trees that no program in the guest reads; and stdbuf, with which kselftest's
# runner, when it finds it, makes all programs write out each line at once, those
# that our tests start as well. So it would hide it if the command did not, and
# each of them would have one more library to load.
PRUNE=(
	usr/bin/stdbuf
	usr/libexec/coreutils
	etc/init.d
	etc/apparmor.d
	usr/include
	usr/lib/init
	usr/lib/lsb
	usr/lib/sysctl.d
	usr/lib/systemd
	usr/lib/tmpfiles.d
	usr/lib/udev
	usr/lib/x86_64-linux-gnu/gconv
	usr/lib/x86_64-linux-gnu/security
	usr/share/apport
	usr/share/applications
	usr/share/bash-completion
	usr/share/doc
	usr/share/doc-base
	usr/share/icons
	usr/share/info
	usr/share/lintian
	usr/share/locale
	usr/share/man
	usr/share/pixmaps
	usr/share/polkit-1
	usr/share/zsh
	var/cache
)

# Of Erlang a guest runs small programs of its own; of Python anything but
# its development tools, databases and large protocols.
prune()
{
	local root=$1 lib

	for lib in "${PRUNE[@]}"; do
		rm -rf "${root:?}/$lib"
	done
	for lib in "$root"/usr/lib/erlang/lib/*; do
		case ${lib##*/} in
		compiler-* | crypto-* | kernel-* | stdlib-*) ;;
		*) rm -rf "$lib" ;;
		esac
	done
	find "$root/usr/lib/erlang" \( -name src -o -name include -o -name man \
		-o -name doc -o -name examples \) -prune -exec rm -rf {} +
	for lib in "$root"/usr/lib/python3*; do
		rm -rf "$lib"/{asyncio,curses,dbm,distutils,ensurepip,idlelib,lib2to3}
		rm -rf "$lib"/{pydoc_data,sqlite3,test,tkinter,turtledemo,unittest}
		rm -rf "$lib"/{venv,wsgiref,xml,xmlrpc}
	done
	rm -f "$root"/usr/lib/x86_64-linux-gnu/lib{db-,mvec,sqlite3}*.so*
}

# What the maintainer scripts of these packages would have done.
configure()
{
	local root=$1 python

	mkdir -p "$root"/{dev,etc,proc,root,run,sys,tmp,var/{lib,log,tmp}}
	chmod 1777 "$root/tmp" "$root/var/tmp"
	ln -sfn /run "$root/var/run"
	[ -e "$root/usr/bin/awk" ] || ln -s mawk "$root/usr/bin/awk"
	[ -e "$root/usr/bin/sh" ] || ln -s dash "$root/usr/bin/sh"
	if [ ! -e "$root/usr/bin/python3" ]; then
		python=$(cd "$root/usr/bin" && echo python3.[0-9]*)
		ln -s "${python%% *}" "$root/usr/bin/python3"
	fi
	cat >"$root/etc/passwd" <<-'EOT'
	root:x:0:0:root:/root:/bin/bash
	daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
	nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
	EOT
	cat >"$root/etc/group" <<-'EOT'
	root:x:0:
	daemon:x:1:
	tty:x:5:
	nogroup:x:65534:
	EOT
	cat >"$root/etc/hosts" <<-'EOT'
	127.0.0.1 localhost vm
	::1 localhost
	EOT
	cat >"$root/etc/nsswitch.conf" <<-'EOT'
	passwd: files
	group: files
	hosts: files
	protocols: files
	services: files
	EOT
	echo vm >"$root/etc/hostname"
	rm -f "$root/etc/mtab"
	ln -s /proc/self/mounts "$root/etc/mtab"
	echo "PS1='vm:\\w# '" >"$root/root/.bashrc"
}

# Without this every start of Python compiles the library anew, which takes
# seconds of emulated time. The guest's own Python does it, run by its own
# loader, as it need not be the host's version. The sources then are not needed,
# and a guest boots faster if it has less to unpack.
compile_python()
{
	local root=$1 loader python

	loader=$root/usr/lib64/ld-linux-x86-64.so.2
	python=$(cd "$root/usr/bin" && echo python3.[0-9]*)
	python=${python%% *}
	PYTHONHOME=$root/usr PYTHONDONTWRITEBYTECODE='' \
		"$loader" --library-path "$root/usr/lib/x86_64-linux-gnu" \
		"$root/usr/bin/$python" -S -m compileall -q -b -s "$root" -p / \
		--invalidation-mode unchecked-hash \
		"$root/usr/lib/$python" "$root/usr/lib/python3"
	find "$root/usr/lib/$python" "$root/usr/lib/python3" -name '*.py' -delete
	find "$root/usr/lib/$python" "$root/usr/lib/python3" -name __pycache__ \
		-exec rm -rf {} +
}

build_rootfs()
{
	local out=$1 root=$1/root

	shift
	mkdir -p "$root"/usr/{bin,sbin,lib,lib64}
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root"
	apt_unpack "$root" "$@"
	prune "$root"
	configure "$root"
	compile_python "$root"
	/sbin/ldconfig -r "$root"
	# The initramfs must be readable whoever made it.
	chmod -R u+rwX,go+rX "$root"
	say CPIO "$(du -sh "$root" | cut -f1)"
	(cd "$root" && find . -mindepth 1 | sed 's,^\./,,' | sort |
		cpio --quiet -o -H newc -R 0:0) >"$out/base.cpio"
}

suite=$(host_suite)
apt_use "$suite"
packages=$(apt_resolve "${PACKAGES[@]}" | grep -vE "${NOT/%\$/ }")
key=rootfs/$suite-$(cache_key "$FORM $packages")
# shellcheck disable=SC2046
cache_build "$key" build_rootfs $(cut -d' ' -f1 <<<"$packages")
echo "$CACHE/$key"
