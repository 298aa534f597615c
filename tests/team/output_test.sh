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

# Four assistants as older dumps have them, on answers that the file replays.
python3 - "$TEST_TMP/four.json" <<'PYTHON'
import json, sys
model = {"provider": "autogen_ext.models.replay.ReplayChatCompletionClient",
	"component_type": "replay_chat_completion_client", "version": 1,
	"component_version": 1}
def assistant(name):
	return {"provider": "autogen_agentchat.agents.AssistantAgent",
		"component_type": "agent", "version": 1, "component_version": 1,
		"description": None, "label": "AssistantAgent",
		"config": {"name": name, "tools": [], "handoffs": [],
			"model_client": dict(model, config={
				"chat_completions": [name + " speaks", name + " again"]}),
			"model_context": {"provider": "autogen_core.model_context."
				"UnboundedChatCompletionContext", "config": {}},
			"description": "one of four", "system_message": "Speak.",
			"model_client_stream": False, "reflect_on_tool_use": False,
			"tool_call_summary_format": "{result}"}}
json.dump({"provider": "autogen_agentchat.teams.RoundRobinGroupChat",
	"component_type": "team", "version": 1, "component_version": 1,
	"config": {"participants": [assistant(n) for n in ("a", "b", "c", "d")],
		"termination_condition": {
			"provider": "autogen_agentchat.conditions.MaxMessageTermination",
			"component_type": "termination", "version": 1,
			"component_version": 1, "config": {"max_messages": 7}}}},
	open(sys.argv[1], "w"))
PYTHON
team run "$TEST_TMP/four.json" --task begin --json
is "four version-1 assistants on replayed answers: 0" "$STATUS" 0
is "speak in turn" "$(json '[m["content"] for m in x if m["type"] == "TextMessage"]' \
	"$TEST_TMP/out")" \
	"['begin', 'a speaks', 'b speaks', 'c speaks', 'd speaks', 'a again', 'b again']"

# On a terminal: colours for our lines, none of the model's control characters.
on_terminal() {
	replay_start '[{"reply":"\u001b[31mred\u009b31m\rover TERMINATE"}]'
	OUT=$(env TERM=xterm "$@" script -qec \
		"'$TEAM' run --task 2+2 --base-url $URL" /dev/null </dev/null 7>&-)
	replay_stop
}
on_terminal
like "a terminal gets colours" "$OUT" $'\e\\[1;36m---------- TextMessage'
like "control characters of a model are shown as such" "$OUT" "�\[31mred�31m�over"
on_terminal NO_COLOR=1
unlike "NO_COLOR is heeded" "$OUT" $'\e'

# Standard output that goes away ends the run instead of hanging it.
replay_start "$answer"
STATUS=$(limit 60 bash -c '"$0" run --task "2+2" --base-url "$1" 2>"$2" 7>&- |
	true; echo "${PIPESTATUS[0]}"' "$TEAM" "$URL" "$TEST_TMP/err")
like "a closed standard output is an error, not a hang" "$STATUS" "^(125|0)$"
replay_stop

done_testing
