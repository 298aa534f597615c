# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# For the end-to-end tests of coop team: source it after tests/tap.sh. Plays
# recordings over real HTTP, runs teams beside the test, waits for events.

TEAM=$COOP_BUILD/libexec/coop/coop-team
REPLAY=$COOP_BUILD/tests/support/replay_server_prog
export OPENAI_API_KEY=test-key
unset OPENAI_BASE_URL OPENAI_ORG_ID OPENAI_PROJECT_ID COOP_MODEL NO_COLOR

replay_pid=
team_pid=
trap 'team_cleanup; rm -rf -- "$TEST_TMP"' EXIT

team_cleanup() {
	[ -z "$team_pid" ] || kill -KILL "$team_pid" 2>/dev/null
	[ -z "$replay_pid" ] || kill "$replay_pid" 2>/dev/null
	:
}

# until_true SECONDS COMMAND…: waits until the command succeeds; the time is
# only a bound for broken programs.
until_true() {
	local left=$(($1 * 20))
	shift
	until "$@" >/dev/null 2>&1; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || return 1
		sleep 0.05
	done
}

# replay_start JSON: plays a recording; sets URL and REPLAY_LOG
replay_start() {
	printf '%s\n' "$1" >"$TEST_TMP/recording.json"
	REPLAY_LOG=$TEST_TMP/requests
	: >"$REPLAY_LOG"
	rm -f "$TEST_TMP/hold" "$TEST_TMP/port"
	mkfifo "$TEST_TMP/hold"
	"$REPLAY" "$TEST_TMP/recording.json" --log "$REPLAY_LOG" \
		<"$TEST_TMP/hold" >"$TEST_TMP/port" 2>"$TEST_TMP/replay.err" &
	replay_pid=$!
	exec 7>"$TEST_TMP/hold"
	until_true 60 grep -q '^listening ' "$TEST_TMP/port"
	URL=http://127.0.0.1:$(sed -n 's/^listening //p' "$TEST_TMP/port")/v1
}

# Ends it; status 1 when a request was not the expected one.
replay_stop() {
	local status=0
	exec 7>&-
	wait "$replay_pid" || status=$?
	replay_pid=
	return "$status"
}

# team ARGS…: runs coop-team; sets STATUS, OUT, ERR
team() {
	STATUS=0
	limit 120 "$TEAM" "$@" >"$TEST_TMP/out" 2>"$TEST_TMP/err" \
		</dev/null 7>&- || STATUS=$?
	OUT=$(cat "$TEST_TMP/out")
	ERR=$(cat "$TEST_TMP/err")
}

# The same beside the test; then team_end collects it.
team_begin() {
	"$TEAM" "$@" >"$TEST_TMP/out" 2>"$TEST_TMP/err" </dev/null 7>&- &
	team_pid=$!
}

team_end() {
	STATUS=0
	until_true 60 team_gone || kill -KILL "$team_pid"
	wait "$team_pid" 2>/dev/null || STATUS=$?
	team_pid=
	OUT=$(cat "$TEST_TMP/out")
	ERR=$(cat "$TEST_TMP/err")
}

team_gone() {
	! kill -0 "$team_pid" 2>/dev/null ||
		grep -q '^State:[[:space:]]*Z' "/proc/$team_pid/status"
}

# Processes whose command line holds a text that only this test uses.
running() {
	pgrep -f -- "$1"
}

# A block of a language as the text of a JSON string: block LANGUAGE CODE
block() {
	local text=$'Here it is.\n\n```'"$1"$'\n'"$2"$'\n```\n'
	text=${text//\\/\\\\}
	text=${text//\"/\\\"}
	text=${text//$'\n'/\\n}
	text=${text//$'\t'/\\t}
	printf '"%s"' "$text"
}

# json EXPRESSION FILE: python on the parsed lines (x) of a file
json() {
	python3 -c 'import json, sys
x = [json.loads(line) for line in open(sys.argv[2])]
print(eval(sys.argv[1]))' "$1" "$2"
}
