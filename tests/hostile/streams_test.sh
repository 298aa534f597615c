#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Cases 17, 18, 20 and 63 on the command line: input without end, readers that
# read nothing or go away, arguments that do not fit.
# shellcheck source=tests/tap.sh
. tests/tap.sh

# What is left of what we started, named by its mark.
mark=8$RANDOM$RANDOM
running() {
	pgrep -fc "^sleep $mark" || true
}

gone() {
	local i
	for ((i = 0; i < 100; i++)); do
		[ "$(running)" = 0 ] && return 0
		sleep 0.1
	done
	return 1
}

got=$(yes | limit 30 "$COOP" exec -- /usr/bin/echo done)
is "input without end that nobody reads does not hold the end" "$got" done
got=$(yes | limit 30 "$COOP" exec -- /usr/bin/head -c 4)
is "input without end that is read in part" "$got" $'y\ny'
got=$(head -c 20000000 /dev/zero | limit 60 "$COOP" exec -- /usr/bin/wc -c)
is "20 MB of input arrive" "$got" 20000000
got=$( (sleep 1; echo late) | limit 30 "$COOP" exec --time 20s -- /usr/bin/cat)
is "input that comes late arrives" "$got" late
got=$(limit 30 "$COOP" exec -- /usr/bin/wc -c <&-)
is "closed input is empty" "$got" 0

# The reader goes away in mid-flood.
limit 30 "$COOP" exec --time 20s -- /usr/bin/bash -c \
	"sleep $mark & yes" 2>/dev/null | head -c 100 >/dev/null
ok "a reader that goes away ends what it read from" gone

# The reader stays and never reads: the limit holds all the same.
mkfifo "$TEST_TMP/pipe"
exec 9<>"$TEST_TMP/pipe"
limit 60 "$COOP" exec --time 1s -- /usr/bin/bash -c \
	"sleep $mark & yes" >"$TEST_TMP/pipe" 2>/dev/null &
for ((i = 0; i < 100; i++)); do
	[ "$(running)" != 0 ] && break
	sleep 0.05
done
ok "a reader that never reads does not prolong a run" gone
kill $! 2>/dev/null
exec 9>&-

# Arguments and variables that are too large for anybody.
big=$(head -c 120000 /dev/zero | tr '\0' x)
got=$(limit 30 "$COOP" exec --env "A=$big" -- /usr/bin/bash -c 'echo ${#A}')
is "a variable of 120 kB arrives" "$got" 120000
vars=()
for i in 1 2 3 4 5 6 7 8 9 10 11; do vars+=(--env "A$i=$big"); done
got=$(limit 30 "$COOP" exec --json "${vars[@]}" -- /usr/bin/true 2>/dev/null)
like "more than 1 MiB of them is refused by name" "$got" \
	'"code":"(too_large|invalid_value)".*"field":"[a-z]'
args=()
for i in {1..40000}; do args+=("argument $i of many, many more"); done
got=$(limit 30 "$COOP" exec --json -- /usr/bin/true "${args[@]}" 2>/dev/null)
like "more than 1 MiB of arguments is refused by name" "$got" \
	'"code":"(too_large|invalid_value)".*"field":"[a-z]'

# Both streams closed under a program that writes to both.
limit 30 "$COOP" exec --time 5s -- /usr/bin/bash -c 'yes | head -c 9999999' \
	>&- 2>&-
status=$?
ok "closed outputs do not make coop hang or crash" test "$status" -lt 126 -o \
	"$status" = 141

done_testing
