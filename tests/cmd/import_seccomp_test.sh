#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# libexec/coop/import-seccomp: what it writes where. What Docker's and podman's
# files mean is oci_profile_test's; a box of one is tests/profiles/imported_test.
. tests/tap.sh

tool=$COOP_BUILD/libexec/coop/import-seccomp
shapes=tests/executor/profile/oci
share=$TEST_TMP/share
cp -r "$COOP_BUILD/share/coop" "$share"

# import NAME FILE [OPTION…]: a profile from a file; what is lost in $lost
import() {
	local name=$1 file=$2
	shift 2
	lost=$("$tool" "$@" "$file" 2>&1 >"$share/profiles/$name.conf")
}

import podman $shapes/podman.json
like "says what no profile can allow" "$lost" 'hostile families[^:]*:.* mount, '
like "says what is allowed for less" "$lost" 'socket \(for unix, inet and inet6 only\)'
unlike "says nothing of what fits" "$lost" 'statx'
is "the profile says it too" \
	"$(grep -c '^# - refused: hostile' "$share/profiles/podman.conf")" 1
is "no line is over 100 columns" "$(grep -cE '.{101}' "$share/profiles/podman.conf")" 0
like "coop profiles lists it" "$("$COOP" profiles --share "$share" 2>&1)" \
	'podman +system calls of podman.json'

import moby $shapes/moby.json --inherit agent --summary "moby's own"
is "options" "$(grep -E '^(inherit|summary)' "$share/profiles/moby.conf" | paste -sd' ')" \
	"inherit = agent summary = moby's own inherit = no"
is "an old kernel" "$("$tool" --kernel 4.7 $shapes/moby.json 2>/dev/null | grep -cw pidfd_open)" 1
like "where a minimum does not hold" \
	"$("$tool" --kernel 4.7 $shapes/moby.json 2>/dev/null | grep -w pidfd_open)" '^eperm'
is "from standard input" "$("$tool" - <$shapes/moby.json 2>/dev/null | grep -v '^# Sys\|^summary')" \
	"$("$tool" $shapes/moby.json 2>/dev/null | grep -v '^# Sys\|^summary')"

# fails NAME PATTERN ARGUMENT…: exit status 1, nothing on standard output
fails() {
	local name=$1 pattern=$2 said
	shift 2
	said=$("$tool" "$@" 2>&1 >"$TEST_TMP/out" </dev/null)
	is "$name fails" $? 1
	like "$name says so" "$said" "$pattern"
	is "$name prints nothing" "$(cat "$TEST_TMP/out")" ''
}
echo '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_NO"}]}' \
	>"$TEST_TMP/bad.json"
echo '{"defaultAction": ' >"$TEST_TMP/cut.json"
head -c 1100000 /dev/zero >"$TEST_TMP/big.json"
fails "a wrong file" '^import-seccomp: /syscalls/0/action: "SCMP_ACT_NO" is no action' "$TEST_TMP/bad.json"
fails "no JSON" 'line 2' "$TEST_TMP/cut.json"
fails "a large file" 'large|limit|more than|over' "$TEST_TMP/big.json"
fails "no such file" 'there is no file' /nowhere.json
fails "no file" 'FILE is wanted'
fails "two files" 'FILE is wanted' a b
fails "another option" '--inherit' --inherits x $shapes/moby.json
fails "a parent with a slash" '--inherit' --inherit ../x $shapes/moby.json
fails "a summary of two lines" '--summary' --summary $'a\nb' $shapes/moby.json
fails "a bad kernel" '--kernel' --kernel new $shapes/moby.json
like "help" "$("$tool" --help)" '^usage: import-seccomp'

done_testing
