# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The harness of shell tests: source it, call ok, is, like …, and at the end
# done_testing. Results are TAP on standard output; why a test failed goes to
# standard error. A script that stops early has no plan, which prove reports.
#
#	. tests/tap.sh
#	ok "true succeeds" true
#	is "echo" "$(limit 10 echo a)" a
#	done_testing
#
# Sets: COOP_BUILD (default build/release, made absolute), COOP (the program),
# TEST_TMP (a directory that is removed at exit).

export LC_ALL=C.UTF-8

COOP_BUILD=$(realpath -m -- "${COOP_BUILD:-build/release}")
COOP=$COOP_BUILD/bin/coop
TEST_TMP=$(mktemp -d "${TMPDIR:-/tmp}/coop-test.XXXXXX") || exit 1
export COOP_BUILD COOP TEST_TMP

tap_count=0
tap_failed=0
tap_stem=$(basename -- "$0" .sh)

trap 'rm -rf -- "$TEST_TMP"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Reports one result: tap_result STATUS NAME
tap_result() {
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		printf 'ok %d - %s\n' "$tap_count" "$2"
		return 0
	fi
	tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' "$tap_count" "$2"
	printf '# failed test: %s (%s line %s)\n' "$2" "$0" \
		"${BASH_LINENO[1]}" >&2
	return 1
}

# Text as diagnostics: tap_show LABEL TEXT
tap_show() {
	printf '%s:\n%s\n' "$1" "$2" | head -c 4096 | sed 's/^/#   /' >&2
}

# ok NAME COMMAND…: passes when the command succeeds
ok() {
	local name=$1 status=0 said
	shift
	said=$("$@" 2>&1 </dev/null) || status=$?
	tap_result "$status" "$name" && return 0
	tap_show "$* (exit status $status)" "$said"
	return 0
}

# not_ok NAME COMMAND…: passes when the command fails (but not by time)
not_ok() {
	local name=$1 status=0 said
	shift
	said=$("$@" 2>&1 </dev/null) || status=$?
	tap_result $((status == 0)) "$name" && return 0
	tap_show "$* (exit status 0)" "$said"
	return 0
}

# is NAME GOT WANT: passes when both are the same text
is() {
	local same=1
	[ "$2" = "$3" ] && same=0
	tap_result "$same" "$1" && return 0
	tap_show "got" "$2"
	tap_show "want" "$3"
	return 0
}

# like NAME TEXT PATTERN: passes when the extended regular expression matches
like() {
	local found=1
	[[ $2 =~ $3 ]] && found=0
	tap_result "$found" "$1" && return 0
	tap_show "got" "$2"
	tap_show "does not match" "$3"
	return 0
}

# unlike NAME TEXT PATTERN: passes when it does not match
unlike() {
	local found=0
	[[ $2 =~ $3 ]] && found=1
	tap_result "$found" "$1" && return 0
	tap_show "got" "$2"
	tap_show "matches" "$3"
	return 0
}

# skip NAME WHY: counts as passed, except in CI when not in tests/allowed-skips
skip() {
	if [ "${CI:-}" = true ] &&
		! grep -qE "^$tap_stem([[:space:]]|\$)" tests/allowed-skips 2>/dev/null; then
		tap_result 1 "$1"
		printf '# a skip that tests/allowed-skips does not name: %s\n' "$2" >&2
		return 0
	fi
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

# note TEXT: a diagnostic line
note() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# slow NUMBER: prints it times COOP_TEST_SLOW (1 when not set), which says how
# much slower than usual this machine is: an emulated one
slow() {
	echo $(($1 * ${COOP_TEST_SLOW:-1}))
}

# limit SECONDS COMMAND…: runs a program, ends it (and its group) after SECONDS,
# more on a slow machine, with exit status 124
limit() {
	local seconds
	seconds=$(slow "$1")
	shift
	timeout --kill-after=5 "$seconds" "$@"
}

# The last line of every script: prints the plan; the exit status says failed.
done_testing() {
	printf '1..%d\n' "$tap_count"
	exit $((tap_failed > 0))
}
