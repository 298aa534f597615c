#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What sandbox-profiles/README.md says of a profile's keys, seen from inside of
# a box: inheritance, environment, files, system calls, output.
. tests/tap.sh
. tests/profiles/report.sh

share=$TEST_TMP/share
cp -r "$COOP_BUILD/share/coop" "$share"
given=$TEST_TMP/given
mkdir "$given"
echo one >"$given/one"
echo two >"$given/two"
# The tests' own folder may lie below /tmp, which a box has its own of.
seen=$(mktemp -d /var/lib/coop-keys.XXXXXX)
trap 'rm -rf -- "$TEST_TMP" "$seen"' EXIT
chmod 755 "$seen"
cp "$given"/* "$seen"
mkdir "$seen/folder"
echo three >"$seen/folder/three"

# profile NAME PARENT <REST: a profile of this test
profile() {
	{
		printf 'version = 1\n[profile]\ninherit = %s\nsummary = a test\n' "$2"
		cat
	} >"$share/profiles/$1.conf"
}
profile parent default <<-END
	hostname = parents
	output_over = kill
	[limits]
	time = 7s..8s
	processes = 20
	[files]
	read = $seen/one
	read_optional = /nowhere/optional
	[environment]
	A = parent
	B = parent
	PYTHONUNBUFFERED = 0
	[syscalls]
	eperm = sysinfo
END
profile child parent <<-END
	[limits]
	time = 6s..30s
	[files]
	read = $seen/folder
	[environment]
	B = child
	[syscalls]
	allow = sysinfo
	enosys = times
END
profile anew child <<-END
	[files]
	inherit = no
	read = $seen/two
	[syscalls]
	inherit = no
	allow = @strict
END

# in_box PROFILE COMMAND…: what sh prints in a box of it
in_box() {
	local name=$1
	shift
	run_json exec --share "$share" --profile "$name" -- sh -c "$*"
}
in_box parent "hostname; cat $seen/one; ls $seen; echo \$A \$B \$HOME"
is "a profile over default" "$(get stdout)" "parents
one
one
parent parent /workspace"
is "its limit, and the parent's" "$(get limits.time_ms) $(get limits.processes) $(get limits.files)" \
	"7000 20 16384"
in_box child "hostname; cat $seen/one $seen/folder/three; ls $seen; echo \$A \$B"
is "a profile over that one: values replace, lists add up" "$(get stdout)" "parents
one
three
folder
one
parent child"
is "a range replaces a range" "$(get limits.time_ms) $(get limits.processes)" "6000 20"
in_box anew "cat $seen/two; ls $seen"
is "files anew" "$(get stdout)" "two
two"

cat >"$TEST_TMP/calls.py" <<'END'
import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
x86 = platform.machine() == "x86_64"
for name, number in (("sysinfo", 99 if x86 else 179), ("times", 100 if x86 else 153),
                     ("msgget", 68 if x86 else 186)):
    buf = ctypes.create_string_buffer(256)
    rc = libc.syscall(number, buf, 0o1000)
    print(name, ctypes.get_errno() if rc < 0 else "ok")
    ctypes.set_errno(0)
END
for row in 'parent 1 ok ok sysinfo' 'child ok 38 ok null' 'anew ok ok 38 null'; do
	read -r name sysinfo times msgget denied <<<"$row"
	run_json run --share "$share" --profile "$name" "$TEST_TMP/calls.py"
	is "$name: system calls" "$(get stdout | paste -sd' ')" \
		"sysinfo $sysinfo times $times msgget $msgget"
	is "$name: which is told" "$(get denied_syscall)" "$denied"
done

echo 'import os; print(*(os.environ.get(n) for n in ("PYTHONUNBUFFERED", "A", "B")))' \
	>"$TEST_TMP/env.py"
run_json run --share "$share" --profile parent --env B=request "$TEST_TMP/env.py"
is "the language's variables over the profile's, the request's over both" \
	"$(get stdout)" "1 parent request"
in_box parent 'while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done'
is "output_over = kill" "$(get status)" output_limit

# Too deep, below a folder of the box's own, and not there at all.
profile third child </dev/null
profile fourth third </dev/null
in_box third 'true'
is "four deep with default" "$(get status)" ok
in_box fourth 'true'
like "and no more" "$(get error.message)" 'in a circle or too deep'
like "with the line" "$(get error.field)" 'fourth.conf:3$'
echo x >"$TEST_TMP/hidden"
profile hidden default <<<"
[files]
read = $TEST_TMP/hidden"
if [[ $TEST_TMP == /tmp/* ]]; then
	chmod 755 "$TEST_TMP"
	in_box hidden "ls -A /tmp"
	is "/tmp is the box's own" "$(get stdout)" ''
fi
mkdir -m 700 "$seen/private"
echo x >"$seen/private/file"
profile private default <<<"
[files]
read = $seen/private/file"
in_box private true
like "what not everybody may reach is not opened by root's right" "$(get error.message)" \
	'private/file: Permission denied'
profile missing default <<<"
[files]
read = /nowhere/at/all"
said=$(for _ in {1..20}; do
	in_box missing true
	get error.message
	echo
done | sort -u)
is "what is not there is told, each time" "$said" '/nowhere/at/all does not exist'

done_testing
