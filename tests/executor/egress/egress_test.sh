#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The allow-list with real boxes, the real proxy and a small internet in network
# namespaces of its own: every refusal is provoked, and what must not be reached
# says that it was not.
set -u
cd "$(dirname "$0")/../../.." || exit 1
. tests/tap.sh

here=tests/executor/egress
machine=coop-m$$ world=coop-w$$
if ! ip netns add "$machine" 2>/dev/null; then
	skip_all "network namespaces need root and ip"
fi
servers=()
# shellcheck disable=SC2317  # called by the trap
cleanup() {
	[ ${#servers[@]} = 0 ] || kill "${servers[@]}" 2>/dev/null
	wait 2>/dev/null
	ip netns del "$machine"
	ip netns del "$world"
	rm -rf -- "$TEST_TMP"
}
trap cleanup EXIT

# ---- the machine of the boxes, the world, and the wire between ----
{
	ip netns add "$world"
	ip link add coop-m netns "$machine" type veth peer name coop-w netns "$world"
	for n in 203.0.113.1/24 192.31.196.1/24; do ip -n "$machine" addr add $n dev coop-m; done
	for n in 203.0.113.2/24 203.0.113.53/24 192.31.196.10/24 169.254.169.254/32 10.9.9.9/32; do
		ip -n "$world" addr add $n dev coop-w
	done
	ip -n "$machine" -6 addr add 2620:4f:8000::1/64 dev coop-m nodad
	for n in 2620:4f:8000::10/64 fd00:ec2::254/128; do
		ip -n "$world" -6 addr add $n dev coop-w nodad
	done
	for n in "$machine" "$world"; do ip -n "$n" link set lo up; done
	ip -n "$machine" link set coop-m up
	ip -n "$world" link set coop-w up
	# everything is one hop away: only the policy stands between
	ip -n "$machine" route add default via 203.0.113.2
	ip -n "$machine" -6 route add default via 2620:4f:8000::10
} >&2 || exit 1

echo "nameserver 203.0.113.53" >"$TEST_TMP/resolv.conf"
echo "hosts: files dns" >"$TEST_TMP/nsswitch.conf"
echo "127.0.0.1 localhost" >"$TEST_TMP/hosts"
hits=$TEST_TMP/hits
serve() {
	ip netns exec "$1" /usr/bin/python3 $here/world.py "$hits" "$TEST_TMP/ready$1" "${@:2}" &
	servers+=($!)
}
serve "$world"
serve "$machine" host
for _ in $(seq 600); do
	[ -e "$TEST_TMP/ready$world" ] && [ -e "$TEST_TMP/ready$machine" ] && break
	sleep 0.1
done

share=$TEST_TMP/share
cp -r "$COOP_BUILD/share/coop" "$share"
profile() {
	printf 'version = 1\n[profile]\ninherit = default\n[limits]\ntime = 2m\nprocesses = 300\n[network]\n%s\n' \
		"$2" >"$share/profiles/$1.conf"
}
profile list 'mode = allow
allow = good.example *.below.example public.example
allow = dead.example nowhere.example
deny = b.a.below.example
allow_private = 203.0.113.0/24'
profile any 'mode = allow
allow = *:*'
profile empty 'mode = allow'
profile closed 'mode = none
allow = *:*'

export COOP_STATE=$TEST_TMP/state
log=$COOP_STATE/egress.log

# On the machine, with its own idea of names: machine COMMAND… Not by `ip netns
# exec`, which hides the cgroups.
machine() {
	nsenter --net="/run/netns/$machine" unshare -m sh -c '
		for f in resolv.conf nsswitch.conf hosts; do
			mount --bind "$0/$f" "/etc/$f" || exit 1
		done
		exec "$@"' "$TEST_TMP" "$@"
}
# client PROFILE PART [OPTION…]
client() {
	machine "$COOP" run --share "$share" --profile "$1" "${@:3}" $here/client.py "$2" </dev/null
}
# One line of what the client said: said STEP
said() {
	sed -n "s/^$1: //p" <<<"$out"
}

# ---- names, ports, redirects ----
out=$(client list list 2>&1)
blocked() {
	is "$1" "$(said "$2")" "403 $3 blocked by policy: $4"
}
is "an allowed host" "$(said good.example)" \
	"200 hello from 203.0.113.2 as good.example"
is "a name in other letters" "$(said GOOD.example.)" \
	"200 hello from 203.0.113.2 as good.example"
is "a name below the domain" "$(said a.below.example)" \
	"200 hello from 203.0.113.2 as a.below.example"
blocked "deny wins" b.a.below.example denied b.a.below.example
blocked "the domain itself is not below it" below.example host below.example
blocked "a name that only ends alike" evilbelow.example host evilbelow.example
blocked "a name that only begins alike" below.example.evil.test host below.example.evil.test
blocked "another host" evil.test host evil.test
is "a public address needs no word" "$(said public.example)" \
	"200 hello from 192.31.196.10 as public.example"
like "a host that does not answer" "$(said dead.example)" '^50[24] '
is "a name that nobody knows" "$(said nowhere.example)" \
	"502 coop proxy: nowhere.example:80: the name cannot be resolved"
is "port 80" "$(said 'port 80')" "200 hello from 203.0.113.2 as good.example"
blocked "another port" "port 81" port good.example
blocked "a port where something listens" "port 22" port good.example
is "CONNECT" "$(said 'CONNECT good.example:443')" "200 9 ping[end]"
blocked "CONNECT to another port" "CONNECT good.example:22" port good.example
blocked "CONNECT to another host" "CONNECT evil.test:443" host evil.test
is "a tunnel carries all bytes" "$(said 'CONNECT big')" "200 3000005 "
is "urllib" "$(said urllib)" "200 hello from 203.0.113.2 as good.example"
is "a redirect to an allowed host" "$(said redirect)" \
	"200 hello from 192.31.196.10 as public.example"
is "a redirect to the metadata address" "$(said 'redirect to metadata')" \
	"403 blocked by policy: 169.254.169.254"
is "a redirect to a private host" "$(said 'redirect to private')" \
	"403 blocked by policy: private.example"
is "a redirect to another host" "$(said 'redirect to other')" \
	"403 blocked by policy: evil.test"
like "the reason of a refused CONNECT is shown" "$(said 'urllib https')" \
	'403 Forbidden, blocked by policy: evil\.test'
not_ok "no name was asked for that is not on the list" \
	grep -E 'dns .*(evil|private|b\.a\.)' "$hits"
ok "names on the list were" grep -q 'dns nowhere.example' "$hits"

# ---- addresses: the list allows all, only the policy of addresses refuses ----
: >"$hits"
out=$(client any addresses 2>&1)
for host in 169.254.169.254 127.0.0.1 10.9.9.9 0.0.0.0 '\[::1\]' '\[fd00:ec2::254\]' \
	'\[2002:a9fe:a9fe::1\]' '\[fe80::1\]'; do
	blocked "address $host" "$host" address "${host//\\/}"
done
blocked "an address of the machine itself" 192.31.196.1 own_address 192.31.196.1
blocked "metadata as IPv6" '\[::ffff:169.254.169.254\]' address 169.254.169.254
blocked "metadata as IPv6 in hexadecimal" '\[::ffff:a9fe:a9fe\]' address 169.254.169.254
blocked "metadata behind NAT64" '\[64:ff9b::a9fe:a9fe\]' address '[64:ff9b::a9fe:a9fe]'
for host in 2852039166 0xa9fea9fe 169.254.43518 0251.0376.0251.0376; do
	like "number $host is no host" "$(said $host)" '^400 '
done
is "a public address" "$(said 192.31.196.10)" "200 hello from 192.31.196.10 as 192.31.196.10"
is "a public IPv6 address" "$(said '\[2620:4f:8000::10\]')" \
	"200 hello from 2620:4f:8000::10 as [2620:4f:8000::10]"
for name in private metadata loop zero metadata6 mapped nat64 sixtofour; do
	blocked "a name with the address of $name" $name address $name.example
done
blocked "a name of the machine itself" own own_address own.example
is "of several addresses only a public one is used" "$(said mixed)" \
	"200 hello from 192.31.196.10 as mixed.example"
is "a name with IPv6 only" "$(said six)" "200 hello from 2620:4f:8000::10 as six.example"
is "a name's first address is public" "$(said 'flip 1')" \
	"200 hello from 192.31.196.10 as flip.example"
blocked "its second is not: rebound" "flip 2" address flip.example
blocked "and stays so" "flip 3" address flip.example
is "CONNECT to a name of the metadata address" "$(said 'CONNECT metadata')" \
	"403 address blocked by policy: metadata.example"
is "CONNECT to the metadata address" "$(said 'CONNECT literal')" \
	"403 address blocked by policy: 169.254.169.254"
is "CONNECT to the proxy itself" "$(said 'CONNECT proxy')" \
	"403 address blocked by policy: 127.0.0.1"
not_ok "nothing of this was reached" \
	grep -E '^(http|echo) (169|127|10|fd00|192\.31\.196\.1 )' "$hits"
ok "the public ones were" grep -q '^http 2620:4f:8000::10 ' "$hits"

# ---- forms of HTTP ----
: >"$hits"
out=$(client list forms 2>&1)
for step in "host mismatch" "two hosts" "origin form" "CL and TE" "two CL" folded \
	"blank before colon" "bare LF" "user name" "https url" "no HTTP" "CONNECT body" \
	"bad chunk"; do
	like "refused: $step" "$(said "$step")" '^400 coop proxy: '
done
like "a head that is too large" "$(said 'big head')" '^431 coop proxy: '
is "HEAD" "$(said HEAD)" "200 "
is "HEAD refused" "$(said 'HEAD refused')" "403 host "
is "a chunked reply" "$(said chunked)" "b'2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n'"
is "a reply that ends with its connection" "$(said close)" "b'until the end'"
is "a reply that is cut short stays short" "$(said cut)" "b'short'"
like "a reply with two lengths is none" "$(said twice)" 'not acceptable HTTP'
is "a client that closes its half" "$(said 'half closed')" \
	"200 hello from 203.0.113.2 as good.example"
is "a large reply" "$(said big)" "5000000 True"
is "a slow reader gets all" "$(said 'slow reader')" "True"
is "a chunked request" "$(said 'chunked post')" "200 hello from 203.0.113.2 as good.example"
is "each request of a connection is decided" "$(said 'kept alive')" \
	"200 hello from 203.0.113.2 as good.example | 200 hello from 192.31.196.10 as public.example | 403 host blocked by policy: evil.test"
is "CONNECT behind a request" "$(said 'CONNECT behind')" \
	"200 hello from 203.0.113.2 as good.example | 403 host blocked by policy: evil.test"
is "CONNECT in a body" "$(said 'CONNECT in body')" "200 hello from 203.0.113.2 as good.example"
ok "stays in it" grep -q '^http 203.0.113.2 1 POST good.example /outer 55$' "$hits"
not_ok "a server's connection carries one request" grep -E '^http [^ ]+ [2-9]' "$hits"
not_ok "no server was asked for another host" grep evil "$hits"

# ---- around the proxy ----
out=$(client list direct 2>&1)
is "no route but the proxy" "$(said 'direct 203.0.113.2')" "Network is unreachable"
like "nor for IPv6" "$(said 'direct 2620:4f:8000::10')" 'unreachable|Cannot assign'
is "the proxy is there" "$(said 'direct 127.0.0.1')" "connected"
is "no datagram" "$(said udp)" "Network is unreachable"
is "no name is resolved inside" "$(said name)" "not resolved"
like "programs are told of it" "$(said variables)" "'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'"
for run in "list --network none" "closed" "default"; do
	# shellcheck disable=SC2086  # words on purpose
	set -- $run
	out=$(client "$1" direct "${@:2}" 2>&1)
	is "$run: nothing listens" "$(said 'direct 127.0.0.1')" "Connection refused"
	is "$run: no variables" "$(said variables)" "[]"
	is "$run: no route" "$(said 'direct 203.0.113.2')" "Network is unreachable"
done
out=$(client empty refused 2>&1)
blocked "an empty list: HTTP" good.example host good.example
blocked "an empty list: CONNECT" CONNECT host good.example

# ---- many, and the log ----
out=$(client list many 2>&1)
is "more connections than a box may have wait" "$(said many)" "150 of 150"
: >"$log"
out=$(client list refused 2>&1)
cat >"$TEST_TMP/check.py" <<'END'
import json, sys
for line in open(sys.argv[1]):
    d = json.loads(line)
    assert d["time"].endswith("Z") and d["who"] == "coop-egress" and d["box"]
    print(d["verdict"], d["why"], d.get("method"), d.get("host"), d.get("port"),
          d.get("rule"), d.get("address"))
END
is "every decision is logged" "$(/usr/bin/python3 "$TEST_TMP/check.py" "$log")" \
	"allow allowed GET good.example 80 good.example 203.0.113.2
refuse host GET evil.test 80 None None
allow allowed CONNECT good.example 443 good.example 203.0.113.2"
is "the log is nobody else's" "$(stat -c %a "$log")" 600
: >"$log"
out=$(client list flood 2>&1)
lines=$(wc -l <"$log")
ok "a box cannot fill the log" test "$lines" -ge 500 -a "$lines" -le 690

# ---- the proxy's own walls, and its death ----
# Of the newest proxy of this machine's broker: proxy_pids
proxies() {
	local pid
	for pid in $(ip netns pids "$machine"); do
		case $(cat "/proc/$pid/comm" 2>/dev/null) in
		"$1") echo "$pid" ;;
		esac
	done
}
mkfifo "$TEST_TMP/in" "$TEST_TMP/out"
begin() {
	machine "$COOP" run --share "$share" --profile list $here/client.py killed \
		<"$TEST_TMP/in" >"$TEST_TMP/out" 2>&1 &
	run=$!
	exec 7>"$TEST_TMP/in" 8<"$TEST_TMP/out"
	out=
	while read -r -t 60 line <&8 && [ "$line" != READY ]; do out+=$line$'\n'; done
}
begin
is "before it dies" "$(said before)" "200 hello from 203.0.113.2 as good.example"
proxy=$(proxies coop-egress) resolver=$(proxies coop-resolver)
status() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}
for pid in $proxy $resolver; do
	is "own uid ($(cat /proc/$pid/comm))" "$(status $pid Uid)" \
		$'1878982659\t1878982659\t1878982659\t1878982659'
	is "no groups" "$(status $pid Groups)" ""
	is "no capability" "$(status $pid CapPrm)$(status $pid CapBnd)$(status $pid CapEff)" \
		000000000000000000000000000000000000000000000000
	is "no new privileges" "$(status $pid NoNewPrivs)" 1
	is "a filter" "$(status $pid Seccomp)" 2
done
is "an empty root" "$(ls -A "/proc/$proxy/root/")" ""
is "one of each" "$(wc -w <<<"$proxy $resolver")" 2
kill -9 "$proxy"
for _ in $(seq 100); do [ -e "/proc/$resolver" ] || break; sleep 0.05; done
not_ok "the resolver ends with it" test -e "/proc/$resolver"
echo go >&7
exec 7>&-
out=$(cat <&8)
wait $run
like "without it the box has no network" "$(said after)" 'refused|reset'
is "but lives on" "$(said alive)" 42
exec 8<&-
out=$(client list refused 2>&1)
is "the next box has a new one" "$(said good.example)" \
	"200 hello from 203.0.113.2 as good.example"

begin
proxy=$(proxies coop-egress)
broker=$(awk '{print $4}' "/proc/$proxy/stat")
kill -9 "$broker"
for _ in $(seq 100); do [ -e "/proc/$proxy" ] || break; sleep 0.05; done
not_ok "the broker's death ends it" test -e "/proc/$proxy"
exec 7>&- 8<&-
wait $run
is "nothing is left" "$(proxies coop-egress)$(proxies coop-resolver)" ""

done_testing
