#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# executor/SECURITY.md names what is there: files, and cases of the hostile table.
. tests/tap.sh

page=executor/SECURITY.md

missing=$(grep -oE '`(tests|executor|sandbox-profiles)/[^` ]+`' $page | tr -d '`' | sort -u |
	while read -r path; do [ -e "$path" ] || echo "$path"; done)
is "every file is there" "$missing" ''
ok "there are some" test "$(grep -oE '`tests/[^` ]+`' $page | sort -u | wc -l)" -gt 30

# The third cell of the tables that have one for cases.
cases=$(awk -F'|' '
	/^\| promise \| by \| cases /	{ inside = 1; next }
	!/^\|/				{ inside = 0 }
	inside && !/^\|-/		{ print $4 }' $page | tr -s ' ' '\n' | sed '/^$/d' | sort -n | uniq)
known=$(sed -n 's/^\[0*\([0-9]*\).*/\1/p' tests/hostile/table.txt | sort -n | uniq)
is "every case is in the table" "$(comm -23 <(sort <<<"$cases") <(sort <<<"$known"))" ''

# What is no promise yet: cases of a service that there is none of.
later=$(awk '/^\[/ { gsub(/[^0-9]/, ""); n = $0 + 0 } /^covered = later/ { print n }' \
	tests/hostile/table.txt | sort -u)
is "every case that runs belongs to a promise" \
	"$(comm -13 <(sort <<<"$cases") <(sort <<<"$known") | comm -23 - <(sort <<<"$later") | paste -sd' ')" ''

# Cases beside the table that the page says are covered by a file of their own.
for row in 55:boxes_test.c 68:names_test.sh 69:killed_test.c 70:killed_test.c 72:neighbour.sh; do
	ok "case ${row%%:*} is in ${row#*:}" grep -q "^covered = tests/hostile/${row#*:}" \
		<(sed -n "/^\[${row%%:*}/,/^\$/p" tests/hostile/table.txt)
done

done_testing
