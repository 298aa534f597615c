#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# coop team check, new, and files and command lines that are wrong: every fault
# at once, with its JSON Pointer; nothing is started.
. tests/tap.sh
. tests/team/team.bash

team new
is "new: 0" "$STATUS" 0
cp "$TEST_TMP/out" "$TEST_TMP/pair.json"
team check "$TEST_TMP/pair.json"
is "what new prints passes check" "$STATUS" 0
like "parts are listed with their place" "$OUT" \
	"/config/participants/1/config/code_executor"
team check "$TEST_TMP/pair.json" --json
is "--json: a component a line" \
	"$(json 'sorted({(l["type"], l["state"]) for l in x if l["type"] == "Component"})' \
		"$TEST_TMP/out")" "[('Component', 'runs')]"
team check "$TEST_TMP/pair.json#/config/participants/0"
is "a part of a file passes by itself" "$STATUS" 0
team check "$TEST_TMP/pair.json#/config/termination_condition"
is "whatever part it is" "$STATUS" 0

# The pair with other parts: with_executor PROVIDER CONFIG
with_executor() {
	python3 -c 'import json, sys
team = json.load(open(sys.argv[1]))
team["config"]["participants"][1]["config"]["code_executor"] = {
	"provider": sys.argv[2], "config": json.loads(sys.argv[3])}
json.dump(team, open(sys.argv[4], "w"))' \
		"$TEST_TMP/pair.json" "$1" "$2" "$TEST_TMP/team.json"
}
local=autogen_ext.code_executors.local.LocalCommandLineCodeExecutor
docker=autogen_ext.code_executors.docker.DockerCommandLineCodeExecutor
at=/config/participants/1/config/code_executor

with_executor $local '{"timeout":30,"functions_module":"functions","cleanup_temp_files":true}'
team check "$TEST_TMP/team.json"
is "a local executor: 0" "$STATUS" 0
like "served by the jail" "$OUT" "LocalCommandLineCodeExecutor: served: runs in Coop's jail"
like "with a notice at its place" "$ERR" "notice: .*#$at: "
with_executor $docker '{"image":"python:3-slim","timeout":30,"auto_remove":true,
	"extra_volumes":{},"functions_module":"functions"}'
team check "$TEST_TMP/team.json"
is "a Docker executor: 0" "$STATUS" 0
with_executor $docker '{"extra_volumes":{"/a":{"bind":"/b"}},"init_command":"x","timeout":0}'
team check "$TEST_TMP/team.json"
is "what it cannot do: 125" "$STATUS" 125
like "volumes, with what to do instead" "$ERR" "#$at/config/extra_volumes: is not run yet. Try: --file"
like "and the command" "$ERR" "#$at/config/init_command: "
like "and the timeout, all at once" "$ERR" "#$at/config/timeout: "
with_executor coop.executors.JailCodeExecutor \
	'{"limits":{"memory":"lots","time":5,"procesess":3},"timeout":"500ms","profile":7}'
team check "$TEST_TMP/team.json"
is "limits that are none: 125" "$STATUS" 125
for key in limits/memory limits/time limits/procesess timeout profile; do
	like "$key is named" "$ERR" "#$at/config/$key: "
done
with_executor coop.executors.JailCodeExecutor \
	'{"limits":{"memory":"256M","cpu_time":5,"processes":32,"cpus":1.5},"timeout":"1.5m"}'
team check "$TEST_TMP/team.json"
is "limits that are right: 0" "$STATUS" 0
with_executor coop.executors.JailCodeExecutor '{"limits":{"memory":"900G"}}'
team check "$TEST_TMP/team.json"
is "a limit above the profile's ceiling: 125" "$STATUS" 125
like "names limit and place" "$ERR" "#$at/config: memory: "
team check "$TEST_TMP/team.json" --backend moon
is "a backend that does not exist: 125" "$STATUS" 125
like "names the known" "$ERR" "moon.*Try: jail"
with_executor autogen_ext.code_executors.jupyter.JupyterCodeExecutor '{}'
team check "$TEST_TMP/team.json"
is "a name of AutoGen's that is not run: 125" "$STATUS" 125
like "is never unknown" "$OUT" "JupyterCodeExecutor: not run: "
with_executor autogen_ext.code_executors.lokal.LocalCommandLineCodeExecuter '{}'
team check "$TEST_TMP/team.json" --json
is "a name nobody has: 125" "$STATUS" 125
is "is a fault on standard output too" \
	"$(json '[l["pointer"] for l in x if l["type"] == "Fault"]' "$TEST_TMP/out")" \
	"['$at/provider']"

# Files and command lines that are wrong.
bad() { # NAME PATTERN ARGS…
	local name=$1 pattern=$2
	shift 2
	team "$@"
	is "$name: 125" "$STATUS" 125
	like "$name: says why" "$ERR" "$pattern"
}
printf '{"a":' >"$TEST_TMP/cut.json"
printf '\xff\xfe{}' >"$TEST_TMP/binary.json"
head -c 20000000 /dev/zero | tr '\0' ' ' >"$TEST_TMP/big.json"
python3 -c 'print("[" * 3000 + "]" * 3000)' >"$TEST_TMP/deep.json"
printf '[]' >"$TEST_TMP/list.json"
bad "a missing file" "none.json: .*No such file" check "$TEST_TMP/none.json"
bad "a folder" "is a directory" check "$TEST_TMP"
bad "cut JSON" "cut.json: is no JSON: line 1" check "$TEST_TMP/cut.json"
bad "no text" "UTF-8" check "$TEST_TMP/binary.json"
bad "a huge file" "larger than 16 MiB" check "$TEST_TMP/big.json"
bad "deep JSON" "is no JSON" check "$TEST_TMP/deep.json"
bad "something else" "must be a component object" check "$TEST_TMP/list.json"
bad "a pointer to nowhere" "pair.json#/config/nothing: " \
	check "$TEST_TMP/pair.json#/config/nothing"
bad "a part that takes no task" "here stands one of type agent or team" \
	run "$TEST_TMP/pair.json#/config/termination_condition" --task x
bad "no file" "FILE is missing" check
bad "two files" "one word too many" check a b
bad "no task" "task is missing" run
bad "an empty task" "is empty" run --task "  "
bad "a task that is no text" "UTF-8" run --task $'\xff'
bad "an unknown option" "--taskk.*Try: --task" run --taskk x
bad "an unknown verb" "chek.*Try: coop team check" chek
bad "a time of nothing" "--time" run --task x --time 0
bad "a state that is none" "--state" run --task x --state "$TEST_TMP/list.json"
bad "a state that is missing, and no task" "does not exist" \
	run --state "$TEST_TMP/none.json"
bad "--input, which nobody reads yet" "--input" run --task x --input "$TEST_TMP/task"

done_testing
