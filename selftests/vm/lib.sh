# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by the scripts below selftests/: how we speak, and the cache.
#
# The cache holds what is downloaded or extracted: guest kernels, the guest's
# user land, the kernel sources' test framework. It lies outside the checkout,
# so that all checkouts share it, and all of it may be deleted at any time.

# An assignment x=$(...) must fail when anything inside it fails.
shopt -s inherit_errexit
umask 022
export LC_ALL=C
# Where depmod is; an ordinary user's PATH lacks it.
PATH=$PATH:/usr/sbin:/sbin

# What a "make -j" that has called us says of its jobs is not for ours.
unset MAKEFLAGS MFLAGS

# Not merely "python3": a differently built one may come first in PATH, and
# lacks the Debian packages (python3-yaml) that we install.
PYTHON=${PYTHON:-/usr/bin/python3}
export PYTHON

CACHE=${MCPEER_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/mcpeer}

# Data goes to stdout, everything said to a person to stderr.
say()
{
	printf '  %-7s %s\n' "$1" "$2" >&2
}

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# check_path WHAT PATH: kbuild and make split names at spaces, make's rules and
# mounts at colons, QEMU's options at commas; each would say something else, and
# later.
check_path()
{
	case $2 in
	*[!A-Za-z0-9/._+~@$'\200'-$'\377'-]*)
		die "$1 cannot be in '$2': only letters, digits and ._+~@- may be in its path"
		;;
	/*) ;;
	*) die "$1 cannot be in '$2': its path has to start with /" ;;
	esac
}
check_path "the checkout" "$(realpath "${BASH_SOURCE[0]%/*}/../..")"
check_path "the cache" "$CACHE"

# Show that a long step is alive: one moving line on a terminal, otherwise a
# line now and then. Copies stdin to the log file $2; $1 is the label.
progress()
{
	local label=$1 log=$2 line last=$SECONDS

	while IFS= read -r line; do
		printf '%s\n' "$line" >>"$log"
		if [ -t 2 ]; then
			printf '\r\033[K  %-7s %.60s' "$label" "$line" >&2
		elif ((SECONDS - last >= 15)); then
			last=$SECONDS
			printf '  %-7s %.60s\n' "$label" "$line" >&2
		fi
	done
	if [ -t 2 ]; then
		printf '\r\033[K' >&2
	fi
}

# stoppable COMMAND [ARG...]: run it, and if we are asked to stop stop it first,
# with all that it has started: while a command runs in the foreground, bash
# heeds no signal, and it passes none on. What a function sets does not come
# back. Who kills our process group with a signal that cannot be caught does not
# reach it.
stoppable()
{
	local status=0

	trap 'stop 129' HUP
	trap 'stop 130' INT
	trap 'stop 143' TERM
	# In a process group of its own, by which all of it can be reached; and
	# which must not ask the terminal for anything.
	set -m
	"$@" </dev/null &
	set +m
	wait "$!" || status=$?
	trap - HUP INT TERM
	return "$status"
}

# stop STATUS: stop what stoppable has started, then exit.
stop()
{
	local group

	for group in $(jobs -p); do
		kill -- "-$group" 2>/dev/null || true
		wait "$group" 2>/dev/null || true
	done
	exit "$1"
}

host_suite()
{
	# shellcheck disable=SC1091
	(. /etc/os-release && printf '%s\n' "${VERSION_CODENAME:-}")
}

# cache_build KEY FUNCTION [ARG...]: unless the directory $CACHE/KEY exists,
# call FUNCTION with a new directory to fill, then give it its name. What is
# interrupted never gets the name; two runs do not build the same thing twice.
# Call it as a plain command: in a condition "set -e" would be off inside.
cache_build()
{
	local entry=$CACHE/$1 function=$2

	shift 2
	if [ -d "$entry" ]; then
		return
	fi
	mkdir -p "${entry%/*}"
	(
		exec 9>"$entry.lock"
		flock 9
		if [ -d "$entry" ]; then
			exit 0
		fi
		# Left over by runs that were killed; we hold the lock.
		rm -rf "$entry".tmp.*
		tmp=$(mktemp -d "$entry.tmp.XXXXXX")
		chmod 755 "$tmp"
		trap 'rm -rf "$tmp"' EXIT
		"$function" "$tmp" "$@"
		mv -T "$tmp" "$entry"
	)
}

# cache_key TEXT: a short name for contents.
cache_key()
{
	printf '%s' "$1" | sha256sum | cut -c1-12
}
