# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Sourced by kernel.sh: kernels of our own configuration, built from Debian's
# linux-source package. The configuration is made of base.config (what the guest
# needs), checks.config (what every such kernel checks), FLAVOUR.config, and for
# what a series does not have, SERIES.absent.
#
# A build's log is kept beside the kernel's directory, by its name with ".log".

# shellcheck source=selftests/kernels/config.sh
. "$HERE/config.sh"

# Raise when what is made below changes.
OWN_FORM=4

# What modules are built with, of the tree.
OWN_BUILD=(.config Makefile Module.symvers System.map arch/x86/Makefile
	arch/x86/Makefile_32.cpu arch/x86/include arch/x86/tools include scripts
	tools/objtool/objtool)

own_unpack()
{
	local out=$1 package=$2

	mkdir "$out/package" "$out/tree"
	apt_unpack "$out/package" "$package"
	tar -xf "$out/package/usr/src/$package.tar.xz" -C "$out/tree" \
		--strip-components=1 --no-same-owner
	rm -rf "$out/package"
	own_change "$out/tree"
}

# What is changed in the sources.
own_change()
{
	local tree=$1

	# Until Linux 6.3 not offered on x86-64, as there unwinding was
	# unreliable without frame pointers, which ours has.
	sed -i '/^config FAULT_INJECTION_STACKTRACE_FILTER/,/^config/ {
		/depends on !X86_64/d
	}' "$tree/lib/Kconfig.debug"
	# KASAN's shadow, an eighth of all memory, holds no pointers: kmemleak
	# need not read it. On arm64 it does not either.
	sed -i 's/MEMBLOCK_ALLOC_ACCESSIBLE/MEMBLOCK_ALLOC_NOLEAKTRACE/' \
		"$tree/arch/x86/mm/kasan_init_64.c"
	# What lockdep does when it has found something, it shall do from the
	# start if it is told so: "debug_locks=0" makes the machine twice as
	# fast. prove_locking=0 still follows each lock.
	cat >>"$tree/lib/debug_locks.c" <<-EOF

	#include <linux/moduleparam.h>
	core_param(debug_locks, debug_locks, int, 0444);
	EOF
	own_hasten "$tree"
}

# The checks need not check each other, nor memory management and file systems,
# where a program that starts spends most of its time; and a report has enough
# with some five callers, below what is KASAN's and the allocator's. Tests take
# less than half as long as in a kernel that is checked throughout.
own_hasten()
{
	local tree=$1

	# As upstream since Linux 6.15, which measured 20 % of its whole time.
	echo 'KASAN_SANITIZE_lockdep.o := n' >>"$tree/kernel/locking/Makefile"
	echo 'KASAN_SANITIZE_kmemleak.o := n' >>"$tree/mm/Makefile"
	echo 'KASAN_SANITIZE_unwind_frame.o := n' >>"$tree/arch/x86/kernel/Makefile"
	sed -i 's/\(define KASAN_STACK_DEPTH\) 64/\1 10/' "$tree/mm/kasan/kasan.h"
	# shellcheck disable=SC2016
	sed -i '1i\
ifneq ($(filter fs fs/% mm mm/%,$(obj)),)\
KASAN_SANITIZE := n\
endif' "$tree/scripts/Makefile.lib"
	# But for kmemdup() and its like, which copy what others give them.
	echo 'KASAN_SANITIZE_util.o := y' >>"$tree/mm/Makefile"
	# UBSAN is for those who ask for it, also since Linux 6.9.
	# shellcheck disable=SC2016
	sed -i 's/\($(UBSAN_SANITIZE)\)$(is-kernel-object)/\1/' \
		"$tree/scripts/Makefile.lib"
	# The checkers' own objects: no stack is kept of who made one, and they
	# go without quarantine.
	sed -i '/^void kasan_cache_create(/,/^}/ {
		/^	\*flags |= SLAB_KASAN;/i\
	if (*flags & SLAB_NOLEAKTRACE) {\
		cache->kasan_info.free_meta_offset = KASAN_NO_FREE_META;\
		return;\
	}\

	}' "$tree/mm/kasan/generic.c"
}

