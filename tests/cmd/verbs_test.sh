#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The verbs that show something: help, version, plan, doctor, languages,
# profiles, and coop-VERB.
. tests/tap.sh
cd "$TEST_TMP" || exit 1
echo 'print(1)' >a.py

like "--version" "$("$COOP" --version)" '^coop [0-9]+\.[0-9]+\.[0-9]+$'
out=$("$COOP" --help)
is "--help: exit status" $? 0
for verb in run exec plan doctor languages profiles; do
	like "--help names $verb" "$out" "  $verb "
	like "$verb --help" "$("$COOP" $verb --help)" "^usage: coop $verb "
done
"$COOP" >/dev/null
is "no verb: exit status" $? 125
for option in profile lang time cpu-time memory processes output disk file \
	collect env stdin network backend tier json quiet; do
	like "run --help names --$option" "$("$COOP" run --help)" "--$option"
done

out=$("$COOP" languages)
for lang in python bash javascript c c++; do
	like "languages: $lang" "$out" "(^|"$'\n'")${lang//+/\\+} +\."
done
"$COOP" languages --json >languages.json
ok "languages --json" /usr/bin/python3 -m json.tool languages.json
like "languages --json: installed" "$("$COOP" languages --json)" \
	'"name":"bash".*"installed":true'
out=$("$COOP" profiles)
like "profiles: default" "$out" $'(^|\n)default +short'
like "profiles: agent" "$out" $'(^|\n)agent +code of'
like "profiles: ranges" "$out" 'memory +256M\.\.4G'
"$COOP" profiles --json >profiles.json
ok "profiles --json" /usr/bin/python3 -m json.tool profiles.json

out=$("$COOP" doctor)
is "doctor: exit status" $? 0
like "doctor: a jail was really built" "$out" 'a program ran in it: tier [123]'
"$COOP" doctor --json >doctor.json
ok "doctor --json" /usr/bin/python3 -m json.tool doctor.json

out=$("$COOP" plan --memory 100M a.py x 'y z')
is "plan: exit status" $? 0
like "plan: the program" "$out" $'\n'"program /usr/bin/python3 a.py x 'y z'"$'\n'
like "plan: the limit" "$out" $'\n  memory 100M\n'
like "plan: the jail" "$out" $'\ntier [123]\n'
like "plan: files" "$out" 'put a.py mode=0644'
like "plan: environment" "$out" $'\n  PYTHONUNBUFFERED=1\n'
out=$("$COOP" plan -- ls -la)
like "plan of a command" "$out" $'\nprogram ls -la\n'
like "plan of a compiled program" "$(echo 'int main;' >a.c && "$COOP" plan a.c)" \
	$'\ncompile /usr/bin/gcc .*a\\.c'
is "plans are stable" "$("$COOP" plan a.py)" "$("$COOP" plan a.py)"
"$COOP" plan --json a.py >plan.json
ok "plan --json" /usr/bin/python3 -m json.tool plan.json
"$COOP" plan --memory 1T a.py >out 2>err
is "plan: a bad limit is refused" $? 125

mkdir bin
printf '#!/bin/sh\necho "external $0 $*"\nexit 5\n' >bin/coop-hello
chmod +x bin/coop-hello
out=$(PATH=$PWD/bin:$PATH "$COOP" hello a b)
is "coop-VERB of PATH: exit status" $? 5
like "coop-VERB of PATH: its arguments" "$out" 'coop-hello a b$'
is "links libc and libseccomp only" "$(ldd "$COOP" | awk '{print $1}' |
	grep -vE '^(linux-vdso|libc\.so|libseccomp|libasan|libubsan|libstdc\+\+|libm\.|libgcc|/lib)')" ""
done_testing
