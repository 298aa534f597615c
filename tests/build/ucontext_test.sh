#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Where no assembler switch fits the machine, fibers switch by ucontext: all
# fiber tests hold there too.
. tests/tap.sh

build=$TEST_TMP/build
unset MAKEFLAGS MFLAGS MAKEOVERRIDES COOP_BUILD
mapfile -t programs < <(find tests/agentlib/fiber -name '*_test.c' | sed "s,^,$build/,;s,\.c\$,,")
ok "builds" make -j2 B="$build" MODE=debug CORO=ucontext "${programs[@]}"
for program in "${programs[@]}"; do
	ok "$(basename "$program")" "$program"
done

done_testing
