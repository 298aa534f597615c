#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every language of cases.table through every program that it has there.
# COOP_LANGUAGES names those to run, all is every one; default is the base row.
. tests/tap.sh

table=tests/languages/cases.table
given=$TEST_TMP/given.txt
echo "given to the program" >"$given"
input=$'first line\nzweite Zeile: äö €'

# The fields of a table row: fields LINE; sets the array row.
fields() {
	local field
	row=()
	while IFS= read -r field; do
		field=${field#"${field%%[![:space:]]*}"}
		row+=("${field%"${field##*[![:space:]]}"}")
	done <<<"${1//|/$'\n'}"
}

# A report as shell variables, each text quoted: report <JSON
report() {
	python3 -c '
import json, shlex, sys
r = json.load(sys.stdin)
c = r.get("compile") or {}
show = dict(
	status=r.get("status") or r["error"]["message"],
	out=r.get("stdout", ""),
	said=r.get("stderr", "") + c.get("stderr", "") + c.get("stdout", ""),
	cpu=int(r.get("cpu_ms") or -1),
	missing=" ".join(r.get("missing", [])),
	files=" ".join(f["path"] for f in r.get("files", [])))
for name, value in show.items():
	print(name + "=" + shlex.quote(str(value)))
'
}

# How one program ended: judge LANGUAGE CASE FILE [OPTION…]; sets got, out, said …
judge() {
	local code=0 collected=$TEST_TMP/$1-$2 language=$1 file=$3
	shift 3
	printf '%s\n' "$input" | limit 120 "$COOP" run --json --time 60s --lang "$language" "$@" \
		--file "$given" --file "tests/languages/$language/beside:." \
		--collect "$collected" "$file" >"$TEST_TMP/json" || code=$?
	status='' out='' said='' cpu=-1 files='' missing=''
	eval "$(report <"$TEST_TMP/json")"
	got="$status $code"
}

# One program of a language: check LANGUAGE CASE FILE STATUS OUTPUT SAYS
check() {
	judge "$1" "$2" "$3"
	is "$1 $2: how it ends" "$got" "$4"
	[ "$got" = "$4" ] || tap_show "it says" "$said"
	[ "$5" = '*' ] || is "$1 $2: output" "$out" "$5"
	[ -z "$6" ] || like "$1 $2: what is said" "${said//$'\n'/ }" "$6"
	[ -n "$6" ] || [ "$2" = kept ] || is "$1 $2: nothing else is said" "$said" ''
	case $2 in
	cpu)
		[[ $missing == *cpuacct* ]] ||
			ok "$1 $2: its time is counted, $cpu ms" test "$cpu" -gt 300
		;;
	write_file)
		is "$1 $2: the file it made, and no other" "$files" made.txt
		is "$1 $2: what is in it" "$(cat "$TEST_TMP/$1-$2/made.txt")" \
			"written by the program"
		;;
	*) is "$1 $2: no files" "$files" '' ;;
	esac
}

# All programs of the language whose row it is.
run_language() {
	local name=${row[1]} suffix=${row[2]} case want file output says
	local error=${row[3]} error_says=${row[4]}
	local broken=${row[5]} broken_says=${row[6]}
	for case in "${!outputs[@]}"; do
		file=tests/languages/$name/$case.$suffix
		want=${ends[$case]} output=${outputs[$case]} says=''
		case $want in
		error) want=$error says=$error_says ;;
		broken) want=$broken says=$broken_says ;;
		esac
		[ -z "$output" ] || [ "$output" = '*' ] || output=$(printf '%b\n.' "$output")
		check "$name" "$case" "$file" "$want" "${output%.}" "$says"
	done
}

declare -A ends outputs
known=()
languages=()
while IFS= read -r line; do
	fields "$line"
	case ${row[0]} in
	base) wanted=${COOP_LANGUAGES:-${row[1]}} ;;
	case) ends[${row[1]}]=${row[2]} outputs[${row[1]}]=${row[3]-} ;;
	language)
		known+=("${row[1]}")
		languages+=("$line")
		;;
	esac
done < <(grep -v '^#' "$table")

is "every language has its row" "$("$COOP" languages | awk '{print $1}' | sort)" \
	"$(printf '%s\n' "${known[@]}" | sort)"

# a compiler that makes nothing and is content
cp -r "$COOP_BUILD/share/coop" "$TEST_TMP/share"
sed -i 's|^argv = /usr/bin/gcc.*|argv = /usr/bin/true|' "$TEST_TMP/share/languages/c.conf"
judge c nothing tests/languages/c/hello.c --share "$TEST_TMP/share"
is "a compiler makes no program: it did not compile" "$got" "compile_failed 126"
like "and that is said" "$said" "no program in it: the compiler made no program"

for line in "${languages[@]}"; do
	fields "$line"
	[ "$wanted" = all ] || [[ " $wanted " == *" ${row[1]} "* ]] || continue
	missing=$("$COOP" languages | grep "^${row[1]} .*not installed")
	if [ -n "$missing" ]; then
		skip "${row[1]}" "${missing#*: }"
	else
		run_language
	fi
done
done_testing
