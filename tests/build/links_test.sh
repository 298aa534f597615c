#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the programs load and what the libraries show. Every library that coop
# loads is paid for at every start; every symbol that a library shows is a
# promise.
. tests/tap.sh

# Libraries a program names, without the C library's and the sanitizers'.
needed() {
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
		grep -vE '^(libc\.so|ld-linux|libasan|libubsan)' | sort | paste -sd' '
}

# Names a library shows under version node $2.
exported() {
	readelf --dyn-syms -W "$1" | awk -v node="@@$2" \
		'$7 != "UND" && index($8, node) { sub(/@.*/, "", $8); print $8 }' | sort
}

# Functions that a door's header declares.
declared() {
	gcc -E -P -I. -include "$1" -xc /dev/null | grep -oE '\bcoop_[a-z0-9_]+ ?\(' | tr -d ' (' | sort -u
}

is "coop loads nothing but the C library and at most libseccomp" \
	"$(needed "$COOP" | sed 's,libseccomp\.so\.2,,')" ''
unlike "coop-team starts without libcurl" "$(needed "$COOP_BUILD/libexec/coop/coop-team")" curl
unlike "the broker parses no JSON" "$(needed "$COOP_BUILD/libexec/coop/broker")" 'cjson|curl'

for program in bin/coop libexec/coop/broker libexec/coop/coop-team; do
	headers=$(readelf -lW "$COOP_BUILD/$program")
	flags=$(readelf -d "$COOP_BUILD/$program")
	like "$program is position independent" "$flags" 'FLAGS_1.*PIE'
	like "$program is bound at start" "$flags" 'FLAGS_1.*NOW'
	like "$program has RELRO" "$headers" GNU_RELRO
	unlike "$program has no executable stack" "$headers" 'GNU_STACK.*RWE'
done

lib=$COOP_BUILD/lib
like "libcoop has a soname" "$(readelf -d "$lib/libcoop.so.0")" 'SONAME.*\[libcoop\.so\.0\]'
like "libcoop-agents has a soname" "$(readelf -d "$lib/libcoop-agents.so.0")" \
	'SONAME.*\[libcoop-agents\.so\.0\]'
like "libcoop-agents loads libcoop" "$(needed "$lib/libcoop-agents.so.0")" 'libcoop\.so\.0'
is "libcoop shows its door, all of it and no more" \
	"$(exported "$lib/libcoop.so.0" COOP_0)" "$(declared executor/include/executor.h)"
is "libcoop-agents shows its door, all of it and no more" \
	"$(exported "$lib/libcoop-agents.so.0" COOP_AGENTS_0)" \
	"$(comm -13 <(declared executor/include/executor.h) <(declared agentlib/include/agentlib.h))"
private=$(exported "$lib/libcoop.so.0" COOP_PRIVATE_0.1.0)
like "libcoop shares base/ with libcoop-agents" "$private" '(^|[[:space:]])err_set([[:space:]]|$)'
unlike "libcoop shares nothing above net/" "$private" '(broker|plan|verdict|backend|profile)_'

done_testing
