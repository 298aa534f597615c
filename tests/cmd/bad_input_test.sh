#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Bad input: one clear line, exit 125, and nothing has run.
. tests/tap.sh
cd "$TEST_TMP" || exit 1

echo 'print("ran")' >a.py
mkdir folder
truncate -s 1G huge.py
head -c 100000 /dev/urandom >binary.py
printf 'x = 1\ny = "\0"\n' >nul.py
printf 'echo ran\r\nls\r\n' >crlf.sh
echo ran >noext

# bad NAME PATTERN ARGUMENTS…: the whole of standard error is one line
bad() {
	local name=$1 pattern=$2 got err
	shift 2
	"$COOP" "$@" >out 2>err </dev/null
	got=$?
	err=$(cat err)
	is "$name: exit 125" $got 125
	like "$name: what it says" "$err" "^coop: $pattern"
	is "$name: one line" "$(wc -l <err)" 1
	unlike "$name: nothing ran" "$(cat out)" ran
}

bad "unknown language" 'lang: "cobol" is not .*Try: .*python' run --lang cobol a.py
bad "near language" 'lang: .*Try: python;' run --lang pythn a.py
bad "unknown profile" 'profile: "nope" .*agent, .*default' run --profile nope a.py
bad "a profile that is a path" 'profile: ' run --profile ../default a.py
bad "unknown option" '--tmie: ' run --tmie 5 a.py
bad "unknown backend" 'backend: "docker" .*jail' run --backend docker a.py
bad "unknown verb" '"frobnicate" is no verb' frobnicate
bad "network" 'network: none, or allow' run --network host a.py
bad "no network in the profile" 'network: .*default allows no network' run --network allow a.py
bad "tier" '--tier: ' run --tier 4 a.py
for value in 0 -1 nan inf 1e9 99999999999999999999999 5x '' ' ' 0x10; do
	bad "time $value" '--time: .*Try: ' run --time "$value" a.py
	bad "memory $value" '--memory: .*Try: ' run --memory "$value" a.py
done
for value in 0 -1 nan 1.5 99999999999999999999999 ''; do
	bad "processes $value" '--processes: ' run --processes "$value" a.py
done
bad "huge time" 'time: 1000h is more.*at most 10m' run --time 1000h a.py
bad "huge memory" 'memory: 1024G is more.*at most 4G' run --memory 1024G a.py
bad "huge processes" 'processes: .*at most 1024' run --processes 100000 a.py
bad "huge output" 'output: .*at most 64M' run --output 1G a.py
bad "disk over memory" 'disk: .*Try: ' run --disk 1G --memory 512M a.py
bad "missing file" 'file: there is no file' run missing.py
bad "a folder" 'file: folder is a folder.*Try: ' run folder
bad "1 GB" 'file: huge.py has 1G' run huge.py
bad "binary" 'code: .*NUL.*Try: ' run binary.py
bad "NUL" 'code: .*NUL byte in line 2' run nul.py
bad "CRLF for bash" 'code: .*CRLF.*Try: ' run crlf.sh
bad "no suffix" 'lang: .*Try: --lang' run noext
bad "no program" 'file: there is no program' run
bad "no command" 'command: there is no command' exec
bad "a command with a language" 'lang: ' exec --lang python -- true
bad "env without =" 'env: "X" is not.*Try: ' run --env X a.py
bad "env with a bad name" 'env: ' run --env 1X=2 a.py
bad "missing stdin" 'stdin: ' run --stdin missing a.py
bad "stdin is a folder" 'stdin: ' run --stdin folder a.py
bad "share without profiles" '--share' run --share /nowhere a.py
bad "words too many" '"x" is one word too many' doctor x

cp -r "$COOP_BUILD/share/coop" share
printf 'version = 1\n[profile]\ninherit = default\nsumary = x\n' \
	>share/profiles/typo.conf
bad "unknown key of a profile" '[^ ]*profiles/typo.conf:4: .*sumary.*Try: summary' \
	run --share share --profile typo a.py
printf 'version = 1\n[profile]\ninherit = default\n[limits]\nmemory = lots\n' \
	>share/profiles/typo.conf
bad "bad value of a profile" '[^ ]*profiles/typo.conf:5: ' \
	run --share share --profile typo a.py
echo '[language]' >share/languages/broken.conf
bad "an incomplete language" '[^ ]*languages/broken.conf: ' run --share share a.py
rm share/languages/broken.conf
head -c 100 "$COOP_BUILD/share/coop/filters/default.bpf" >share/filters/default.bpf
COOP_SHARE=$PWD/share bad "a damaged filter" '.*filter.*damaged' run a.py

# No permission for namespaces: doctor's explanation and a remedy.
unshare -U --map-root-user bash -c '
	echo 0 >/proc/sys/user/max_user_namespaces && exec "$0" exec -- echo ran' \
	"$COOP" >out 2>err </dev/null
is "no namespaces: exit 125" $? 125
like "no namespaces: why and what to do" "$(cat err)" \
	'^coop: user namespaces .*Try: .*coop doctor'
unlike "no namespaces: nothing ran" "$(cat out)" ran

# Another user, who has no rights here. The build may lie where others may not
# look, so a copy is run; nothing of root's state is in the environment.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	mkdir -p ours/share run
	cp -r "$COOP_BUILD/bin" "$COOP_BUILD/libexec" ours
	cp -r "$COOP_BUILD/share/coop" ours/share
	chmod 755 "$TEST_TMP"
	chmod -R a+rX ours
	(umask 077 && echo 'print("ran")' >mine.py)
	nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups env -i
		PATH=/usr/bin:/bin XDG_RUNTIME_DIR="$TEST_TMP/run" ours/bin/coop)
	chown 65534 run && chmod 700 run
	"${nobody[@]}" run mine.py >out 2>err
	is "unreadable: exit 125" $? 125
	like "unreadable: why" "$(cat err)" '^coop: file: cannot open mine.py: Perm'
	"${nobody[@]}" exec --tier 1 -- true 2>err
	is "tier 1 without rights: exit 125" $? 125
	like "tier 1 without rights: why" "$(cat err)" 'tier 2, not 1.*Try: .*--tier 2'
fi
done_testing
