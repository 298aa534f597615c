# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For the tests of profiles: one run, and what its report says.

# Runs coop with --json, the rest as given; sets report: run_json VERB ARGUMENT…
run_json() {
	local verb=$1
	shift
	report=$(limit 120 "$COOP" "$verb" --json "$@" 2>"$TEST_TMP/said" </dev/null) || true
}

# One value of $report: get KEY[.KEY…]; the report itself when it is none.
get() {
	printf '%s' "$report" | python3 -c '
import json, sys
text = sys.stdin.read()
try:
	at = json.loads(text)
	for key in sys.argv[1].split("."):
		at = at[key]
	print(at if isinstance(at, str) else json.dumps(at), end="")
except (ValueError, KeyError, TypeError):
	print(text[:4096])
' "$1"
}
