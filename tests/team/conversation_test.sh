#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The loop, over real HTTP and in a real jail: code, traceback, better code;
# files both ways; what ends it while a program runs; executors of AutoGen's.
. tests/tap.sh
. tests/team/team.bash

bug=$(block python $'import sys\nprint("to stdout")\nprint("to stderr", file=sys.stderr)\nvalue = int("seven")')
fix=$(block python $'print("answer", 6 * 7)')

replay_start "[
	{\"expect\":[\"what is it\"],\"forbid\":[\"Traceback\"],\"reply\":$bug},
	{\"expect\":[\"to stdout\\nto stderr\\nTraceback (most recent call last):\",
		\"line 4, in <module>\",
		\"ValueError: invalid literal for int() with base 10: 'seven'\",
		\"POSIX exit code: 1\"],\"reply\":$fix},
	{\"expect\":[\"answer 42\"],\"reply\":\"It is 42. TERMINATE\"}]"
team run --task "what is it" --base-url "$URL" --json
replay_stop
is "each request held what the jail had said" "$?" 0
is "the team stopped by itself" "$STATUS" 0
is "speakers in turn" \
	"$(json '[m["source"] for m in x if m["type"] == "TextMessage"]' "$TEST_TMP/out")" \
	"['user', 'assistant', 'terminal', 'assistant', 'terminal', 'assistant']"
is "exit codes of the programs" \
	"$(json '[m["result"]["exit_code"] for m in x if m["type"] == "CodeExecutionEvent"]' \
		"$TEST_TMP/out")" "[1, 0]"

# Files in, files out, and the console names them.
mkdir "$TEST_TMP/in"
printf 'one two three\n' >"$TEST_TMP/in/words.txt"
replay_start "[
	{\"reply\":$(block sh $'wc -w <in/words.txt >count.txt; cat count.txt')},
	{\"expect\":[\"3\"],\"reply\":\"TERMINATE\"}]"
team run --task count --base-url "$URL" --file "$TEST_TMP/in" --collect "$TEST_TMP/made"
replay_stop
is "a folder goes in" "$STATUS" 0
is "what was made comes out" "$(cat "$TEST_TMP/made/count.txt")" 3
is "and nothing else" "$(ls -A "$TEST_TMP/made")" count.txt
like "the console names it" "$OUT" "files: count.txt \(2\)"
unlike "and does not say the output twice" "$OUT" "TextMessage \(terminal\)"

replay_start "[{\"reply\":$(block sh 'mkdir d; echo x >d/f')},{\"reply\":\"TERMINATE\"}]"
team run --task make --base-url "$URL" --json
replay_stop
is "the event names what was made, also when nothing is collected" \
	"$(json '[m["files"] for m in x if m["type"] == "CodeExecutionEvent"]' \
		"$TEST_TMP/out")" "[[{'path': 'd/f', 'size': 2}]]"

# --file that cannot be: before any program, Coop's own error.
replay_start "[{\"reply\":$fix}]"
team run --task x --base-url "$URL" --file "$TEST_TMP/none.txt"
replay_stop
is "a missing --file: 125" "$STATUS" 125
like "is named" "$ERR" "--file: .*none.txt"
is "before any model was asked" "$(cat "$REPLAY_LOG")" ""

# Ctrl-C and --time while a program runs: it is dead when the team is.
mark=8$(printf '%07d' $$)
endless=$(block sh "sleep $mark & echo begun; sleep $mark")
begin_endless() {
	replay_start "[{\"reply\":$endless}]"
	team_begin run --task x --base-url "$URL" "$@"
	until_true 60 running "sleep $mark"
}
begin_endless --state "$TEST_TMP/state.json"
kill -INT "$team_pid"
team_end
is "Ctrl-C while a program runs: 130" "$STATUS" 130
not_ok "the program is dead" running "sleep $mark"
ok "the state is written" test -s "$TEST_TMP/state.json"
replay_stop

begin_endless
kill -KILL "$team_pid"
team_end
ok "kill -9 of the team: the program dies with it" \
	until_true 30 eval "! running 'sleep $mark'"
replay_stop

replay_start "[{\"reply\":$endless}]"
team run --task x --base-url "$URL" --time 5s
replay_stop
is "--time while a program runs: 124" "$STATUS" 124
like "the dump says what it waits for" "$ERR" "program in the jail"
not_ok "the program is dead" running "sleep $mark"

# A team file of AutoGen's: its local executor is served by the jail, its
# work_dir is read and written.
mkdir "$TEST_TMP/work"
printf 'seed\n' >"$TEST_TMP/work/seed.txt"
"$TEAM" new | python3 -c 'import json, sys
team = json.load(sys.stdin)
team["config"]["participants"][1]["config"]["code_executor"] = {
	"provider": "autogen_ext.code_executors.local.LocalCommandLineCodeExecutor",
	"component_type": "code_executor", "version": 1, "component_version": 1,
	"config": {"timeout": 2, "work_dir": sys.argv[1],
		"functions_module": "functions", "cleanup_temp_files": True}}
json.dump({"teams": [team]}, sys.stdout)' "$TEST_TMP/work" >"$TEST_TMP/gallery.json"
replay_start "[
	{\"reply\":$(block python $'# filename: tools/up.py\nprint(open("seed.txt").read().upper())')},
	{\"expect\":[\"SEED\"],
		\"reply\":$(block sh 'echo grown >>seed.txt; echo waiting; sleep 600')},
	{\"expect\":[\"waiting\\n\\nTimeout\",\"POSIX exit code: 124\"],
		\"reply\":\"TERMINATE\"}]"
team run "$TEST_TMP/gallery.json#/teams/0" --task x --base-url "$URL"
replay_stop
is "a team inside a gallery, with a local executor" "$? $STATUS" "0 0"
like "served by the jail, which is said" "$ERR" "notice: .*#/teams/0.*Coop's jail"
is "files come back, also of a block that ran into its time" \
	"$(cat "$TEST_TMP/work/seed.txt")" $'seed\ngrown'
ok "and the block's own file, by its name" test -s "$TEST_TMP/work/tools/up.py"
is "temporary ones do not" "$(ls "$TEST_TMP/work")" $'seed.txt\ntools'

replay_start "[{\"reply\":$fix}]"
team run --task x --base-url "$URL" --profile nosuch
replay_stop
is "an unknown profile: 125" "$STATUS" 125
like "is named, with the known" "$ERR" "nosuch.*Try: one of agent"
is "before any model was asked" "$(cat "$REPLAY_LOG")" ""

# Through coop itself.
replay_start '[{"reply":"TERMINATE"}]'
STATUS=0
OUT=$(limit 60 "$COOP" team run --task x --base-url "$URL" -q 7>&- 2>&1) || STATUS=$?
replay_stop
is "coop team reaches it" "$STATUS $OUT" "0 TERMINATE"

done_testing
