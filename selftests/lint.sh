#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# lint.sh: "make lint". Each checker says nothing if it is content; each is run
# whatever the others said. Exit 1 if any complained.
set -euo pipefail
HERE=$(realpath "${BASH_SOURCE[0]%/*}")
TOP=$(realpath "$HERE/..")
# shellcheck source=selftests/vm/lib.sh
. "$HERE/vm/lib.sh"
cd "$TOP"

source=$("$HERE/kernels/source.sh")
kernel=$("$HERE/kernels/kernel.sh")
out=$TOP/build/lint
rm -rf "$out"
mkdir -p "$out"
failed=()

# check NAME COMMAND...: it has to succeed, and to print nothing.
check()
{
	local name=$1 status=0

	shift
	"$@" >"$out/log" 2>&1 || status=$?
	if [ "$status" = 0 ] && [ ! -s "$out/log" ]; then
		say LINT "$name"
		return
	fi
	say LINT "$name: complaints"
	cat "$out/log"
	failed+=("$name")
}

# The module by another compiler or checker; only complaints are printed. Those
# of the headers' own code are not ours to heed, if it was we who asked for them.
module()
{
	local dir=$out/$1 log=$out/$1.log status=0

	shift
	mkdir -p "$dir"
	cp -r kmod uapi "$dir"
	make -O -j "$(nproc)" -C "$kernel/build" "M=$dir/kmod" "$@" modules \
		>"$log" 2>&1 || status=$?
	grep -E 'warning:|error:|Error |WARNING:|ERROR:' "$log" |
		grep -vE "(^|/)include/.*\[-W($HEADERS)\]" || true
	return "$status"
}
HEADERS='sign-compare|type-limits'

# W=1 is -Wall and -Wextra, less what few kernel headers survive; of that, these
# are of use.
MODULE="-Wlogical-op -Wmissing-field-initializers -Wshadow -Wsign-compare
	-Wtype-limits -Wunused-macros"

# Debian's kernels are built with gcc. What clang does not know of its flags
# does not matter here: nothing is run that clang has built. Of -Wextra, these
# are left out: callbacks get parameters that they do not need; macros of the
# headers compare signed with unsigned where we use them, so it is gcc that looks
# for it in our own code. No kernel is here whose headers are clean for clang.
clang_for_kernel()
{
	cat >"$out/clang.sh" <<-'END'
		#!/bin/bash
		args=()
		for arg in "$@"; do
			case $arg in
			-mfunction-return=* | -fconserve-stack | -mrecord-mcount | \
			-ftrivial-auto-var-init=* | -mindirect-branch* | \
			-fno-allow-store-data-races | -mharden-sls=* | \
			-fplugin* | -fmin-function-alignment=* | -Wno-* | \
			-Wimplicit-fallthrough=* | -mpreferred-stack-boundary=* | \
			-falign-*) ;;
			*) args+=("$arg") ;;
			esac
		done
		exec clang "${args[@]}" -Qunused-arguments -Wextra -Wshadow \
			-Wno-unknown-warning-option -Wno-unused-parameter \
			-Wno-sign-compare
	END
	chmod +x "$out/clang.sh"
	HEADERS='[^]]+' module clang "CC=$out/clang.sh" CONFIG_OBJTOOL= CONFIG_RETPOLINE= \
		CONFIG_DEBUG_INFO_BTF_MODULES=
}

# command CC [FLAG...]
command()
{
	make -j "$(nproc)" -C userspace -s "O=$out/command-$1" "CC=$1" \
		CFLAGS="-O2 ${COMMAND[*]} ${*:2}" WERROR=1 >/dev/null
}
COMMAND=(-Wformat=2 -Wmissing-prototypes -Wnull-dereference
	-Wold-style-definition -Wpointer-arith -Wredundant-decls -Wshadow
	-Wstrict-prototypes -Wundef -Wunused-macros -Wvla -Wwrite-strings)

