#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Coop for an ordinary user, whom this script makes: in a mount namespace of its
# own, where /etc/passwd and its like are copies with one line more. First
# without a range of uids (boxes have the user's), then with one. The suites that
# run boxes run a second time as that user; COOP_ROOTLESS=all runs all of them.
if [ "$(id -u)" = 0 ] && [ -z "${ROOTLESS_ALONE-}" ]; then
	ROOTLESS_ALONE=1 exec unshare --mount --propagation private \
		bash "$0" "$@"
fi
. tests/tap.sh
[ "$(id -u)" = 0 ] || skip_all "makes a user, so it needs root"

# Not those of this test in another run, whose processes would be counted here.
uid=$((300000 + $$ % 30000))
first=$((2200000000 + $$ % 30000 * 65536)) # of no range that is given away
name=coop-tester
home=$TEST_TMP/home
place=$TEST_TMP/tree

# ---- the user ----
for file in passwd group subuid subgid; do
	touch "$TEST_TMP/$file"
	[ ! -e /etc/$file ] || cp /etc/$file "$TEST_TMP/$file"
done
echo "$name:x:$uid:$uid::$home:/bin/bash" >>"$TEST_TMP/passwd"
echo "$name:x:$uid:" >>"$TEST_TMP/group"
mount --bind "$TEST_TMP/passwd" /etc/passwd
mount --bind "$TEST_TMP/group" /etc/group
give_range() {
	for file in subuid subgid; do
		[ -e /etc/$file ] || return 1
		echo "$name:$first:65536" >>"$TEST_TMP/$file"
		mount --bind "$TEST_TMP/$file" /etc/$file || return 1
	done
	[ -x /usr/bin/newuidmap ]
}
mkdir -m 700 "$home" "$home/run"
chown -R $uid:$uid "$home"
chmod 711 "$TEST_TMP"

# What he runs: the build and the tests may lie where only root may look.
build=$place/build/tree
mkdir -p "$build"
cp -r tests scripts sandbox-profiles "$place/"
cp -r "$COOP_BUILD"/{bin,libexec,share,tests} "$build/"
chmod -R a+rX "$place"

as_user() {
	(cd "$place" && exec setpriv --reuid=$uid --regid=$uid --init-groups \
		env -i PATH=/usr/local/bin:/usr/bin:/bin HOME="$home" \
		XDG_RUNTIME_DIR="$home/run" TMPDIR="$home" LC_ALL=C.UTF-8 \
		COOP_BUILD="$build" "$@")
}
coop() { as_user "$build/bin/coop" "$@"; }
missing() {
	coop exec --json -- true </dev/null |
		sed -n 's/.*"missing":\[\([^]]*\)\].*/\1/p'
}

# What a box is on the host: user and groups of a program that runs in it.
mark=78$(printf %07d $$)
host_ids() {
	coop exec --time 60 -- sleep "$mark" </dev/null &
	local pid= try
	for try in {1..600}; do
		pid=$(pgrep -fx "sleep $mark") && break
		sleep 0.05
	done
	sed -n 's/^\(Uid\|Gid\|Groups\):[[:space:]]*//p' "/proc/$pid/status" |
		awk '{ print $1 }'
	kill "$pid" 2>/dev/null
	wait
}

suites=(tests/executor/broker/inside_test tests/executor/egress/boxes_test)
[ "${COOP_ROOTLESS-}" != all ] ||
	suites=(tests/executor/broker/{client,client_files,inside,death}_test
		tests/cmd/{bad_input,exit_status,files,run,verbs}_test.sh
		tests/executor/egress/boxes_test
		tests/executor/run/{door,door_cancel}_test)
run_suites() {
	local suite
	for suite in "${suites[@]}"; do
		case $suite in
		*.sh) ok "$1: $suite" as_user bash "$suite" ;;
		*) ok "$1: $suite" as_user "$build/$suite" ;;
		esac
	done
}

# ---- no range ----
is "a program runs as user" "$(coop exec -- id -u)" 1000
like "that boxes have the user's uid is said" "$(missing)" '"own_uid"'
is "they have it" "$(host_ids | tr '\n' ' ')" "$uid $uid $uid "
like "doctor says how to get others" "$(coop doctor)" 'usermod --add-subuids'
run_suites "one uid"

# ---- a range ----
if give_range; then
	is "range: a program runs as user" "$(coop exec -- id)" \
		"uid=1000(user) gid=1000(user) groups=1000(user)"
	unlike "range: own_uid is not missing" "$(missing)" own_uid
	ids=$(host_ids | tr '\n' ' ')
	like "range: a box has a uid of it" "$ids" '^([0-9]+) [0-9]+ '
	ok "range: not the user's" test "${ids%% *}" -gt "$first"
	is "range: no group of the user's" "$(awk '{ print NF }' <<<"$ids")" 2
	like "range: doctor says so" "$(coop doctor)" "of $first[.][.]"
	is "range: a file comes and goes" "$(echo hello >"$home/in.txt"
		chown $uid "$home/in.txt"
		coop exec --file "$home/in.txt" --collect "$home/out" -- \
			cp in.txt out.txt && cat "$home/out/out.txt")" hello
	run_suites "range"

	# the file promises what newuidmap refuses
	mount --bind /usr/bin/false /usr/bin/newgidmap
	is "range refused: a program runs" "$(coop exec -- id -u)" 1000
	like "range refused: said" "$(missing)" '"own_uid"'
	umount /usr/bin/newgidmap
else
	skip "a range of uids" "newuidmap (package uidmap) is not installed"
fi

# What a killed Coop leaves dies soon, not at once.
left() {
	ps -eo uid=,args= | awk -v u=$uid -v a=$first \
		'$1 == u || ($1 >= a && $1 < a + 65536)'
}
for _ in {1..600}; do
	[ -n "$(left)" ] || break
	sleep 0.05
done
is "no process of his is left" "$(left)" ""
done_testing
