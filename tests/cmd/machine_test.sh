#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Programs that eat everything leave the machine as it was: no process, group,
# mount or file remains, and the next run starts at once.
. tests/tap.sh
cd "$TEST_TMP" || exit 1

groups() { find /sys/fs/cgroup -type d -path '*coop*' 2>/dev/null | sort; }
mounts() { wc -l </proc/self/mountinfo; }
own() { # processes that a box's uid range runs
	ps -eo uid= | awk '$1 >= 1878982656 && $1 < 1879048192' | wc -l
}
free_kb() { awk '/^MemAvailable/ {print $2}' /proc/meminfo; }

"$COOP" exec -- true
groups_before=$(groups | wc -l)
mounts_before=$(mounts)
free_before=$(free_kb)

cat >bomb.c <<'END'
#include <unistd.h>
int main(void) { for (;;) fork(); }
END
"$COOP" run --time 2s bomb.c >/dev/null 2>&1
like "a fork bomb ends by a limit" "$?" '^(124|137)$'
"$COOP" exec --time 2s -- bash -c ':(){ :|:& };:' >/dev/null 2>&1
ok "a fork bomb in bash ends" true
ok "the next run starts" limit 10 "$COOP" exec -- true
"$COOP" exec --json --memory 64M -- /usr/bin/python3 -c '
l = []
while True: l.append(bytearray(1 << 20))' >hog
is "a memory hog: exit 137" $? 137
peak=$(sed 's/.*"memory_peak_bytes":\([0-9]*\).*/\1/' hog)
ok "its peak is the limit" [ "$peak" -gt 60000000 ] && [ "$peak" -le 67108864 ]
"$COOP" exec --memory 64M --disk 48M -- bash -c \
	'cat /dev/zero >/tmp/a; cat /dev/zero >/dev/shm/b' >/dev/null 2>&1
ok "a full tmpfs ends" true
"$COOP" exec --time 3s -- bash -c \
	'mkdir d; cd d; i=0; while :; do : >$((i++)); done' >/dev/null 2>&1
ok "a file bomb ends" true
"$COOP" exec -- bash -c 'for i in {1..40}; do (setsid setsid sleep 1000 &); done'
is "daemons: exit status" $? 0

is "no process of a box remains" "$(own)" 0
is "no cgroup remains" "$(groups | wc -l)" "$groups_before"
is "no mount remains" "$(mounts)" "$mounts_before"
ok "memory is given back" [ "$(free_kb)" -gt $((free_before - 200000)) ]

# kill -9 of the command leaves nothing running.
"$COOP" exec -- sleep 1000 &
pid=$!
sleep 1
kill -KILL $pid
wait $pid 2>/dev/null
for _ in {1..50}; do
	[ "$(own)" = 0 ] && break
	sleep 0.1
done
is "kill -9 of coop ends what it ran" "$(own)" 0
done_testing
