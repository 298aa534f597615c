#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Cases that must fail, so that the others can.
exec "${COOP_BUILD:-build/release}/tests/hostile/hostile_prog" \
	tests/hostile/selftest.txt "$@"
