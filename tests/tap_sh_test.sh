#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The shell harness: what must fail does fail, and nothing is left behind.
. tests/tap.sh

# Runs a script of these lines under the harness; $out and $status are set.
inner() {
	printf '. tests/tap.sh\n%s\n' "$1" >"$TEST_TMP/inner_test.sh"
	status=0
	out=$(CI=${2:-} bash "$TEST_TMP/inner_test.sh" 2>&1) || status=$?
}

inner 'ok good true; is same a a; like found "a 12" "[0-9]+"; done_testing'
is "all good: status" "$status" 0
is "all good: output" "$out" "ok 1 - good
ok 2 - same
ok 3 - found
1..3"

for line in 'ok x false' 'not_ok x true' 'is x a b' 'like x a b' \
	'unlike x a a'; do
	inner "$line; done_testing"
	is "fails: $line: status" "$status" 1
	like "fails: $line: output" "$out" '^not ok 1 - x'
done

inner 'ok x sh -c "echo why >&2; exit 5"; done_testing'
like "a failure shows what was said" "$out" '#   why'
like "a failure shows the exit status" "$out" 'exit status 5'

inner 'ok one true; exit 0'
unlike "a script that stops early has no plan" "$out" '1\.\.'

inner 'skip x "no reason"; done_testing'
is "a skip passes" "$out" "ok 1 - x # SKIP no reason
1..1"
inner 'skip x "no reason"; done_testing' true
is "a skip fails in CI" "$status" 1

inner 'echo "$TEST_TMP"; touch "$TEST_TMP/file"; done_testing'
not_ok "the directory is gone" test -e "${out%%$'\n'*}"

is "limit ends a program" "$(limit 1 sleep 60; echo $?)" 124
is "limit passes the exit status on" "$(limit 10 sh -c 'exit 7'; echo $?)" 7
is "a slow machine has more time" "$(COOP_TEST_SLOW=3 slow 20)" 60
is "on a slow machine limit ends a program later" \
	"$(COOP_TEST_SLOW=100 limit 1 sleep 1.5; echo $?)" 0

done_testing
