# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Sourced by run.sh: what happened in the machine. Only the line with the nonce
# on the verdict channel makes a success, and only if the kernel never
# complained.

# What a kernel says when something is wrong.
SPLATS='BUG: |BUG kmalloc|^\[[^a-z]*\] (rcu: )?(WARNING|INFO): |Oops'
SPLATS+='|kernel BUG at|Kernel panic|Unable to handle'
SPLATS+='|general protection fault|Call Trace:|UBSAN: |refcount_t: '
SPLATS+='|list_(add|del).* corruption|unregister_netdevice: waiting for'
SPLATS+='|kmemleak: [0-9]+ new|ODEBUG: |DEBUG_LOCKS_WARN_ON|KFENCE: '
SPLATS+='|detected (stalls|buffer overflow)|self-detected stall'
SPLATS+='|sleeping function called|scheduling while atomic'
SPLATS+='|possible (circular|recursive) locking|suspicious RCU usage'
SPLATS+='|inconsistent lock state|blocked for more than|soft lockup'
SPLATS+='|hard LOCKUP|double fault|stack guard page'
SPLATS+='|leaked (reference|memory)'
# What looks like one and is not.
HARMLESS='INFO: NMI handler .* took too long|Kernel panic.*disabled|kfence: initialized'

# Old kernels have many data races of their own, which a kernel with KCSAN tells
# of. Replaces the line that makes such a report a complaint by an empty one if
# none of its accesses was made by our module, or for it: what an interrupt did
# was not, whomever it met. All its other lines stay: another CPU may complain of
# something else in the midst of it.
without_foreign_races()
{
	awk '
		function flush(i) {
			for (i = 0; i < count; i++)
				print i == 0 && !ours ? "" : report[i]
			count = ours = met = 0
		}
		/BUG: KCSAN: / { flush(); inside = 1 }
		!inside { print; next }
		{ report[count++] = $0 }
		/(read|write|reported|access).* to 0x.* by / { met = 0 }
		/ asm_[a-z_]*(sysvec|interrupt)/ { met = 1 }
		/\[mcpeer\]/ && !met { ours = 1 }
		/====================$/ { flush(); inside = 0 }
		# Cut off: nobody knows.
		END { ours = 1; flush() }'
}

splats()
{
	tr -d '\r' <"$1" | without_foreign_races | grep -nE "$SPLATS" | grep -vE "$HARMLESS"
}

# Ends run.sh. Takes QEMU's own exit status.
verdict()
{
	local status=$1 console=$out/console.log answer excerpt first

	answer=$(tr -d '\r' <"$work/verdict" |
		sed -n "s/^$nonce \([0-9]\{1,3\}\)\$/\1/p")
	excerpt=$(splats "$console" | head -n 1) || true
	if [ -n "$excerpt" ]; then
		first=${excerpt%%:*}
		{
			echo "the kernel complained:"
			tr -d '\r' <"$console" |
				sed -n "$((first > 3 ? first - 3 : 1)),$((first + 40))p"
			[ "$out" = "$work" ] || echo "all of it: $console"
		} >&2
	fi
	if [ -z "$shell" ] && [ "$status" = 124 ] && [ -z "$answer" ]; then
		{
			echo "timeout: the machine was killed after $timeout s; its last lines:"
			tail -n 15 "$console" | tr -d '\r'
		} >&2
		exit 126
	fi
	if [ -z "$answer" ] && [ "$status" != 0 ] && [ -s "$work/qemu.log" ] &&
		[ ! -s "$console" ]; then
		cat "$work/qemu.log" >&2
		echo "no verdict: QEMU could not be started" >&2
		exit 127
	fi
	if [ -z "$answer" ]; then
		{
			echo "no verdict: the machine ended (QEMU: $status) before the command did"
			if [ -z "$excerpt" ]; then
				echo "its last lines:"
				tail -n 30 "$console" | tr -d '\r'
			fi
		} >&2
		exit 125
	fi
	if [ -n "$excerpt" ]; then
		exit 124
	fi
	exit "$answer"
}
