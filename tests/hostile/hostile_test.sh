#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The table of hostile cases: those marked fast, or with COOP_HOSTILE=all every
# one. Arguments are names of cases (patterns).
if [ "${COOP_HOSTILE-}" != all ] && [ $# = 0 ]; then set -- --fast; fi
fast=
if [ "${1-}" = --fast ]; then fast=--fast && shift; fi
exec "${COOP_BUILD:-build/release}/tests/hostile/hostile_prog" $fast \
	tests/hostile/table.txt "$@"
