#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The table once more as an ordinary user: what a jail without root promises
# holds there, what it lacks it says in `missing`. Run by `make check-hostile`
# as root, which lends the user nothing but the right to read the build tree.
cd "$(dirname "$0")/../.." || exit 1
build=${COOP_BUILD:-build/release}
user=${COOP_HOSTILE_USER:-64999}

skip() {
	echo "1..0 # SKIP $1"
	exit 0
}

as_user() {
	setpriv --reuid "$user" --regid "$user" --clear-groups \
		env -i PATH="$PATH" HOME=/tmp COOP_BUILD="$build" "$@"
}

[ "$(id -u)" = 0 ] || skip "the whole table runs as an ordinary user already"
as_user test -r "$build/bin/coop" -a -r tests/hostile/table.txt ||
	skip "user $user cannot read $build"
as_user "$build/bin/coop" exec -- /usr/bin/true ||
	skip "no jail without root here (coop doctor says why)"
as_user "$build/tests/hostile/hostile_prog" tests/hostile/table.txt "$@"
status=$?
rm -rf "/tmp/coop-$user"
exit $status
