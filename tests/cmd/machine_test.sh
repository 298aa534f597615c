#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Programs that eat everything leave the machine as it was: no process, group or
# mount remains, and the next run starts at once. Other boxes run on the machine
# meanwhile, so only what is this script's own is counted: processes by a number
# in their command lines, groups below one of its own, mounts in a namespace of
# its own, and killed brokers in a state folder of its own.
if [ -z "${MACHINE_TEST_ALONE-}" ] && unshare --mount true 2>/dev/null; then
	MACHINE_TEST_ALONE=1 exec unshare --mount --propagation private \
		bash "$0" "$@"
fi
. tests/tap.sh
export COOP_STATE=$TEST_TMP/state
cd "$TEST_TMP" || exit 1

mark=7$$$RANDOM
mounts() { wc -l </proc/self/mountinfo; }
marked() { pgrep -fc -- "$1$mark"; }
# a program in a box, not coop nor a broker just born, which name it too
begun() { pgrep -fx -- "sleep 9$mark" >/dev/null; }

# A group of this script's own: Coop makes its groups below it.
parent=/sys/fs/cgroup/pids$(awk -F: '$2 == "pids" { print $3 }' /proc/self/cgroup)
group=$parent/coop-test-$mark
mkdir "$group" 2>/dev/null && echo $$ >"$group/cgroup.procs" || group=
groups() { find "$group" -mindepth 1 -type d | wc -l; }

# Groups of a killed broker go when the next Coop starts; of others at once.
settled() {
	for _ in {1..600}; do
		"$@" && return 0
		sleep 0.1
	done
	return 1
}

mounts_before=$(mounts)

cat >bomb$mark.c <<'END'
#include <unistd.h>
int main(void) { for (;;) fork(); }
END
"$COOP" run --time 2s bomb$mark.c >/dev/null 2>&1
like "a fork bomb ends by a limit" "$?" '^(124|137)$'
is "no process of it remains" "$(marked bomb)" 0
"$COOP" exec --time 2s --quiet -- bash -c ":(){ :|:& };: ; sleep 9$mark" \
	>/dev/null 2>&1
is "a fork bomb in bash ends by a limit" $? 124
is "no process of it remains" "$(marked 9)" 0
ok "the next run starts" limit 60 "$COOP" exec -- true

"$COOP" exec --json --memory 64M -- /usr/bin/python3 -c '
l = []
while True: l.append(bytearray(1 << 20))' >hog
is "a memory hog: exit 137" $? 137
peak=$(sed 's/.*"memory_peak_bytes":\([0-9]*\).*/\1/' hog)
ok "its peak is near the limit" [ "$peak" -gt 60000000 ]
ok "and not above it" [ "$peak" -le 67108864 ]
"$COOP" exec --quiet --time 60s --memory 64M --disk 48M -- bash -c \
	'cat /dev/zero >/tmp/a; cat /dev/zero >/dev/shm/b; echo full' >out 2>err
like "a full tmpfs is the program's own trouble" "$(cat out)" '^full$'
"$COOP" exec --quiet --time 3s -- bash -c \
	'mkdir d; cd d; i=0; while : >$((i++)); do :; done; echo full' >out 2>err
like "a file bomb ends by an error or a limit" "$?" '^(0|124)$'
"$COOP" exec -- bash -c \
	'for i in {1..40}; do (setsid setsid sleep "$0" &); done' "9$mark"
is "daemons: exit status" $? 0
is "no daemon remains" "$(marked 9)" 0

if [ -n "$group" ]; then
	none() { [ "$(groups)" = 0 ]; }
	ok "no cgroup remains" settled none
fi
is "no mount remains" "$(mounts)" "$mounts_before"

# kill -9 of the command, or of its broker, leaves nothing running.
gone() { [ "$(marked 9)" = 0 ]; }
"$COOP" exec --time 10m -- bash -c 'trap "" TERM INT HUP; sleep "$0"; :' "9$mark" &
pid=$!
ok "it runs" settled begun
kill -KILL $pid
wait $pid 2>/dev/null
ok "kill -9 of coop ends what it ran" settled gone

"$COOP" exec --time 10m --json -- bash -c 'echo begun; sleep "$0"; :' "9$mark" >out 2>err &
pid=$!
ok "it runs" settled begun
kill -KILL "$(pgrep -P $pid | head -1)"
wait $pid
is "kill -9 of the broker: exit 125" $? 125
like "status" "$(cat out)" '"status":"sandbox_error"'
like "what it wrote is kept" "$(cat out)" '"stdout":"begun\\n"'
ok "and ends what it ran" settled gone

if [ -n "$group" ]; then
	"$COOP" exec -- true
	ok "groups of the killed go with the next start" settled none
	echo $$ >"$parent/cgroup.procs"
	rmdir "$group"
fi
done_testing
