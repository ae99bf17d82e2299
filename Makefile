# SPDX-License-Identifier: GPL-2.0
#
# Every door of the project; "make help" lists them.

KDIR	?= /lib/modules/$(shell uname -r)/build
PREFIX	?= /usr/local
DESTDIR	?=
PYTHON	?= /usr/bin/python3
TESTS	?=
KERNELS	?=
SECONDS	?= 600
PARTS	?=
ACCEPT	?=

VM	:= selftests/vm

ifeq ($(V),1)
Q	:=
quiet	:= 
else
Q	:= @
quiet	:= --no-print-directory
endif
export V PYTHON

.PHONY: all modules tools generate check check-kernels check-all coverage fuzz bench \
	demo vm lint install tools_install modules_install uninstall clean help

all: modules tools

help:
	@echo 'Doors that set up the machine themselves (Debian; as root, or they say what is missing):'
	@echo '  make demo          see it work, in a virtual machine'
	@echo '  make check         all tests, in virtual machines, on several kernels'
	@echo '                     TESTS="a.py b.py" for some, KERNELS="debug-6.1 trixie" for others'
	@echo '  make check-kernels the same on stock kernels only'
	@echo '  make check-all     long forms of all tests; takes hours'
	@echo '  make fuzz          random input to all that reads any, for SECONDS=600 each'
	@echo '  make coverage      which lines of module and command the tests reach'
	@echo '  make bench         what it costs, against others and against the last time; PARTS="receive"'
	@echo '                     for some, ACCEPT=1 to keep the figures as they are'
	@echo '  make vm            a shell in a virtual machine with the module and the command'
	@echo '  make lint          style and static checkers'
	@echo '  make generate      uapi/linux/mcpeer.h from uapi/specs/mcpeer.yaml'
	@echo 'Doors for the machine at hand:'
	@echo '  make               modules and tools'
	@echo '  make modules       the module, in build/RELEASE/kmod/ (KDIR=kernel build directory)'
	@echo '  make tools         the command, in userspace/'
	@echo '  make install       both (PREFIX, DESTDIR); or tools_install, modules_install'
	@echo '  make uninstall     take them away again'
	@echo '  make clean         remove what was built here'
	@echo 'V=1 shows all commands. Downloads are kept in $${XDG_CACHE_HOME:-~/.cache}/mcpeer.'

# --- the module ---------------------------------------------------------------
#
# Built outside kmod/, in a farm of symlinks below build/RELEASE, so that
# several kernels can be built side by side. Next to kmod/ there lies uapi/, as
# in the checkout.

# Not include/config/kernel.release, which at Debian is not what uname -r says.
KREL	= $(or $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	  $(KDIR)/include/generated/utsrelease.h 2>/dev/null),\
	  $(error No kernel headers in $(KDIR). Install linux-headers-$(shell uname -r), or set KDIR=))
BUILD	= build/$(KREL)
KBUILD	= $(MAKE) $(quiet) -C $(KDIR) M=$(CURDIR)/$(BUILD)/kmod

define symlinks
	$(Q)mkdir -p $(BUILD)/kmod
	$(Q)find $(BUILD)/kmod -xtype l -delete
	$(Q)cd $(BUILD)/kmod && for f in $(notdir $(wildcard kmod/*)); do \
		case $$f in *.c|*.h|Kbuild|Makefile|Kconfig) ln -sfn ../../../kmod/$$f $$f;; esac; done
	$(Q)ln -sfn ../../uapi $(BUILD)/uapi
endef

modules:
	$(symlinks)
	+$(Q)$(KBUILD) modules

modules_install: modules
	$(Q)install -D -m 644 $(BUILD)/kmod/mcpeer.ko $(DESTDIR)/lib/modules/$(KREL)/updates/mcpeer.ko
	$(Q)$(if $(DESTDIR),,depmod $(KREL))

# --- the command --------------------------------------------------------------

tools:
	$(Q)$(MAKE) $(quiet) -C userspace

tools_install: tools
	$(Q)install -D -m 755 userspace/mcpeer $(DESTDIR)$(PREFIX)/sbin/mcpeer
	$(Q)install -D -m 644 userspace/mcpeer.8 $(DESTDIR)$(PREFIX)/share/man/man8/mcpeer.8
	$(Q)install -D -m 644 userspace/mcpeer.bash-completion \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/mcpeer

install: modules_install tools_install

uninstall:
	$(Q)rm -f $(DESTDIR)$(PREFIX)/sbin/mcpeer \
		$(DESTDIR)$(PREFIX)/share/man/man8/mcpeer.8 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/mcpeer \
		$(DESTDIR)/lib/modules/$(KREL)/updates/mcpeer.ko
	$(Q)$(if $(DESTDIR),,depmod $(KREL))

# --- what needs more than a compiler ------------------------------------------

generate:
	$(Q)$(VM)/setup.sh generate
	$(Q)$(VM)/generate.sh uapi/linux/mcpeer.h

# Names as selftests/kernels/kernel.sh has them.
STOCK_KERNELS	:= bookworm trixie trixie-backports
CHECK_KERNELS	:= $(STOCK_KERNELS) debug-6.1
ALL_KERNELS	:= $(CHECK_KERNELS) debug-7 kcsan-6.1

# Some tests only are for those who write them: on one kernel.
check: kernels = $(if $(TESTS),,$(CHECK_KERNELS))
check-kernels: kernels = $(STOCK_KERNELS)
check-all: kernels = $(ALL_KERNELS)
check-all: export MCPEER_LONG = 1

# Below, what runs for long takes the shell's place, so that a signal to make
# stops the machines.

# A kernel of our own takes more to be compiled.
check check-kernels check-all: own = $(filter debug-% kcsan-%,$(or $(KERNELS),$(kernels)))
check check-kernels check-all:
	$(Q)$(VM)/setup.sh build fuzz vm $(if $(own),kernel)
	$(Q)KERNELS="$(or $(KERNELS),$(kernels))" exec $(VM)/check.sh $(TESTS)

fuzz:
	$(Q)$(VM)/setup.sh build vm fuzz kernel
	$(Q)MCPEER_FUZZ_SEED=$${MCPEER_FUZZ_SEED:-random} exec selftests/fuzz/run.sh $(SECONDS)
	$(Q)exec selftests/fuzz/guest.sh $(SECONDS)

coverage:
	$(Q)$(VM)/setup.sh build vm kernel
	$(Q)$(VM)/coverage.sh $(TESTS)

bench:
	$(Q)$(VM)/setup.sh build vm
	$(Q)ACCEPT=$(ACCEPT) exec selftests/bench/run.sh $(PARTS)

demo:
	$(Q)$(VM)/setup.sh build vm
	$(Q)$(VM)/demo.sh

vm:
	$(Q)$(VM)/setup.sh build vm
	$(Q)$(VM)/shell.sh

lint:
	$(Q)$(VM)/setup.sh build fuzz vm lint
	$(Q)selftests/lint.sh

clean:
	$(Q)rm -rf build
	$(Q)if [ -e userspace/Makefile ]; then $(MAKE) $(quiet) -C userspace clean; fi
