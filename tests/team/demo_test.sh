#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The demo is a test: it passes, it leaves nothing behind, and it fails when the
# traceback did not come or the answer is wrong.
. tests/tap.sh
. tests/team/team.bash

export TMPDIR=$TEST_TMP/tmp
mkdir "$TMPDIR"
unset LIVE OPENAI_API_KEY

demo() {
	STATUS=0
	DEMO_DIR=$1 limit 300 scripts/demo "$COOP_BUILD" >"$TEST_TMP/out" \
		2>"$TEST_TMP/err" </dev/null || STATUS=$?
	OUT=$(cat "$TEST_TMP/out")
	ERR=$(cat "$TEST_TMP/err")
}

# changed SED: a copy of the demo's data with its recording changed
changed() {
	rm -rf "$TEST_TMP/data"
	cp -r tests/demo "$TEST_TMP/data"
	sed -i "$1" "$TEST_TMP/data/recording.json"
}

demo tests/demo
is "it passes" "$STATUS" 0
like "says that it plays a recording" "$OUT" "plays a recording: no model is asked"
like "shows the jail's traceback" "$OUT" \
	"File \"/workspace/tmp_code_[0-9a-f]{64}.py\", line 7, in <module>"
like "says that the answer is right" "$OUT" "answer is right: /downloads/catalog.zip 7340032"
is "leaves no file" "$(ls -A "$TMPDIR")" ""
not_ok "leaves no server" running "replay_server_prog tests/demo/recording.json"

# The traceback that the recording asks for is another one than the jail gives.
changed 's/line 7, in <module>/line 8, in <module>/'
demo "$TEST_TMP/data"
is "without the expected traceback it fails" "$STATUS" 1
like "loudly" "$ERR" "demo: FAILED"
unlike "and does not claim success" "$OUT" "answer is right"
not_ok "its server is gone" running "replay_server_prog $TEST_TMP/data"

# The first program is not wrong at all: no traceback goes back.
changed 's/int(fields\[9\])/1/'
demo "$TEST_TMP/data"
is "without a bug it fails" "$STATUS" 1

# The last message gives another answer than awk's.
changed 's/ANSWER: \/downloads\/catalog.zip 7340032\\n\\nTERMINATE/ANSWER: \/x 1\\n\\nTERMINATE/'
demo "$TEST_TMP/data"
is "a wrong answer fails it" "$STATUS" 1
like "with the right one" "$ERR" "is not the right one, which is: /downloads/catalog.zip 7340032"
is "nothing is left behind" "$(ls -A "$TMPDIR")" ""

STATUS=0
LIVE=1 limit 60 scripts/demo "$COOP_BUILD" >"$TEST_TMP/out" 2>"$TEST_TMP/err" || STATUS=$?
is "LIVE=1 without a key fails" "$STATUS" 1
like "and says what it needs" "$(cat "$TEST_TMP/err")" "OPENAI_API_KEY"

# LIVE=1 asks what the environment names, and says so before the first request.
replay_start "$(cat tests/demo/recording.json)"
STATUS=0
LIVE=1 OPENAI_API_KEY=k OPENAI_BASE_URL=$URL COOP_MODEL=some-model \
	limit 300 scripts/demo "$COOP_BUILD" >"$TEST_TMP/out" 2>"$TEST_TMP/err" \
	7>&- || STATUS=$?
replay_stop
is "LIVE=1 with a model" "$STATUS" 0
like "says which first" "$(head -n 1 "$TEST_TMP/out")" "asks the model some-model at $URL"
is "and asks that one" "$(json 'x[0]["body"]["model"]' "$REPLAY_LOG")" some-model

done_testing
