# SPDX-License-Identifier: Apache-2.0
# Coop. `make help` lists what it can do. Everything built goes below
# build/<mode>/, which mirrors the install tree: nothing needs installing to run.
# What takes more than a few lines of shell stands in scripts/.

MODE    ?= release
CORO    ?= asm
PREFIX  ?= /usr/local
DESTDIR ?=
ifeq ($(origin CC),default)
CC := $(if $(filter fuzz,$(MODE)),clang-14,gcc)
endif

VERSION   := 0.1.0
SOVERSION := 0
VARIANT   := $(if $(filter ucontext,$(CORO)),-ucontext)
B         := build/$(MODE)$(VARIANT)
JOBS      := $(shell nproc 2>/dev/null || echo 2)
Q         := $(if $(V),,@)
comma     := ,

ifeq ($(filter release debug asan fuzz,$(MODE)),)
$(error MODE=$(MODE) is not known; it is one of release, debug, asan, fuzz)
endif

WARN := -Wall -Wextra -Werror -Wformat=2 -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla \
	-Wno-unused-parameter -Wno-missing-field-initializers
HARDEN := -fstack-protector-strong -fstack-clash-protection \
	-fno-strict-aliasing -fno-common \
	$(if $(filter x86_64,$(shell uname -m)),-fcf-protection=full)

OPT_release := -O2 -g -D_FORTIFY_SOURCE=2 -ftrivial-auto-var-init=zero
OPT_debug   := -O0 -g
OPT_asan    := -O1 -g -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined -fno-omit-frame-pointer
LD_asan     := -fsanitize=address,undefined
# Only libraries and tests/fuzz/ are built so, by clang: scripts/fuzz.
OPT_fuzz    := $(OPT_asan) -fsanitize=fuzzer-no-link
LD_fuzz     := $(LD_asan)

# Library code may run on a fiber's stack; tests choose for themselves.
FRAME = $(if $(filter tests/%,$<),1048576,$(if $(filter asan fuzz,$(MODE)),16384,8192))
# What is not for other libraries is hidden; base/ and net/ are shared with
# libcoop-agents, and the doors mark themselves (CONTRIBUTING.md, Visibility).
VISIBILITY = $(if $(filter executor/base/% executor/net/%,$<),default,hidden)

CC_FLAGS = -std=gnu11 -D_GNU_SOURCE -I. -include executor/base/banned.h -DCOOP_VERSION='"$(VERSION)"' \
	$(if $(filter ucontext,$(CORO)),-DFIBER_UCONTEXT) \
	-fPIC $(OPT_$(MODE)) $(WARN) $(HARDEN) $(CPPFLAGS) $(CFLAGS)
LD_FLAGS = -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--as-needed \
	$(LD_$(MODE)) $(LDFLAGS)
LIBS     = -lseccomp -lcap -lcjson -ldl -lpthread

# A floor that gets its first file needs its name here and in check-layers.
EXECUTOR_FLOORS := base net spec profile jail egress broker backend run
AGENTLIB_FLOORS := fiber core model runner tool memory agent team catalog

