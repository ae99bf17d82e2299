# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Sourced by run.sh: the machine, that is its initramfs and QEMU's arguments.
# The variables in small letters are run.sh's options.

# The project's own part of the initramfs: the overlays, the first program and
# what it shall do.
machine_overlay()
{
	local stage=$1/stage kernel=$2 release dir

	shift 2
	release=$(cat "$kernel/release")
	mkdir -p "$stage"/usr/{bin,sbin,lib,lib64}
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$stage"
	for dir in "$@"; do
		[ -d "$dir" ] || die "no directory $dir"
		tar -C "$dir" -c . |
			tar -C "$stage" -x --keep-directory-symlink --no-same-owner
	done
	# The modules of the overlays and the guest's own need common indices.
	if [ -d "$stage/usr/lib/modules/$release" ]; then
		dir=$stage/usr/lib/modules/$release
		cp "$kernel/modules/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$dir"
		ln -s "$kernel/modules/lib/modules/$release/kernel" "$dir/kernel"
		depmod -b "$stage" "$release"
		rm "$dir/kernel"
	fi
	mkdir -p "$stage/vm"
	command_files "$stage/vm"
	install -m 755 "$VM/init" "$stage/init"
	install -m 755 "$VM/hold.py" "$stage/vm"
}

command_files()
{
	local dir=$1

	if [ ${#environment[@]} -gt 0 ]; then
		printf '%s\0' "${environment[@]}"
	fi >"$dir/environment"
	printf '%s\0' "${command[@]}" >"$dir/command"
	if [ ${#fetch[@]} -gt 0 ]; then
		printf '%s\0' "${fetch[@]}" >"$dir/fetch"
		install -m 755 "$VM/fetch.py" "$dir"
	fi
}

machine_initrd()
{
	local work=$1 kernel=$2 rootfs=$3

	# Symlinks come first: a piece of initramfs later in the row that
	# named /lib as a directory would put one in the symlink's place.
	(cd "$work/stage" && find . -mindepth 1 ! -path ./bin ! -path ./sbin \
		! -path ./lib ! -path ./lib64 | sed 's,^\./,,' | sort |
		cpio --quiet -o -H newc -R 0:0) >"$work/own.cpio"
	cat "$rootfs/base.cpio" "$kernel/modules.cpio" "$work/own.cpio" >"$work/initrd"
	rm -rf "$work/stage" "$work/own.cpio"
}

# A /dev/kvm proves nothing: where a hypervisor hides the CPU's support the
# node may exist and guests hang. So KVM is used only if the flags are there
# and a trial boot answers; that is tried once for each boot of the host, by one
# machine while others that start beside it wait.
kvm_works()
{
	local boot answer

	if [ ! -w /dev/kvm ] || ! grep -qwE 'vmx|svm' /proc/cpuinfo 2>/dev/null; then
		return 1
	fi
	boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null) || return 1
	answer=$(
		exec 9>"$CACHE/kvm.lock"
		flock 9
		if ! grep -qs "^$boot " "$CACHE/kvm"; then
			echo "$boot $(kvm_try)" >"$CACHE/kvm.new"
			mv "$CACHE/kvm.new" "$CACHE/kvm"
		fi
		cat "$CACHE/kvm"
	)
	[ "$answer" = "$boot yes" ]
}

kvm_try()
{
	if MCPEER_KVM=1 timeout 60 "$VM/run.sh" --timeout 30 --smp 2 \
		--kernel "$kernel" -- true >/dev/null 2>&1 9>&-; then
		echo yes
	else
		echo no
	fi
}

# The frequency of the host's time stamp counter in kHz, or nothing. The kernel
# tells it in disguise: delays count its ticks, in units of 500 a millisecond.
host_tsc_khz()
{
	awk '/^flags/ && / constant_tsc / { steady = 1 }
		/^bogomips/ && steady { printf "%d\n", $3 * 500; exit }' /proc/cpuinfo
}

# Sets QEMU to the command line.
machine_arguments()
{
	local arguments cpu khz

	arguments="console=ttyS0 panic=-1 oops=panic panic_on_oops=1 panic_on_warn=1"
	arguments+=" edd=off printk.devkmsg=on random.trust_cpu=on"
	# On a busy host an emulated timer may seem broken while the kernel looks
	# at it, at which it would panic; a hypervisor turns this off, too.
	arguments+=" no_timer_check"
	# Detours around the faults of real CPUs, which an emulated one has not.
	arguments+=" mitigations=off"
	# QEMU keeps what it translated by virtual address: programs that start at
	# another one each time are translated each time, which took more than
	# half of the time of all tests.
	arguments+=" norandmaps"
	# Does nothing where the kernel is built without KFENCE.
	arguments+=" kfence.sample_interval=100"
	arguments+=" vm.nonce=$nonce"
	if [ -e "$kernel/arguments" ]; then
		arguments+=" $(cat "$kernel/arguments")"
	fi
	if [ -z "$memory" ]; then
		memory=$(cat "$kernel/memory" 2>/dev/null || echo 1024)
	fi

	QEMU=(qemu-system-x86_64 -nodefaults -display none -no-reboot -monitor none
		-machine pc -m "$memory" -kernel "$kernel/vmlinuz"
		-initrd "$work/initrd")
	# MCPEER_KVM forces the choice, for the trial boot and for doubters.
	# Of an emulated CPU's features the modern ones are the slow ones; the
	# random numbers make the kernel's pool ready at once. QEMU 7.2 spoils
	# the flags in CMPXCHG16B, and an interrupt right after it then brings
	# the kernel down at some random place.
	cpu="qemu64,+rdrand,-cx16"
	if [ -n "$virtual" ]; then
		# Calibrating the APIC's timer is a busy loop of 0.2 s, half of
		# the boot in real time; the HPET does as well.
		arguments+=" nolapic_timer"
		# Who idles shall not be woken: by KFENCE ten times a second, by
		# who holds one clock against another twice.
		arguments+=" kfence.deferrable=1 tsc=reliable"
		QEMU+=(-cpu "$cpu" -smp 1 -accel tcg
			-icount "shift=0,sleep=off" -rtc "clock=vm")
	elif [ "${MCPEER_KVM:-}" = 1 ] || { [ -z "${MCPEER_KVM:-}" ] && kvm_works; }; then
		QEMU+=(-cpu host -smp "$smp" -accel kvm)
	else
		# The processors' counters are one, which no flag says; the other
		# clocks are devices, and take five times as long to be read.
		arguments+=" tsc=reliable"
		# They are the host's counter. Left to find out how fast that is,
		# the kernel was wrong by a factor of twenty on a busy host.
		khz=$(host_tsc_khz)
		arguments+=${khz:+ tsc_early_khz=$khz}
		# See hold.py; /init brings the others along.
		arguments+=" maxcpus=1 noreplace-smp"
		QEMU+=(-cpu "$cpu" -smp "$smp" -accel "tcg,thread=multi")
	fi
	if [ -n "$shell" ]; then
		arguments+=" vm.shell=1 loglevel=3"
		QEMU+=(-chardev "stdio,id=console,mux=on,signal=off,logfile=$out/console.log")
		QEMU+=(-chardev "file,id=output,path=$out/output.log")
	else
		arguments+=" ignore_loglevel"
		QEMU+=(-chardev "file,id=console,path=$out/console.log")
		QEMU+=(-chardev "file,id=output,path=$work/output")
	fi
	if [ -n "$gdb" ]; then
		arguments+=" nokaslr"
		QEMU+=(-s)
	fi
	QEMU+=(-chardev "file,id=verdict,path=$work/verdict"
		-serial chardev:console -serial chardev:output
		-serial chardev:verdict -append "$arguments$append")
	if [ ${#fetch[@]} -gt 0 ]; then
		QEMU+=(-chardev "file,id=fetched,path=$out/fetched.tar.gz"
			-serial chardev:fetched)
	fi
}
