#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Boxes on poorer machines, made from this one: no root, no private /proc, no
# user namespaces, no cgroups. Weaker than asked is refused, never silent.
. tests/tap.sh

missing() { # the walls that a result of `coop exec --json` says are missing
	"$@" exec --json -- true </dev/null |
		sed -n 's/.*"missing":\[\([^]]*\)\].*/\1/p' | tr -d '"'
}
tier() {
	"$@" exec --json -- true </dev/null | sed -n 's/.*"tier":\([0-9]\).*/\1/p'
}
status() {
	"$@" >/dev/null 2>&1 </dev/null
	echo $?
}

if [ "$(id -u)" -ne 0 ]; then
	is "without root a program runs" "$(limit 20 "$COOP" exec -- echo in)" in
	done_testing
	exit 0
fi

# The build may lie where others may not look: they get a copy.
place=$TEST_TMP/place
mkdir -p "$place"
cp -r "$COOP_BUILD/bin" "$COOP_BUILD/libexec" "$COOP_BUILD/share" "$place/"
chmod -R a+rX "$TEST_TMP"
copy=$place/bin/coop
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups env -i
	PATH=/usr/bin:/bin "$copy")

mark=77$(printf %07d $$) # nobody else sleeps so long

# ---- full ----
is "root: tier 1" "$(tier "$COOP")" 1

# ---- without root ----
cd / || exit 1
is "a user's program runs as user" "$("${nobody[@]}" exec -- id -u)" 1000
is "a user's tier is 2" "$(tier "${nobody[@]}")" 2
like "what a user lacks is said" "$(missing "${nobody[@]}")" "own_uid"
like "and its groups" "$(missing "${nobody[@]}")" "cgroup.memory"
is "tier 1 is refused to a user" \
	"$(status "${nobody[@]}" exec --tier 1 -- true)" 125
is "a user's deadline holds" \
	"$(status "${nobody[@]}" exec --time 1 -- sleep "$mark")" 124
is "a user's daemons die" "$("${nobody[@]}" exec -- \
	bash -c "setsid sleep $mark & echo x"; pgrep -cf "[s]leep $mark")" "x
0"
is "a user's memory is limited for each process" "$(status "${nobody[@]}" \
	exec -- python3 -c 'x = bytearray(1 << 30)')" 1
like "a user's processes are limited" "$("${nobody[@]}" exec --processes 8 -- \
	bash -c 'for i in $(seq 20); do sleep 2 & done; wait' 2>&1)" \
	'Resource temporarily unavailable'
is "a user's box has no capability" "$("${nobody[@]}" exec -- \
	grep -c 'Cap...:.0000000000000000' /proc/self/status)" 5

# ---- /proc is masked, as in most containers ----
masked=(unshare -m -- bash -c
	'mount --bind /dev/null /proc/keys && exec "$0" "$@"')
is "masked /proc: a program runs" \
	"$("${masked[@]}" "$COOP" exec -- bash -c 'ls -A /proc | wc -l; id -u')" "0
1000"
is "masked /proc: python runs" \
	"$("${masked[@]}" "$COOP" exec -- python3 -c 'print(40 + 2)')" 42
is "masked /proc: tier 2" "$(tier "${masked[@]}" "$COOP")" 2
like "masked /proc: said" "$(missing "${masked[@]}" "$COOP")" proc
like "masked /proc: doctor tells why" \
	"$("${masked[@]}" "$COOP" doctor 2>&1)" 'unmasked'
is "masked /proc without root" "$("${masked[@]}" "${nobody[@]}" exec -- id -u)" \
	1000

# ---- no cgroup can be made ----
readonly_groups=(unshare -m -- bash -c
	'awk "/ - cgroup2? /{print \$5}" /proc/self/mountinfo | while read -r d
	do mount --bind "$d" "$d"; mount -o remount,bind,ro "$d"; done
	exec "$0" "$@"')
is "read-only cgroups: a program runs" \
	"$("${readonly_groups[@]}" "$COOP" exec -- echo in)" in
like "read-only cgroups: said" "$(missing "${readonly_groups[@]}" "$COOP")" \
	'cgroup.memory,cgroup.pids'
is "read-only cgroups: deadline and daemons" "$("${readonly_groups[@]}" \
	"$COOP" exec --time 1 -- bash -c "setsid sleep $mark & sleep $mark" 2>/dev/null
	echo $?; pgrep -cf "[s]leep $mark")" "124
0"

# ---- cgroup v2 alone, as far as this machine has it ----
if grep -q ' - cgroup2 ' /proc/self/mountinfo; then
	only_v2=(unshare -m -- bash -c
		'awk "/ - cgroup cgroup /{print \$5}" /proc/self/mountinfo |
			xargs -r umount; exec "$0" "$@"')
	is "v2: a program runs" "$("${only_v2[@]}" "$COOP" exec -- \
		grep -c '^0::/$' /proc/self/cgroup)" 1
	is "v2: cpu time of the tree" "$(status "${only_v2[@]}" "$COOP" exec \
		--cpu-time 300ms -- bash -c 'while :; do :; done & wait')" 124
	is "v2: deadline and daemons" "$("${only_v2[@]}" "$COOP" exec --time 1 \
		-- bash -c "setsid sleep $mark & sleep $mark" 2>/dev/null
		echo $?; pgrep -cf "[s]leep $mark")" "124
0"
	# groups of living brokers are others'
	left() {
		find /sys/fs/cgroup -name 'coop-*' -newer "$TEST_TMP" \
			-path '*unified*' 2>/dev/null | while read -r group; do
			find /proc/[0-9]*/fd -lname "*/brokers/${group##*/coop-}" \
				2>/dev/null | grep -q . || echo "$group"
		done
	}
	for _ in {1..300}; do
		[ -n "$(left)" ] || break
		sleep 0.1
	done
	is "v2: nothing is left" "$(left)" ""
fi

# ---- user namespaces are refused ----
refused=(unshare -Ur -- bash -c
	'echo 0 > /proc/sys/user/max_user_namespaces && exec "$0" "$@"')
is "no user namespaces: 125" "$(status "${refused[@]}" "$COOP" exec -- true)" 125
like "no user namespaces: why and what to do" \
	"$("${refused[@]}" "$COOP" exec -- true 2>&1)" \
	'user namespaces.*Try:.*max_user_namespaces'

done_testing
