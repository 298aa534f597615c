# SPDX-License-Identifier: Apache-2.0
# Coop. `make help` lists what it can do. Everything built goes below
# build/<mode>/, which mirrors the install tree, so nothing needs installing to run.

MODE   ?= release
CORO   ?= asm
CC     ?= gcc
PREFIX ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0
SOVERSION := 0

B := build/$(MODE)$(if $(filter ucontext,$(CORO)),-ucontext)

WARN := -Wall -Wextra -Werror -Wformat=2 -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla \
	-Wframe-larger-than=$(if $(filter asan,$(MODE)),16384,8192) \
	-Wno-unused-parameter -Wno-missing-field-initializers
HARDEN := -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection=full -fno-strict-aliasing -fno-common
LDHARDEN := -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--as-needed

OPT_release := -O2 -g -D_FORTIFY_SOURCE=2 -ftrivial-auto-var-init=zero
OPT_debug   := -O0 -g
OPT_asan    := -O1 -g -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined -fno-omit-frame-pointer
SAN_LD      := $(if $(filter asan,$(MODE)),-fsanitize=address$(comma)undefined)
comma := ,

CPPFLAGS += -D_GNU_SOURCE -I. -DCOOP_VERSION='"$(VERSION)"' \
	$(if $(filter ucontext,$(CORO)),-DFIBER_UCONTEXT)
CFLAGS += -std=gnu11 -fPIC -fvisibility=hidden $(OPT_$(MODE)) $(WARN) $(HARDEN)
LDFLAGS += $(LDHARDEN) $(SAN_LD)

EXECUTOR_FLOORS := base net spec profile jail broker backend run
AGENTLIB_FLOORS := fiber core model runner tool memory agent team catalog

COOP_SRC    := $(foreach f,$(EXECUTOR_FLOORS),$(wildcard executor/$(f)/*.c))
AGENTS_SRC  := $(foreach f,$(AGENTLIB_FLOORS),$(wildcard agentlib/$(f)/*.c))
COOP_OBJ    := $(COOP_SRC:%.c=$(B)/obj/%.o)
AGENTS_OBJ  := $(AGENTS_SRC:%.c=$(B)/obj/%.o)

# A file cmd/NAME_main.c is the main of one program; the other files of cmd/ are
# linked into that folder's principal program.
COOP_CMD    := $(filter-out %_main.c,$(wildcard executor/cmd/*.c)) executor/cmd/coop_main.c
TEAM_CMD    := $(filter-out %_main.c,$(wildcard agentlib/cmd/*.c)) agentlib/cmd/coop_team_main.c

LIBS_COOP   := -lseccomp
LIBS_FULL   := -lseccomp -lcap -lcjson -ldl -lpthread

PROGRAMS := $(B)/bin/coop $(B)/libexec/coop/broker $(B)/libexec/coop/coop-team
LIBRARIES := $(B)/lib/libcoop.a $(B)/lib/libcoop-agents.a \
	$(B)/lib/libcoop.so.$(SOVERSION) $(B)/lib/libcoop-agents.so.$(SOVERSION)

PROFILES  := $(wildcard sandbox-profiles/profiles/*.conf)
FILTERS   := $(PROFILES:sandbox-profiles/profiles/%.conf=$(B)/share/coop/filters/%.bpf)
SHARE     := $(patsubst sandbox-profiles/%,$(B)/share/coop/%,\
	$(wildcard sandbox-profiles/*/*.conf sandbox-profiles/*/*.list)) $(FILTERS)

TEST_SRC  := $(shell find tests -name '*_test.c' 2>/dev/null)
TEST_BIN  := $(TEST_SRC:%.c=$(B)/%)
TEST_SH   := $(shell find tests -name '*_test.sh' 2>/dev/null)

.PHONY: help all check check-asan layers lint format format-check demo install clean deps test
.DEFAULT_GOAL := all

help: ## what this file can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n",$$1,$$2}' $(MAKEFILE_LIST)

all: $(PROGRAMS) $(LIBRARIES) $(SHARE) ## builds programs, libraries, profiles, filters

$(B)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(B)/lib/libcoop.a: $(COOP_OBJ)
$(B)/lib/libcoop-agents.a: $(AGENTS_OBJ)
$(B)/lib/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/lib/libcoop.so.$(SOVERSION): $(COOP_OBJ) scripts/libcoop.map
	$(CC) -shared $(LDFLAGS) -Wl,-soname,$(@F) -Wl,--version-script=scripts/libcoop.map \
		-o $@ $(COOP_OBJ) $(LIBS_FULL)
	ln -sf $(@F) $(B)/lib/libcoop.so
$(B)/lib/libcoop-agents.so.$(SOVERSION): $(AGENTS_OBJ) $(B)/lib/libcoop.so.$(SOVERSION) scripts/libcoop-agents.map
	$(CC) -shared $(LDFLAGS) -Wl,-soname,$(@F) -Wl,--version-script=scripts/libcoop-agents.map \
		-o $@ $(AGENTS_OBJ) -L$(B)/lib -lcoop $(LIBS_FULL)
	ln -sf $(@F) $(B)/lib/libcoop-agents.so

$(B)/bin/coop: $(COOP_CMD:%.c=$(B)/obj/%.o) $(B)/lib/libcoop.a
	@mkdir -p $(@D)
	$(CC) -pie $(LDFLAGS) -o $@ $^ $(LIBS_FULL)
$(B)/libexec/coop/broker: $(B)/obj/executor/cmd/broker_main.o $(B)/lib/libcoop.a
	@mkdir -p $(@D)
	$(CC) -pie $(LDFLAGS) -o $@ $^ $(LIBS_FULL)
$(B)/libexec/coop/compile-filter: $(B)/obj/executor/cmd/compile_filter_main.o $(B)/lib/libcoop.a
	@mkdir -p $(@D)
	$(CC) -pie $(LDFLAGS) -o $@ $^ $(LIBS_FULL)
$(B)/libexec/coop/coop-team: $(TEAM_CMD:%.c=$(B)/obj/%.o) $(B)/lib/libcoop-agents.a $(B)/lib/libcoop.a
	@mkdir -p $(@D)
	$(CC) -pie $(LDFLAGS) -o $@ $^ $(LIBS_FULL)

$(B)/share/coop/%.conf: sandbox-profiles/%.conf
	@mkdir -p $(@D)
	cp $< $@
$(B)/share/coop/%.list: sandbox-profiles/%.list
	@mkdir -p $(@D)
	cp $< $@
$(B)/share/coop/filters/%.bpf: sandbox-profiles/profiles/%.conf \
		$(wildcard sandbox-profiles/*/*) $(B)/libexec/coop/compile-filter
	@mkdir -p $(@D)
	$(B)/libexec/coop/compile-filter sandbox-profiles $* $@

# Tests: each file is one program under the TAP harness; shell tests beside them.
$(B)/tests/%_test: $(B)/obj/tests/%_test.o $(B)/obj/tests/tap.o $(B)/lib/libcoop-agents.a $(B)/lib/libcoop.a
	@mkdir -p $(@D)
	$(CC) -pie $(LDFLAGS) -o $@ $^ $(LIBS_FULL)

tests: all $(TEST_BIN)

deps:
	@scripts/install-deps

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
