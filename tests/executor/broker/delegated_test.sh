#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# cgroup v2 for a user: a tree is given to him as a service manager does, he lives
# in a leaf of it, and boxes get groups beside that. On a machine that has v1, too,
# that is hidden; v2's tree has no controllers there, but all the rest.
. tests/tap.sh

v2=$(awk '/ - cgroup2 /{print $5; exit}' /proc/self/mountinfo)
[ "$(id -u)" = 0 ] || skip_all "gives a part of the tree away, so it needs root"
[ -n "$v2" ] || skip_all "there is no cgroup v2 here"
controllers=$(cat "$v2/cgroup.controllers")
user=65534
group=$v2/tester$$
name=$(id -nu $user)

# The build may lie where others may not look: they get a copy.
place=$TEST_TMP/place
mkdir -p "$place"
cp -r "$COOP_BUILD"/{bin,libexec,share} "$place/"
mkdir -p "$place/tests/executor"
cp -r "$COOP_BUILD/tests/executor/broker" "$place/tests/executor/"
chmod -R a+rX "$TEST_TMP"
mkdir -m 700 "$TEST_TMP/home"
chown $user "$TEST_TMP/home"

# Ends what is left there, as a service manager would.
remove_groups() {
	local dir
	for dir in $(find "$group" -depth -type d 2>/dev/null); do
		echo 1 >"$dir/cgroup.kill"
		until rmdir "$dir" 2>/dev/null; do sleep 0.05; done
	done
}
trap 'remove_groups; rm -rf -- "$TEST_TMP"' EXIT

# give FOLDER: makes a group and delegates it
give() {
	mkdir "$1"
	chown $user "$1" "$1"/cgroup.{procs,threads,subtree_control}
}
for controller in memory pids cpu; do
	[[ " $controllers " != *" $controller "* ]] ||
		echo +$controller >"$v2/cgroup.subtree_control"
done
give "$group"
give "$group/session"

only_v2='awk "/ - cgroup cgroup /{print \$5}" /proc/self/mountinfo | xargs -r umount'
# as_user GROUP COMMAND…: from within that group
as_user() {
	local in=$1
	shift
	unshare -m -- bash -c "$only_v2; $prepare"'
		echo $$ >"$0/cgroup.procs" && exec setpriv --reuid='$user' \
		--regid='$user' --clear-groups env -i PATH=/usr/bin:/bin \
		HOME="$HOME" TMPDIR="$HOME" LC_ALL=C.UTF-8 \
		COOP_TEST_SLOW='"${COOP_TEST_SLOW:-1}"' "$@"' "$in" "$@" </dev/null
}
prepare=
export HOME=$TEST_TMP/home
coop() { as_user "$group/session" "$place/bin/coop" "$@"; }
missing() {
	"$@" exec --json -- true | sed -n 's/.*"missing":\[\([^]]*\)\].*/\1/p'
}
beside() { find "$group" -mindepth 1 -maxdepth 1 -type d ! -name session; }

suite() {
	like "$1: a program runs" "$(coop exec -- id -u 2>&1)" '^1000$'
	local lacks
	lacks=$(missing coop)
	unlike "$1: cpu time and pausing" "$lacks" 'cgroup.cpuacct|cgroup.freezer'
	for controller in $controllers; do
		case $controller in memory | pids | cpu)
			unlike "$1: $controller" "$lacks" "\"cgroup.$controller\"" ;;
		esac
	done
	if [[ " $controllers " = *" memory "* ]]; then
		coop exec --time "$(slow 10)" --memory 48M -- \
			python3 -c 'x = bytearray(1 << 30)' 2>/dev/null
		is "$1: memory is the tree's" $? 137
	fi
	coop exec --cpu-time 300ms -- bash -c 'while :; do :; done & wait' 2>/dev/null
	is "$1: cpu time is the tree's" $? 124
	# the same box again after what killing it leaves
	ok "$1: ends, limits, daemons, again and again" as_user "$group/session" \
		"$place/tests/executor/broker/client_test" wall_time fork_bomb \
		daemons_die_with_the_program cpu_time_of_the_tree
	is "$1: nothing is left" "$(beside)" ''
}
suite "one uid"

# Uids that the user may not signal: whoever may does it.
range=$((2300000000 + $$ % 30000 * 65536))
touch /etc/subuid /etc/subgid
for file in subuid subgid; do
	{ cat /etc/$file && echo "$name:$range:65536"; } >"$TEST_TMP/$file"
	prepare+="mount --bind $TEST_TMP/$file /etc/$file; "
done
if [ -x /usr/bin/newuidmap ]; then
	unlike "a range: uids of their own" "$(missing coop)" '"own_uid"'
	suite "a range"
fi
prepare=

# No group above to divide, and his own has processes: those have no controllers.
give "$group/alone"
chown 0 "$group" "$group"/cgroup.{procs,subtree_control}
alone() { as_user "$group/alone" "$place/bin/coop" "$@"; }
is "a full group: a program runs" "$(alone exec -- echo in 2>&1)" in
like "a full group: said" "$(missing alone)" \
	'cgroup.memory.*cgroup.pids.*cgroup.cpu'
unlike "a full group: cpu time and pausing" "$(missing alone)" \
	'cgroup.cpuacct|cgroup.freezer'
if [[ " $controllers " = *" memory "* ]]; then
	like "a full group: doctor says what to do" "$(alone doctor 2>&1)" \
		'LACK cgroup memory.*Delegate=yes'
fi
done_testing