own_make()
{
	local out=$1

	shift
	# The name shall be the same whatever git repository this lies in.
	toolchain_run "$tree" "$out" -- make -C "$out/tree" LOCALVERSION= \
		KBUILD_BUILD_USER=mcpeer KBUILD_BUILD_HOST=mcpeer "$@" \
		2>&1 </dev/null | progress MAKE "$log" || {
		grep -E 'error:|Error ' "$log" >&2 || tail -n 20 "$log" >&2
		die "the build of $name failed, see $log"
	}
}

own_configure()
{
	local out=$1 fragments=("$HERE/base.config" "$HERE/checks.config"
		"$HERE/$flavour.config")

	config_request "$out/tree" "${fragments[@]}"
	own_make "$out" "KCONFIG_ALLCONFIG=$out/tree/requested" allnoconfig
	config_check "$out/tree" "${absent:-}"
}

# What is needed of the tree, and no more, to its place.
own_install()
{
	local out=$1 release modules part

	release=$(sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
		"$out/tree/include/generated/utsrelease.h")
	cp "$out/tree/arch/x86/boot/bzImage" "$out/vmlinuz"
	own_make "$out" "INSTALL_MOD_PATH=$out/modules" INSTALL_MOD_STRIP=1 \
		DEPMOD=true modules_install
	modules=$out/modules/lib/modules/$release
	rm -f "$modules"/{build,source}
	modules_pack "$out" "$release"
	mkdir "$out/build"
	for part in "${OWN_BUILD[@]}"; do
		if [ -e "$out/tree/$part" ]; then
			(cd "$out/tree" && cp -a --parents "$part" "$out/build")
		fi
	done
	find "$out/build" -name '*.o' ! -path '*/scripts/module*' -delete
	rm -rf "$out/tree"
	echo 1536 >"$out/memory"
	if [ -n "$tree" ]; then
		ln -s "$tree" "$out/toolchain"
	fi
	if [ -n "$arguments" ]; then
		echo "$arguments" >"$out/arguments"
	fi
	echo "$release" >"$out/release"
}

build_own()
{
	local out=$1 package=$2 log

	log=$CACHE/$key.log
	: >"$log"
	[ -n "$tree" ] || "$VM/setup.sh" kernel
	own_unpack "$out" "$package"
	say CONFIG "$name"
	own_configure "$out"
	say MAKE "$name, which takes a while"
	own_make "$out" -j "$(nproc)" bzImage modules
	own_install "$out"
}

# Prints the directory.
own_kernel()
{
	local name=$1 flavour=${1%%-*} series=${1#*-} absent='' arguments=''
	local suite source package version tree compiler key

	case $series in
	6.1) suite=bookworm source=linux-source-6.1 ;;
	7) suite=trixie-backports source=linux-source ;;
	*) die "no kernel series '$series'" ;;
	esac
	case $flavour in
	# Its warnings are about others as well; verdict.sh tells them apart.
	kcsan) arguments=panic_on_warn=0 ;;
	esac
	if [ -e "$HERE/$series.absent" ]; then
		absent=$HERE/$series.absent
	fi
	tree=$(toolchain_tree "$suite")
	apt_use "$suite"
	# linux-source stands for the newest.
	read -r package version <<<"$(apt_resolve "$source" |
		grep '^linux-source-[0-9]')"
	compiler=${tree:-$(gcc --version | head -n 1)}
	key=$(cat "$HERE/base.config" "$HERE/checks.config" "$HERE/$flavour.config" \
		${absent:+"$absent"})
	key=$(cache_key "$OWN_FORM $arguments $compiler $key")
	key=kernel/$name-$version-$key
	cache_build "$key" build_own "$package"
	echo "$CACHE/$key"
}
