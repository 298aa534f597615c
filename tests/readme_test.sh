#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# README.md tells the truth: its commands print what it says, its C example
# compiles against the installed headers' names and runs, its links lead
# somewhere, and it names every verb.
. tests/tap.sh

# block LANGUAGE: the text of the README's code blocks of that language
block() {
	awk -v start='^```'"$1"'$' '
		$0 ~ start { inside = 1; next }
		/^```$/ { inside = 0 }
		inside' README.md
}

# Commands are lines that start with "$ "; what follows is what they print.
# They name build/release, whatever build is tested.
command='' want=''
try() {
	if [ -n "$command" ]; then
		is "\$ $command" "$(limit 60 bash -c "${command//build\/release/$COOP_BUILD}" 2>&1 </dev/null)" \
			"${want%$'\n'}"
	fi
	command=$1 want=''
}
while IFS= read -r line; do
	case $line in
	'$ '*) try "${line#'$ '}" ;;
	*) want+=$line$'\n' ;;
	esac
done < <(block console)
try ''

sanitize=
case $(basename "$COOP_BUILD") in
*asan*) sanitize=-fsanitize=address,undefined ;;
esac
mkdir -p "$TEST_TMP/include/coop"
cp executor/include/executor.h "$TEST_TMP/include/coop/"
block c >"$TEST_TMP/example.c"
# shellcheck disable=SC2086  # none or one word
ok "the C example compiles" gcc $sanitize -Wall -Wextra -Werror -I "$TEST_TMP/include" \
	-o "$TEST_TMP/example" "$TEST_TMP/example.c" "$COOP_BUILD/lib/libcoop.a" \
	-lseccomp -lcap -lcjson -ldl -lpthread
export COOP_LIBEXEC=$COOP_BUILD/libexec/coop COOP_SHARE=$COOP_BUILD/share/coop
like "the README says what the example prints" "$(<README.md)" 'It prints `ok: 45`'
is "and that is what it prints" "$(limit 60 "$TEST_TMP/example" 2>&1)" 'ok: 45'

for page in README.md CONTRIBUTING.md {executor,agentlib,sandbox-profiles,tests}/README.md; do
	for link in $(grep -oE '\]\([^)#]+' "$page" | cut -c3- | grep -v '://'); do
		ok "$page: $link exists" test -e "$(dirname "$page")/$link"
	done
done

help=$("$COOP" --help 2>&1)
for verb in run exec plan doctor languages profiles; do
	like "the README names $verb" "$(<README.md)" "\`coop $verb"
	like "coop --help names $verb" "$help" "(^|[[:space:]])$verb([[:space:]]|\$)"
done

done_testing
