#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Case 72: a fixed job in one box while others do their worst (cases 1, 4, 17,
# 21 in BOXES boxes at a time): its p99 stays within RATIO times its idle p99.
# Idle and busy runs take turns, so that what else the machine does falls on
# both; a case passes if one of TRIES tries holds. Only `make check-hostile` runs
# this, alone.
#
#	neighbour.sh [RUNS [BOXES]]
# shellcheck source=tests/tap.sh
. tests/tap.sh

RUNS=${1:-100}
BOXES=${2:-2}
TRIES=3
RATIO=${COOP_NEIGHBOUR_RATIO:-2}
CASES=$PWD/tests/hostile/cases

# What the neighbour does: start, 10 ms or so of work, a little output.
cat >"$TEST_TMP/job.py" <<'E2'
n = 0
for i in range(150000):
    n += i * i
print(n)
E2

# Microseconds that one run of the job takes, appended to a file.
job() {
	local began=$EPOCHREALTIME now
	limit 60 "$COOP" run --quiet "$TEST_TMP/job.py" >/dev/null 2>&1 \
		</dev/null || echo failed >>"$TEST_TMP/failed"
	now=$EPOCHREALTIME
	echo $((${now/./} - ${began/./})) >>"$1"
}

# Hostile programs one after another until killed, all in one process group.
hog() {
	set +m
	while :; do
		"$COOP" run --quiet --time 5s "$1" >/dev/null 2>&1 </dev/null &
		wait $!
	done
}

hogs=()
start_hogs() {
	local i
	for ((i = 0; i < BOXES; i++)); do
		hog "$1" &
		hogs+=($!)
	done
	sleep 0.3
}

# Each hog is a group of its own under set -m; the next Coop takes away what a
# killed one left.
stop_hogs() {
	local pid
	for pid in "${hogs[@]}"; do kill -KILL -- "-$pid" 2>/dev/null; done
	wait "${hogs[@]}" 2>/dev/null
	hogs=()
	job "$TEST_TMP/warm-up"
}

# percentile FILE P: of the numbers in a file
percentile() {
	sort -n "$1" | awk -v p="$2" '{ v[NR] = $1 }
		END { i = int(NR * p / 100 + 0.999); print v[i < 1 ? 1 : i] }'
}

# One try: rounds of ten idle and ten busy runs.
measure() {
	local round i
	rm -f "$TEST_TMP/idle" "$TEST_TMP/busy" "$TEST_TMP/failed"
	for ((round = 0; round < RUNS / 10; round++)); do
		for ((i = 0; i < 10; i++)); do job "$TEST_TMP/idle"; done
		start_hogs "$1"
		for ((i = 0; i < 10; i++)); do job "$TEST_TMP/busy"; done
		stop_hogs
	done
}

# neighbour NAME PROGRAM
neighbour() {
	local try idle busy good=1
	for ((try = 1; try <= TRIES; try++)); do
		measure "$2"
		idle=$(percentile "$TEST_TMP/idle" 99)
		busy=$(percentile "$TEST_TMP/busy" 99)
		note "$1, try $try: p50 $(percentile "$TEST_TMP/idle" 50) idle," \
			"$(percentile "$TEST_TMP/busy" 50) busy;" \
			"p99 $idle idle, $busy busy (us)"
		[ ! -e "$TEST_TMP/failed" ] || note "a job failed"
		if [ ! -e "$TEST_TMP/failed" ] &&
			awk -v a="$busy" -v b="$idle" -v r="$RATIO" \
				'BEGIN { exit !(a <= b * r) }'; then
			good=0
			break
		fi
	done
	tap_result $good "beside $1 a job's p99 stays within $RATIO times idle"
}

set -m
job "$TEST_TMP/warm-up"
neighbour "a fork bomb" "$CASES/01-fork-bomb.sh"
neighbour "a memory hog" "$CASES/04-mem-touch.c"
neighbour "an output flood" "$CASES/17-output-flood.sh"
neighbour "a full disk" "$CASES/21-disk-fill.py"
done_testing
