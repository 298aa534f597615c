#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What ends a run from outside while a model answers: Ctrl-C, SIGTERM, the time
# limit; and what SIGUSR1 shows. No program is run here.
. tests/tap.sh
. tests/team/team.bash

slow='[{"delay_ms":600000,"reply":"never"}]'

begin_slow() {
	replay_start "$slow"
	team_begin run --task "wait for it" --base-url "$URL" "$@"
	until_true 60 grep -q '"path"' "$REPLAY_LOG"
}

begin_slow --state "$TEST_TMP/state.json"
kill -INT "$team_pid"
team_end
is "Ctrl-C in the middle of a model call: 130" "$STATUS" 130
like "it says so" "$ERR" "coop: .*interrupted"
like "and has printed what there was" "$OUT" "wait for it"
ok "the request was given up" until_true 60 grep -q '"closed":true' "$REPLAY_LOG"
is "the state is written" \
	"$(json 'x[0]["agent_states"]["assistant"]["message_buffer"][0]["content"]' \
		"$TEST_TMP/state.json")" "wait for it"
replay_stop

# The state that was written goes on where it stopped.
replay_start '[{"expect":["wait for it"],"reply":"Done. TERMINATE"}]'
team run --state "$TEST_TMP/state.json" --base-url "$URL"
is "a run without a task goes on from the state" "$STATUS" 0
like "with the answer" "$OUT" "Done. TERMINATE"
replay_stop
is "the model was given the task again" "$?" 0

begin_slow
kill -TERM "$team_pid"
team_end
is "SIGTERM: 130" "$STATUS" 130
replay_stop

begin_slow --json
kill -USR1 "$team_pid"
until_true 60 grep -q 'fibers' "$TEST_TMP/err"
like "SIGUSR1 lists the fibers" "$(cat "$TEST_TMP/err")" "team"
kill -INT "$team_pid"
team_end
is "it went on until it was cancelled" "$STATUS" 130
is "--json ends with the result and why" \
	"$(json '[x[-1]["type"], x[-1]["stop_reason"], x[-1]["error"]["code"]]' \
		"$TEST_TMP/out")" "['TaskResult', None, 'cancelled']"
replay_stop

replay_start "$slow"
team run --task "wait for it" --base-url "$URL" --time 700ms
is "--time ends it with 124" "$STATUS" 124
like "and shows what each fiber waits for" "$ERR" "fibers"
like "and says why" "$ERR" "time limit"
replay_stop

# Nobody reads the output, so the loop is stuck in a write: the first signal
# cannot be heeded, the second ends the process.
replay_start "[{\"reply\":\"$(head -c 300000 /dev/zero | tr '\0' x)\"}]"
mkfifo "$TEST_TMP/unread"
"$TEAM" run --task x --base-url "$URL" --max-turns 1 >"$TEST_TMP/unread" \
	2>"$TEST_TMP/err" </dev/null 7>&- &
team_pid=$!
exec 8<"$TEST_TMP/unread"
until_true 60 grep -q pipe_write "/proc/$team_pid/wchan" ||
	until_true 60 grep -q '"path"' "$REPLAY_LOG"
: >"$TEST_TMP/out"
kill -INT "$team_pid"
kill -TERM "$team_pid"
team_end
exec 8<&-
is "the second signal ends even a stuck process: 130" "$STATUS" 130
replay_stop

done_testing