# What is pure is compiled for user space, too.
pure()
{
	"$@" -std=gnu11 -O2 -Wall -Wextra "${COMMAND[@]}" -Werror -Iuapi -Ikmod \
		-c -o "$out/wire.o" kmod/wire.c
	"$@" -std=gnu11 -O2 -Wall -Wextra "${COMMAND[@]}" -Werror -Iuapi -Ikmod \
		-c -o "$out/text.o" kmod/text.c
}

# The programs that the tests run in the guest; the others in fuzz/ are compiled
# as they run, by harnesses().
GUEST=(selftests/race/*.c selftests/bench/{burden,daemon}/*.c
	selftests/fuzz/{datagrams,witness,payload,udp,frame,part,chain}.c
	selftests/fuzz/{inet4,inet6,requests,request,expect,spec}.c)
guest()
{
	# shellcheck disable=SC2046
	"$@" -std=gnu11 -O2 -fsyntax-only -D_GNU_SOURCE -Wall -Wextra "${COMMAND[@]}" -Werror \
		-Iuapi $(pkg-config --cflags libnl-genl-3.0) "${GUEST[@]}"
}

harnesses()
{
	make -j "$(nproc)" -C selftests/fuzz -s "O=$out/fuzz" >/dev/null
}

# For what no compiler sees: checks of bounds and pointers that contradict
# their use. It does not understand the kernel's loops, so only what is user
# space's. What is left out: systems where NULL is an int, and word of how hard
# it looked.
bounds()
{
	cppcheck --quiet --error-exitcode=1 -j "$(nproc)" --inline-suppr \
		--enable=warning,performance,portability \
		--suppress=varFuncNullUB --suppress=normalCheckLevelMaxBranches \
		-D_GNU_SOURCE -D'MCPEER_VERSION=""' \
		-Iuapi -Ikmod userspace/*.c kmod/wire.c kmod/text.c "${GUEST[@]}"
}

# The kernel's own semantic patches, those that are about code as ours is: not
# about devices, nor matters of taste (minmax), nor those that need a compiler
# of their own (badzero).
semantics()
{
	local name

	for name in "${SEMANTICS[@]}"; do
		while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
			wait -n || true
		done
		semantic_patch "$source/scripts/coccinelle/$name.cocci" &
	done
	wait
}
SEMANTICS=(api/alloc/{alloc_cast,zalloc-simple} api/{err_cast,kfree_mismatch}
	api/{kstrdup,kvmalloc,memdup} free/{ifnullfree,kfree,kfreeaddr}
	iterators/{itnull,list_entry_update,use_after_iter}
	locks/{call_kern,double_lock,flags,mini_lock}
	misc/{array_size,array_size_dup,badty,boolconv,cond_no_effect,do_div}
	misc/{doubleinit,excluded_middle,flexible_array,ifcol}
	misc/{newline_in_nl_msg,noderef,orplus,returnvar,semicolon,struct_size}
	misc/{swap,warn} null/{deref_null,eno,kmerr}
	tests/{doublebitand,doubletest,odd_ptr_err,unsigned_lesser_than_zero})

# Each has its options in a comment, as scripts/coccicheck reads them.
semantic_patch()
{
	# shellcheck disable=SC2046
	spatch --very-quiet -D report --no-show-diff \
		$(sed -n 's,^// Options:,,p' "$1") -I kmod -I uapi \
		--cocci-file "$1" kmod/*.[ch] userspace/*.[ch] ||
		echo "$1: spatch failed"
}

# The types that are left out, and why: compat.h is where kernel versions and
# _Generic belong; TRACE_EVENT() is laid out everywhere as it is in trace.h;
# the command is a program of user space, whose integers are stdint.h's, and
# cannot use what is in kernel headers, and whose long sentences have lines of
# their own.
style()
{
	local checkpatch=(perl "$source/scripts/checkpatch.pl" --no-tree --quiet
		--strict --terse --show-types --max-line-length=80
		--no-summary --codespell --codespellfile /dev/null)
	local status=0 files

	mapfile -t files < <(find kmod selftests/bench/inject -name '*.[ch]' \
		! -name compat.h ! -name trace.h)
	"${checkpatch[@]}" -f "${files[@]}" || status=1
	"${checkpatch[@]}" --ignore OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT \
		-f kmod/trace.h || status=1
	"${checkpatch[@]}" --ignore "LINUX_VERSION_CODE,CONSTANT_COMPARISON,$GENERIC" \
		-f kmod/compat.h || status=1
	"${checkpatch[@]}" --ignore "$USERSPACE" -f userspace/*.[ch] \
		selftests/{fuzz,race,bench/burden,bench/daemon}/*.[ch] || status=1
	return "$status"
}
GENERIC=CAMELCASE,SPACING,TABSTOP,TRAILING_STATEMENTS,MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE
USERSPACE=PREFER_KERNEL_TYPES,CAMELCASE,VOLATILE,PREFER_DEFINED_ATTRIBUTE_MACRO,OPEN_ENDED_LINE

kernel_doc()
{
	perl "$source/scripts/kernel-doc" -none -Wall kmod/*.[ch] userspace/*.[ch] 2>&1 |
		grep -v "no structured comments found" || true
}

# Programs, and what shells source.
shell_files()
{
	git ls-files -co --exclude-standard |
		while read -r file; do
			if [ -f "$file" ] && head -n 2 "$file" |
				grep -qE '^#!/bin/(ba)?sh|^# shellcheck shell='; then
				echo "$file"
			fi
		done
}

python_files()
{
	git ls-files -co --exclude-standard '*.py' |
		while read -r file; do
			if [ -f "$file" ]; then
				echo "$file"
			fi
		done
}

# Errors, warnings, and docstrings. What is left out: loops of tests make
# functions that are called before the loop goes on; functions that take turns
# are given the same arguments, needed or not.
python_code()
{
	# shellcheck disable=SC2046
	PYTHONPATH=$source/tools/testing/selftests pylint -j "$(nproc)" \
		--score=n --disable=all --enable=E,W \
		--enable=missing-module-docstring,missing-class-docstring \
		--enable=missing-function-docstring \
		--disable=cell-var-from-loop,unused-argument $(python_files)
}

man_page()
{
	MANWIDTH=80 man --warnings -l -P cat userspace/mcpeer.8 >/dev/null
}

spelling()
{
	git ls-files -co --exclude-standard | grep -v '^uapi/linux/' |
		xargs -r codespell --ignore-words-list=nd
}

licences()
{
	git ls-files -co --exclude-standard | while read -r file; do
		if [ -f "$file" ] && ! head -n 3 "$file" | grep -q SPDX-License; then
			echo "$file: no SPDX line"
		fi
	done
}

check "gcc" module gcc W=1 "KCFLAGS=${MODULE//$'\n'/ }"
check "sparse" module sparse C=2 CF=-D__CHECK_ENDIAN__
check "clang" clang_for_kernel
check "semantic patches" semantics
check "command, gcc" command gcc -fanalyzer
check "command, clang" command clang
check "pure files, gcc" pure gcc -fanalyzer
check "pure files, clang" pure clang
check "guest programs, gcc" guest gcc
check "guest programs, clang" guest clang
check "fuzz harnesses" harnesses
check "cppcheck" bounds
check "checkpatch --strict" style
check "kernel-doc" kernel_doc
# shellcheck disable=SC2046
check "shellcheck" shellcheck -x $(shell_files)
check "man page" man_page
check "yamllint" yamllint -d '{extends: default, rules: {document-start: disable, line-length: {max: 80}, hyphens: disable, indentation: {spaces: consistent, indent-sequences: consistent}, brackets: disable}}' uapi/specs/mcpeer.yaml
# shellcheck disable=SC2046
check "pycodestyle" pycodestyle --max-line-length=79 $(python_files)
check "pylint" python_code
check "codespell" spelling
check "figures" selftests/bench/report.py --check
check "licences" licences

if [ ${#failed[@]} -gt 0 ]; then
	echo "complaints from: ${failed[*]}"
	exit 1
fi
