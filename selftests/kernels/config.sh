# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by own.sh: the configuration of a kernel tree from fragments. What no
# fragment speaks of is off.

# config_request TREE FRAGMENT...: the tree's "requested" is what they ask for; of
# an option in several of them the last word counts.
config_request()
{
	local tree=$1

	shift
	sed -n 's/^\(CONFIG_[A-Z0-9_]*\)=\(.*\)$/\1=\2/p' "$@" |
		awk -F= '{ last[$1] = $0 } END { for (o in last) print last[o] }' |
		sort >"$tree/requested"
}

# config_check TREE [ABSENT]: an option that depends on one that is missing
# vanishes without a word, and one that another selects comes back. The file
# ABSENT has lines "OPTION reason" of what this kernel does not have; it must not
# have it then.
config_check()
{
	local tree=$1 absent=${2:-/dev/null} wrong

	wrong=$(awk '
		FILENAME == ARGV[1] {
			if ($0 ~ /^CONFIG_/)
				absent[$1] = 1
			next
		}
		FILENAME == ARGV[2] {
			if ($0 ~ /^CONFIG_/)
				have[substr($0, 1, index($0, "=") - 1)] = $0
			next
		}
		{
			option = substr($0, 1, index($0, "=") - 1)
			if (option in absent) {
				if (option in have)
					print option " is said to be absent, but is there"
			} else if ($0 ~ /=n$/) {
				if (option in have)
					print have[option] " in spite of " $0
			} else if (have[option] != $0) {
				print $0 " did not survive (" have[option] ")"
			}
		}' "$absent" "$tree/.config" "$tree/requested")
	if [ -n "$wrong" ]; then
		echo "$wrong" >&2
		die "the kernel has not the configuration that was asked for"
	fi
}
