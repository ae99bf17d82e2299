# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Sourced by check.sh: many machines, a few at a time. A job is a kernel and a
# machine, "trixie-smp". The caller sets out, a directory.

# As many machines as the host has processors, but two at least, as a machine
# often waits; of those with real threads, which have several, half as many. One
# that does little but wait runs beside them.
LANES=$(nproc)
LANES=$((LANES < 2 ? 2 : LANES))
SMP_LANES=$((LANES / 2))
WAITING_LANES=1

# Process id of each job that runs.
declare -A job_running=()

# job_count MACHINE: prints how many such machines run.
job_count()
{
	local job count=0

	for job in "${job_running[@]}"; do
		if [[ $job == *-$1 ]]; then
			count=$((count + 1))
		fi
	done
	echo "$count"
}

# May such a job start now?
job_has_room()
{
	local waiting busy

	waiting=$(job_count waiting)
	busy=$((${#job_running[@]} - waiting))
	case $1 in
	*-waiting) [ "$waiting" -lt "$WAITING_LANES" ] ;;
	*-smp) [ "$busy" -lt "$LANES" ] && [ "$(job_count smp)" -lt "$SMP_LANES" ] ;;
	*) [ "$busy" -lt "$LANES" ] ;;
	esac
}

# Sets job to the next of the jobs to start, if one may start now.
job_next()
{
	local i

	for i in "${!jobs[@]}"; do
		if ! job_has_room "${jobs[i]}"; then
			continue
		fi
		job=${jobs[i]}
		unset "jobs[$i]"
		return 0
	done
	return 1
}

# run_jobs FUNCTION JOB...: call FUNCTION for each job, in this order as far as
# there is room. FUNCTION keeps its machine's process id in $out/JOB.pid.
run_jobs()
{
	local function=$1 jobs job pid

	shift
	jobs=("$@")
	# If we are stopped so are the machines, which as background jobs do
	# not hear of ctrl-C.
	trap stop_jobs EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	while [ ${#jobs[@]} -gt 0 ] || [ ${#job_running[@]} -gt 0 ]; do
		while job_next; do
			"$function" "$job" &
			job_running[$!]=$job
		done
		wait -n -p pid "${!job_running[@]}" || true
		unset "job_running[$pid]"
	done
	trap - EXIT
}

stop_jobs()
{
	local job

	# None shall start its machine after this.
	kill "${!job_running[@]}" 2>/dev/null || true
	for job in "${job_running[@]}"; do
		if [ -e "$out/$job.pid" ]; then
			kill "$(cat "$out/$job.pid")" 2>/dev/null || true
		fi
	done
}
