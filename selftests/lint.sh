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

# The module by another compiler or checker; only complaints are printed.
module()
{
	local dir=$out/$1 log=$out/$1.log status=0

	shift
	mkdir -p "$dir"
	cp -r kmod uapi "$dir"
	make -C "$kernel/build" "M=$dir/kmod" "$@" modules >"$log" 2>&1 || status=$?
	grep -E 'warning:|error:|Error |WARNING:|ERROR:' "$log" || true
	return "$status"
}

# Debian's kernels are built with gcc. What clang does not know of its flags
# does not matter here: nothing is run that clang has built.
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
		exec clang -Qunused-arguments -Wno-unknown-warning-option \
			-Wno-gnu-variable-sized-type-not-at-end \
			-Wno-address-of-packed-member -Wno-pointer-sign \
			-Wno-unused-but-set-variable -Wno-format-zero-length \
			-Wno-frame-address -Wno-sign-compare \
			-Wno-unused-const-variable -Wno-gnu "${args[@]}"
	END
	chmod +x "$out/clang.sh"
	module clang "CC=$out/clang.sh" CONFIG_OBJTOOL= CONFIG_RETPOLINE= \
		CONFIG_DEBUG_INFO_BTF_MODULES=
}

command()
{
	make -C userspace -s "O=$out/command-$1" "CC=$1" WERROR=1 >/dev/null
}

# What is pure is compiled for user space, too.
pure()
{
	"$1" -std=gnu11 -Wall -Wextra -Werror -fsyntax-only -Iuapi -Ikmod \
		kmod/wire.c kmod/text.c
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

	mapfile -t files < <(find kmod -name '*.[ch]' ! -name compat.h ! -name trace.h)
	"${checkpatch[@]}" -f "${files[@]}" || status=1
	"${checkpatch[@]}" --ignore OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT \
		-f kmod/trace.h || status=1
	"${checkpatch[@]}" --ignore "LINUX_VERSION_CODE,CONSTANT_COMPARISON,$GENERIC" \
		-f kmod/compat.h || status=1
	"${checkpatch[@]}" --ignore "$USERSPACE" -f userspace/*.[ch] || status=1
	return "$status"
}
GENERIC=CAMELCASE,SPACING,TABSTOP,TRAILING_STATEMENTS,MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE
USERSPACE=PREFER_KERNEL_TYPES,CAMELCASE,VOLATILE,PREFER_DEFINED_ATTRIBUTE_MACRO,OPEN_ENDED_LINE

kernel_doc()
{
	perl "$source/scripts/kernel-doc" -none -Wall kmod/*.[ch] userspace/*.[ch] 2>&1 |
		grep -v "no structured comments found" || true
}

shell_files()
{
	git ls-files -co --exclude-standard |
		while read -r file; do
			if [ -f "$file" ] && head -n 1 "$file" |
				grep -qE '^#!/bin/(ba)?sh'; then
				echo "$file"
			fi
		done
}

python_syntax()
{
	git ls-files -co --exclude-standard '*.py' |
		"$PYTHON" -W error -c 'import sys
for name in sys.stdin.read().split():
    with open(name, encoding="utf-8") as file:
        compile(file.read(), name, "exec")'
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

check "gcc, W=1" module gcc W=1
check "sparse" module sparse C=2 CF=-D__CHECK_ENDIAN__
check "clang" clang_for_kernel
check "command, gcc" command gcc
check "command, clang" command clang
check "pure files, gcc" pure gcc
check "pure files, clang" pure clang
check "checkpatch --strict" style
check "kernel-doc" kernel_doc
# shellcheck disable=SC2046
check "shellcheck" shellcheck -x $(shell_files)
check "completion" shellcheck -s bash userspace/mcpeer.bash-completion
check "man page" man_page
check "yamllint" yamllint -d '{extends: default, rules: {document-start: disable, line-length: {max: 80}, hyphens: disable, indentation: {spaces: consistent, indent-sequences: consistent}, brackets: disable}}' uapi/specs/mcpeer.yaml
check "python" python_syntax
check "codespell" spelling
check "licences" licences

if [ ${#failed[@]} -gt 0 ]; then
	echo "complaints from: ${failed[*]}"
	exit 1
fi
