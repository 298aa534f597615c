#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Calls that a kernel or a container may lack, each taken away by an outer filter:
# programs run all the same, and the wall that is missing has its name.
. tests/tap.sh

without=$COOP_BUILD/tests/executor/broker/without_prog
lacking() { # lacking CALLS ARGUMENTS…: coop without them
	local calls=$1
	shift
	"$without" "$calls" "$COOP" "$@" </dev/null
}
missing() {
	lacking "$1" exec --json -- true |
		sed -n 's/.*"missing":\[\([^]]*\)\].*/\1/p'
}
said() { lacking "$1" doctor 2>&1; }

here=$(missing "landlock" | tr ',' '\n' | grep -vc landlock)
root=false
[ "$(id -u)" -ne 0 ] || root=true

# Files through init: in, made, nested, listed, out, and what must not come.
mkdir -p "$TEST_TMP/in/a/b"
echo one >"$TEST_TMP/in/a/b/c"
files() {
	rm -rf "$TEST_TMP/out"
	lacking "$1" exec --file "$TEST_TMP/in" --collect "$TEST_TMP/out" -- \
		bash -c 'cat in/a/b/c; mkdir -p x/y; echo two >x/y/z
		ln -s /etc/passwd link; ln -s /etc away; ln -s x/y near
		echo three >"a b"' && (cd "$TEST_TMP/out" && find . | sort | xargs -d '\n')
}
whole=$(files landlock)
like "files with openat2" "$whole" 'one.*x/y/z'

for calls in openat2 openat2-eperm; do
	is "$calls: a program runs" "$(lacking $calls exec -- id -u)" 1000
	is "$calls: python runs" \
		"$(lacking $calls exec -- python3 -c 'print(40 + 2)')" 42
	is "$calls: files come and go as ever" "$(files $calls)" "$whole"
	like "$calls: said" "$(missing $calls)" '"openat2"'
	like "$calls: doctor says it" "$(said $calls)" 'walked part by part'
done
$root && is "openat2: not tier 1" \
	"$(lacking openat2 exec --tier 1 -- true 2>/dev/null; echo $?)" 125

is "landlock: a program runs" "$(lacking landlock exec -- id -u)" 1000
like "landlock: said" "$(missing landlock)" '"landlock"'
like "landlock: doctor says it" "$(said landlock)" 'LACK landlock'
is "landlock: mounts hold alone" "$(lacking landlock exec -- bash -c \
	'for f in / /usr /etc /dev /proc; do touch $f/x 2>/dev/null && echo $f; done
	 echo end')" end

denied() {
	lacking "$1" exec --json -- bash -c 'unshare -U true 2>/dev/null; true' |
		grep -o '"denied_syscall":[^,]*'
}
is "a refused call has a name" "$(denied landlock)" '"denied_syscall":"unshare"'
is "notify: it is refused without" "$(denied notify)" '"denied_syscall":null'
like "notify: said" "$(missing notify)" '"user_notification"'
like "notify: doctor says it" "$(said notify)" 'stay nameless'

is "all at once: a program runs" \
	"$(lacking openat2,landlock,notify exec -- bash -c 'echo $((40 + 2))')" 42
is "all at once: all are said" "$(missing openat2,landlock,notify | tr ',' '\n' |
	grep -c 'openat2\|landlock\|user_notification')" 3
is "and nothing else is" "$(missing openat2,landlock,notify | tr ',' '\n' |
	grep -vc 'openat2\|landlock\|user_notification')" "$here"

# What no jail can do without is an error with a reason.
is "mount_setattr: 125" \
	"$(lacking mount_setattr exec -- true 2>/dev/null; echo $?)" 125
like "mount_setattr: why" "$(lacking mount_setattr exec -- true 2>&1)" \
	'too old for a jail.*Try: Linux 5.12'

done_testing
