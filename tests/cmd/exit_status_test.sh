#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every exit status of run and exec, provoked for real, and the status word that
# goes with it.
. tests/tap.sh
cd "$TEST_TMP" || exit 1

# until_true COMMAND…: waits for an event; the bound is for broken programs
until_true() {
	for _ in {1..1200}; do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.05
	done
	return 1
}

# try NAME EXIT STATUS-WORD ARGUMENTS…
try() {
	local name=$1 want=$2 word=$3 got json
	shift 3
	"$COOP" "$@" >"$TEST_TMP/out" 2>"$TEST_TMP/err" </dev/null
	got=$?
	is "$name: exit $want" $got "$want"
	json=$("$COOP" "${1}" --json "${@:2}" 2>/dev/null </dev/null)
	like "$name: $word" "$json" "^\{\"id\":\"[a-z0-9]{20}\",\"status\":\"$word\""
}

try "ends well" 0 ok exec -- true
try "fails" 3 failed exec -- bash -c 'exit 3'
try "dies by a signal" 139 signaled exec -- bash -c 'kill -SEGV $$'
try "kills itself by SIGKILL: only a signal" 137 signaled \
	exec -- bash -c 'kill -KILL $$'
try "time" 124 time_limit exec --time "$(slow 300)ms" -- sleep 30
like "a line about it" "$(cat err)" '^coop: time_limit: ended after (300ms|[0-9.]+s)$'
try "time, ignoring every signal" 124 time_limit exec --time "$(slow 300)ms" -- \
	bash -c 'trap "" TERM INT HUP; while :; do sleep 1; done'
try "time, stopped" 124 time_limit exec --time "$(slow 300)ms" \
	-- bash -c 'kill -STOP $$'
try "cpu time" 124 cpu_limit exec --cpu-time 200ms -- \
	bash -c 'while :; do :; done'
if "$COOP" exec --json -- true | grep -q '"cgroup.memory"'; then
	# no group here: each process is refused more than that
	try "memory of a process" 1 failed exec --memory 48M -- \
		/usr/bin/python3 -c 'x = bytearray(1 << 30)'
else
	try "memory" 137 memory_limit exec --memory 48M -- \
		/usr/bin/python3 -c 'x = bytearray(1 << 30)'
	like "a line about it" "$(cat err)" \
		'^coop: memory_limit: needed more than 48M$'
	try "memory of a child" 137 memory_limit exec --memory 48M -- \
		bash -c '/usr/bin/python3 -c "x = bytearray(1 << 30)"'
fi

# fail NAME EXIT PATTERN ARGUMENTS…: ends before the program's first instruction
fail() {
	local name=$1 want=$2 pattern=$3 got
	shift 3
	"$COOP" "$@" >"$TEST_TMP/out" 2>"$TEST_TMP/err" </dev/null
	got=$?
	is "$name: exit $want" $got "$want"
	like "$name: why" "$(cat "$TEST_TMP/err")" "^coop: $pattern"
}

fail "not found" 127 'command: ' exec -- no-such-program
fail "no such path" 127 'command: ' exec -- /usr/bin/no-such-program
fail "found but no program" 126 'command: ' exec -- /etc/passwd
fail "a folder" 126 'command: ' exec -- /usr
fail "usage" 125 '--nonsense: ' exec --nonsense -- true
out=$("$COOP" exec --json -- no-such-program 2>/dev/null)
like "an error as JSON" "$out" '^\{"error":\{"code":"not_found","message":'

# The time limit is wall time of the whole tree, not of the first process.
# What holds it would sleep for ever: that coop ends at all is the proof.
limit 300 "$COOP" exec --time 10m -- bash -c 'sleep 9999 & echo started' >out
is "a grandchild that holds the pipe: exit status" $? 0
is "a grandchild that holds the pipe: output" "$(cat out)" started
limit 300 "$COOP" exec --time 10m -- \
	bash -c 'setsid setsid sleep 9999 >/dev/null & disown; exit 5'
is "a daemon ends with its box: exit status" $? 5

out=$("$COOP" exec --quiet --time "$(slow 200)ms" -- sleep 30 2>&1)
is "--quiet says nothing" "$out" ""
out=$("$COOP" exec --json --time "$(slow 2)s" -- bash -c 'echo kept; sleep 9999')
like "what was written before the limit is kept" "$out" '"stdout":"kept\\n"'
like "the reason is named" "$out" '"reasons":\["time_limit"\]'

# Output over its limit: drained, head and tail kept, the program's own status.
"$COOP" exec --json --output 4K -- bash -c 'seq 100000; exit 3' >out
is "a flood does not change the status" $? 3
like "the marker" "$(cat out)" '\\n\[coop: [0-9]+ bytes omitted\]\\n'
like "the head" "$(cat out)" '"stdout":"1\\n2\\n3\\n'
like "the tail" "$(cat out)" '99999\\n100000\\n","stderr"'
like "truncated" "$(cat out)" '"stdout_truncated":true,"stderr_truncated":false'
like "among the reasons" "$(cat out)" '"reasons":\["output_limit"\]'
ok "both streams at once do not block" "$COOP" exec --output 64K -- \
	bash -c 'for i in {1..3000}; do echo $i$i$i$i$i; echo $i$i$i$i$i >&2; done'
# Into a file of its own: what an earlier run left says nothing of this one.
"$COOP" exec --time 10m --output 1K -- yes >flood 2>err &
pid=$!
until_true grep -q y flood
kill -INT $pid
wait $pid
is "Ctrl-C during a flood: exit 130" $? 130
ok "the flood is bounded" [ "$(stat -c %s flood)" -lt 2000 ]

# Output comes as it is written.
"$COOP" exec --time 10m -- bash -c 'echo first; sleep 9999' >live &
pid=$!
until_true grep -q first live
is "output comes while the program runs" "$(cat live)" first
kill -INT $pid
wait $pid
"$COOP" exec -- echo lost >/dev/full 2>err
is "output that cannot be written: exit 125" $? 125
like "output that cannot be written: why" "$(cat err)" '^coop: cannot write.*No space'
"$COOP" exec -- bash -c 'yes' 2>/dev/null | head -1 >out
is "a reader that goes away ends it" "$(cat out)" y

# A profile may say that a flood ends the program.
cp -r "$COOP_BUILD/share/coop" share
cat >share/profiles/strict.conf <<'END'
version = 1
[profile]
inherit = default
summary = output over the limit ends the program
output_over = kill
END
COOP_SHARE=$PWD/share try "output_over = kill" 124 output_limit \
	exec --profile strict --output 4K -- yes

# Interrupted: once cancels, and what there is comes out.
sleeper=97$$$RANDOM
"$COOP" exec --json --time 10m -- bash -c 'echo begun; sleep "$0"' $sleeper >out &
pid=$!
# its output comes at the end only; it sleeps after it has written
until_true pgrep -fx "sleep $sleeper"
kill -INT $pid
wait $pid
is "SIGINT: exit 130" $? 130
like "SIGINT: status" "$(cat out)" '"status":"cancelled"'
like "SIGINT: what there was" "$(cat out)" '"stdout":"begun\\n"'
done_testing
