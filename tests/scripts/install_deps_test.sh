#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# scripts/install-deps on machines that lack something: a PATH without the
# programs, and an apt-get that only writes down what it was asked.
. tests/tap.sh

bin=$TEST_TMP/bin
asked=$TEST_TMP/asked
mkdir "$bin"
for program in sh id mktemp tail rm; do
	ln -s "$(command -v $program)" "$bin/$program"
done

# machine ID APT-FAILURES: who runs it, how often apt-get fails first
machine() {
	rm -f "$bin/id" "$asked"
	printf '#!/bin/sh\n[ "$1" = -u ] && echo %s || echo somebody\n' "$1" >"$bin/id"
	: >"$asked"
	cat >"$bin/apt-get" <<-END
		#!/bin/sh
		echo "\$*" >>$asked
		n=0
		while read -r line; do n=\$((n + 1)); done <$asked
		[ \$n -gt $2 ] || { echo "E: no such luck" >&2; exit 100; }
	END
	chmod +x "$bin/id" "$bin/apt-get"
}

# deps ARGUMENT…: output of the script there, its status last
deps() {
	local status=0
	PATH=$bin TMPDIR=$TEST_TMP scripts/install-deps "$@" 2>&1 || status=$?
	echo "status $status"
}

is "nothing is missing here: silent" "$(scripts/install-deps build test 2>&1)" ''

machine 0 0
said=$(deps test)
like "root: names what it installs" "$said" 'installing.* openssl'
like "root: succeeds" "$said" 'status 0'
like "root: by package name, no prompts" "$(<"$asked")" '^install -y --no-install-recommends perl .*openssl'
is "root: once" "$(wc -l <"$asked")" 1
unlike "what is there is left alone" "$(<"$asked")" 'libseccomp|nodejs'

machine 0 1
said=$(deps test)
like "old package lists: succeeds" "$said" 'status 0'
like "old package lists: are refreshed" "$(<"$asked")" $'\nupdate\ninstall'

machine 0 9
said=$(deps test)
like "apt fails: fails" "$said" 'status 1'
like "apt fails: shows why" "$said" 'E: no such luck'
like "apt fails: says what to do" "$said" 'Try, as root: apt-get update && apt-get install -y .*openssl'

machine 1000 0
said=$(deps test)
like "not root: fails" "$said" 'status 1'
like "not root: says so and what to do" "$said" 'user somebody.*Try, as root: apt-get.*openssl'
is "not root: touches nothing" "$(<"$asked")" ''

machine 0 0
rm "$bin/apt-get"
said=$(deps test)
like "no apt: fails and says what to do" "$said" 'no apt-get.*Try, as root.*status 1'

machine 0 0
said=$(deps --check test)
like "--check: fails and names it" "$said" 'not installed:.*openssl.*status 1'
is "--check: touches nothing" "$(<"$asked")" ''

like "an unknown group is an error that names the known" "$(deps tset)" \
	"'tset' is not known.*build test lint fuzz demo.*status 2"

# what languages need stands in their files, here in ones of a tree of our own
mkdir -p "$TEST_TMP/scripts" "$TEST_TMP/sandbox-profiles/languages"
ln -s "$PWD/scripts/install-deps" "$TEST_TMP/scripts/install-deps"
language() {
	printf 'package = %s\n[compile]\nargv = %s {file}\n[run]\nargv = %s {out}\n' \
		"$2" "$3" "$4" >"$TEST_TMP/sandbox-profiles/languages/$1.conf"
}
language there there /bin/sh ./program
language algol algol68 /nowhere/algol ./program
language snobol "snobol-compiler snobol" /bin/sh /nowhere/snobol
languages() {
	local status=0
	machine 0 0
	PATH=$bin TMPDIR=$TEST_TMP "$TEST_TMP/scripts/install-deps" "$@" 2>&1 || status=$?
	echo "status $status"
}
is "a language that is there: silent" "$(languages --languages there)" "status 0"
like "one that is not" "$(languages --languages there algol)" 'installing algol68.status 0'
is "by its package" "$(<"$asked")" "install -y --no-install-recommends algol68"
like "all: a missing interpreter is found, too" "$(languages --languages all)" \
	'installing algol68 snobol-compiler snobol.status 0'
like "--check only looks" "$(languages --check --languages algol)" \
	'not installed: algol68.*status 1'
like "an unknown language is an error" "$(languages --languages cobol)" \
	"'cobol' is not known.*status 2"

done_testing