sources     = $(foreach f,$(2),$(sort $(wildcard $(1)/$(f)/*.c $(1)/$(f)/*.S)))
objects     = $(addprefix $(B)/obj/,$(addsuffix .o,$(basename $(1))))
COOP_OBJ    := $(call objects,$(call sources,executor,$(EXECUTOR_FLOORS)))
AGENTS_OBJ  := $(call objects,$(call sources,agentlib,$(AGENTLIB_FLOORS)))
LIBCOOP     := $(B)/lib/libcoop.a
LIBAGENTS   := $(B)/lib/libcoop-agents.a
SO_COOP     := $(B)/lib/libcoop.so.$(SOVERSION)
SO_AGENTS   := $(B)/lib/libcoop-agents.so.$(SOVERSION)

# cmd/NAME_main.c is the main of one program; the other files of a cmd/ belong
# to that folder's principal program, coop or coop-team.
main        = $(B)/obj/$(1)_main.o
COOP_CMD    := $(call objects,$(filter-out %_main.c,$(wildcard executor/cmd/*.c)))
TEAM_CMD    := $(call objects,$(filter-out %_main.c,$(wildcard agentlib/cmd/*.c)))
PROGRAMS    := $(B)/bin/coop $(addprefix $(B)/libexec/coop/,broker egress coop-team import-seccomp)
COMPILER    := $(B)/libexec/coop/compile-filter

PROFILES    := $(wildcard sandbox-profiles/profiles/*.conf)
SHARE       := $(patsubst sandbox-profiles/%,$(B)/share/coop/%, \
	$(wildcard sandbox-profiles/*/*.conf sandbox-profiles/*/*.list)) \
	$(PROFILES:sandbox-profiles/profiles/%.conf=$(B)/share/coop/filters/%.bpf)

# tests/…_test.c runs under the harness, …_prog.c is a program of its own, every
# other .c there is shared by the tests. What a box compiles is none of ours.
TEST_SRC    := $(sort $(shell find tests -name '*.c' -not -path '*/hostile/cases/*' \
	-not -path 'tests/languages/*'))
TEST_BIN    := $(patsubst %.c,$(B)/%,$(filter %_test.c,$(TEST_SRC)))
PROG_BIN    := $(patsubst %.c,$(B)/%,$(filter %_prog.c,$(TEST_SRC)))
FUZZ_BIN    := $(patsubst %.c,$(B)/%,$(filter %_fuzz.c,$(TEST_SRC)))
FUZZ_HELP   := $(call objects,$(filter tests/fuzz/fuzz%,$(TEST_SRC)))
TEST_HELP   := $(call objects,$(filter-out %_test.c %_prog.c tests/fuzz/%,$(TEST_SRC)))

MAKE_HERE    = $(MAKE) --no-print-directory \
	$(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: help all tests check check-hostile check-asan check-languages layers lint format format-check demo \
	check-vm fuzz fuzzers check-fuzz install clean FORCE

help: ## lists these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n",$$1,$$2}' Makefile
	@echo "  MODE=release|debug|asan  CORO=asm|ucontext  V=1  PREFIX= DESTDIR="

all: $(PROGRAMS) $(LIBCOOP) $(LIBAGENTS) $(SO_COOP) $(SO_AGENTS) $(SHARE) ## builds everything below build/<mode>/

tests: all $(TEST_BIN) $(PROG_BIN) ## builds the tests too, runs none

check: ## installs what is missing, builds, runs all tests
	@scripts/install-deps build test
	@$(MAKE_HERE) tests
	@scripts/run-tests $(B)

check-hostile: ## all hostile cases (tests/hostile), and the noisy neighbour
	@scripts/install-deps build test
	@$(MAKE_HERE) tests
	@COOP_HOSTILE=all scripts/run-tests $(B) \
		$(sort $(wildcard tests/hostile/*_test.[cs]*))
	@scripts/run-tests $(B) tests/hostile/rootless.sh
	@scripts/run-tests $(B) tests/hostile/neighbour.sh

check-asan: ## all tests but those in tests/asan-skip under ASan and UBSan
	@scripts/install-deps build test
	@$(MAKE_HERE) MODE=asan tests
	@scripts/run-tests build/asan$(VARIANT)

check-languages: ## every language in its jail, after installing them all
	@scripts/install-deps build test --languages all
	@$(MAKE_HERE) all
	@COOP_LANGUAGES=all scripts/run-tests $(B) tests/languages/languages_test.sh

check-vm: ## the jail's tests on Debian's kernel with unified cgroups, emulated
	@scripts/install-deps build vm
	@$(MAKE_HERE) tests
	@scripts/check-vm $(B)

layers: ## no call or include upward, no cycle, nothing prints below cmd/
	@scripts/install-deps build lint
	@$(MAKE_HERE) all
	@scripts/check-layers . $(B)/obj

lint: ## length and contract budgets, banned functions, cppcheck
	@scripts/install-deps lint
	@scripts/check-style
	@scripts/run-cppcheck $(JOBS)

format: ## rewrites all C files as .clang-format says
	@scripts/install-deps lint
	@scripts/format -i

format-check: ## fails when `make format` would change something
	@scripts/install-deps lint
	@scripts/format --dry-run -Werror

fuzz: ## each fuzzer of tests/fuzz/ for FUZZ_SECONDS (30); FUZZ=name: only it
	@scripts/install-deps build fuzz
	@$(MAKE_HERE) MODE=fuzz fuzzers
	@scripts/fuzz build/fuzz $(FUZZ)

check-fuzz: export FUZZ_SECONDS = 2
check-fuzz: export FUZZ_SEED = 1
check-fuzz: fuzz ## each fuzzer over its corpus and for two seconds more

fuzzers: $(FUZZ_BIN)

demo: ## the main job from a recording; LIVE=1 asks a real model
	@scripts/install-deps build demo
	@$(MAKE_HERE) all $(PROG_BIN)
	@LIVE=$(LIVE) scripts/demo $(B)

install: all ## to PREFIX (/usr/local), below DESTDIR
	@scripts/install-files $(B) "$(DESTDIR)" "$(PREFIX)" $(VERSION) $(SOVERSION)

clean: ## removes build/
	rm -rf build

# Rewritten only when its text changes: other flags rebuild all, another list of
# sources rebuilds the libraries. The first build asks whether it can succeed.
$(B)/flags: export TEXT = $(CC) $(CC_FLAGS) $(LD_FLAGS) $(LIBS)
$(B)/sources: export TEXT = $(COOP_OBJ) $(AGENTS_OBJ) $(COOP_CMD) $(TEAM_CMD) $(TEST_HELP)
$(B)/flags $(B)/sources: FORCE
	@echo "$$TEXT" | cmp -s - $@ || { scripts/install-deps --check build && \
		mkdir -p $(@D) && echo "$$TEXT" >$@; }

$(B)/obj/%.o: %.c $(B)/flags
	@mkdir -p $(@D); echo "  CC    $<"
	$(Q)$(CC) $(CC_FLAGS) -fvisibility=$(VISIBILITY) \
		-Wframe-larger-than=$(FRAME) -MMD -MP -c -o $@ $<
$(B)/obj/%.o: %.S $(B)/flags
	@mkdir -p $(@D); echo "  AS    $<"
	$(Q)$(CC) $(CC_FLAGS) -MMD -MP -c -o $@ $<

$(LIBCOOP): $(COOP_OBJ)
$(LIBAGENTS): $(AGENTS_OBJ)
$(B)/tests/libtest.a: $(TEST_HELP)
$(LIBCOOP) $(LIBAGENTS) $(B)/tests/libtest.a: $(B)/sources
	@mkdir -p $(@D); rm -f $@; echo "  AR    $@"
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

$(SO_COOP): $(COOP_OBJ) scripts/libcoop.map
$(SO_AGENTS): $(AGENTS_OBJ) scripts/libcoop-agents.map $(SO_COOP)
$(SO_COOP) $(SO_AGENTS): $(B)/sources
	@mkdir -p $(@D); echo "  LD    $@"
	$(Q)$(CC) -shared $(LD_FLAGS) $(if $(LD_$(MODE)),,-Wl$(comma)-z$(comma)defs) \
		-Wl,-soname,$(@F) -Wl,--version-script=$(filter %.map,$^) -o $@ \
		$(filter %.o,$^) $(filter %.so.$(SOVERSION),$^) $(LIBS)
	@ln -sf $(@F) $(basename $@)

$(B)/bin/coop: $(call main,executor/cmd/coop) $(COOP_CMD) $(LIBCOOP)
$(B)/libexec/coop/broker: $(call main,executor/cmd/broker) $(LIBCOOP)
$(B)/libexec/coop/egress: $(call main,executor/cmd/egress) $(LIBCOOP)
$(COMPILER): $(call main,executor/cmd/compile_filter) $(LIBCOOP)
$(B)/libexec/coop/import-seccomp: $(call main,executor/cmd/import_seccomp) $(LIBCOOP)
$(B)/libexec/coop/coop-team: $(call main,agentlib/cmd/coop_team) $(TEAM_CMD) \
	$(LIBAGENTS) $(LIBCOOP)
$(TEST_BIN): $(B)/%: $(B)/obj/%.o $(B)/tests/libtest.a $(LIBAGENTS) $(LIBCOOP)
$(PROG_BIN): $(B)/%: $(B)/obj/%.o $(B)/tests/libtest.a $(LIBAGENTS) $(LIBCOOP)
$(FUZZ_BIN): $(B)/%: $(B)/obj/%.o $(FUZZ_HELP) $(LIBAGENTS) $(LIBCOOP)
$(FUZZ_BIN): LD_fuzz += -fsanitize=fuzzer
$(PROGRAMS) $(COMPILER) $(TEST_BIN) $(PROG_BIN) $(FUZZ_BIN): $(B)/sources
	@mkdir -p $(@D); echo "  LD    $@"
	$(Q)$(CC) -pie $(LD_FLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS)

$(B)/share/coop/%: sandbox-profiles/%
	@mkdir -p $(@D)
	$(Q)cp $< $@
$(B)/share/coop/filters/%.bpf: $(COMPILER) $(wildcard sandbox-profiles/*/*)
	@mkdir -p $(@D); echo "  BPF   $@"
	$(Q)$(COMPILER) sandbox-profiles $* $@

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
