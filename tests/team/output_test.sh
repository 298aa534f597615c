#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What coop team prints and how it ends, without running programs: Console,
# --json, --quiet, exit statuses of models that fail.
. tests/tap.sh
. tests/team/team.bash

answer='[{"expect":["2+2"],"reply":"It is 4, so TERMINATE"}]'

replay_start "$answer"
team run --task "2+2" --base-url "$URL"
is "the team stopped by itself: 0" "$STATUS" 0
is "Console prints each message once, chunks as they come" "$OUT" \
"---------- TextMessage (user) ----------
2+2
---------- ModelClientStreamingChunkEvent (assistant) ----------
It is 4, so TERMINATE"
is "the stop reason is the last line of standard error" \
	"$(tail -n 1 "$TEST_TMP/err")" "coop: stopped: Text 'TERMINATE' mentioned"
is "the key went along as the vendor wants it" \
	"$(json 'x[0]["headers"]["authorization"]' "$REPLAY_LOG")" "Bearer test-key"
replay_stop

replay_start "$answer"
team run --task "2+2" --base-url "$URL" --json --model other-model
is "--json: 0" "$STATUS" 0
is "types of the lines, notice first and result last" \
	"$(json '[x[0]["type"], x[-2]["type"], x[-1]["type"]]' "$TEST_TMP/out")" \
	"['Notice', 'TextMessage', 'TaskResult']"
is "the result: reason, messages, tokens" \
	"$(json '[x[-1]["stop_reason"], x[-1]["messages"],
		x[-1]["usage"]["completion_tokens"], x[-1]["error"]]' "$TEST_TMP/out")" \
	'["Text '\''TERMINATE'\'' mentioned", 2, 5, None]'
is "--model is what was asked for" \
	"$(json 'x[0]["body"]["model"]' "$REPLAY_LOG")" other-model
replay_stop

replay_start "$answer"
team run --task "2+2" --base-url "$URL" --quiet
is "--quiet: only the last text" "$OUT" "It is 4, so TERMINATE"
replay_stop

replay_start "$answer"
printf '2+2\n' >"$TEST_TMP/task"
STATUS=0
limit 60 "$TEAM" run --task - --base-url "$URL" -q <"$TEST_TMP/task" \
	>"$TEST_TMP/out" 2>"$TEST_TMP/err" 7>&- || STATUS=$?
is "--task - reads standard input" "$STATUS $(cat "$TEST_TMP/out")" \
	"0 It is 4, so TERMINATE"
replay_stop

replay_start '[{"reply":"one"},{"reply":"two"},{"reply":"three"}]'
team run --task "go on" --base-url "$URL" --max-turns 2
is "--max-turns ends it: 0" "$STATUS" 0
like "with AutoGen's reason" "$ERR" "Maximum number of turns 2 reached"
replay_stop

replay_start '[{"status":401,"body":{"error":{"message":"bad key"}}}]'
team run --task "2+2" --base-url "$URL"
is "a model that refuses: 1" "$STATUS" 1
like "in the model's words" "$ERR" "bad key"
like "with what came before" "$OUT" "2\+2"
replay_stop

team run --task "2+2" --base-url http://127.0.0.1:1/v1 --json
is "nobody listens: 1" "$STATUS" 1
is "the result says so" \
	"$(json 'x[-1]["error"]["code"]' "$TEST_TMP/out")" unavailable

# Standard output that goes away ends the run instead of hanging it.
replay_start "$answer"
STATUS=$(limit 60 bash -c '"$0" run --task "2+2" --base-url "$1" 2>"$2" 7>&- |
	true; echo "${PIPESTATUS[0]}"' "$TEAM" "$URL" "$TEST_TMP/err")
like "a closed standard output is an error, not a hang" "$STATUS" "^(125|0)$"
replay_stop

done_testing
