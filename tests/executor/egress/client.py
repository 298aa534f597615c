# SPDX-License-Identifier: Apache-2.0
"""Runs inside of a box: one line per step, "STEP: RESULT". client.py PART"""
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request

PROXY = ("127.0.0.1", 3128)


def say(step, result):
    print(f"{step}: {result}", flush=True)


def brief(reply):
    """Status, reason of a refusal, first line of the body."""
    head, _, body = reply.partition(b"\r\n\r\n")
    lines = head.decode("latin1").split("\r\n")
    why = [l.split(": ")[1] for l in lines if l.startswith("X-Coop-Blocked")]
    first = body.decode("latin1").split("\n")[0]
    return " ".join([lines[0].split(" ")[1] if " " in lines[0] else "-"] + why + [first])


def raw(data, half_close=False):
    """Everything that the proxy answers to these bytes."""
    with socket.create_connection(PROXY, 20) as s:
        s.sendall(data)
        if half_close:
            s.shutdown(socket.SHUT_WR)
        reply = b""
        try:
            while (more := s.recv(65536)):
                reply += more
        except ConnectionResetError:
            reply += b"[reset]"
        return reply


def get(url, more="", method="GET", host=None):
    host = host or url.split("/")[2]
    return raw(f"{method} {url} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
               f"{more}\r\n".encode())


def fetch(step, url):
    say(step, brief(get(url)))


def connect(target, data=b"ping"):
    with socket.create_connection(PROXY, 20) as s:
        s.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        reply = s.recv(65536)
        if b" 200 " not in reply:
            while (more := s.recv(65536)):
                reply += more
            return brief(reply)
        s.sendall(data)
        s.shutdown(socket.SHUT_WR)
        got = b""
        while (more := s.recv(65536)):
            got += more
        return f"200 {len(got)} {got[:20].decode()}"


def part_list():
    for name in ("good.example", "a.below.example", "b.a.below.example", "below.example",
                 "evilbelow.example", "below.example.evil.test", "evil.test",
                 "GOOD.example.", "public.example", "dead.example", "nowhere.example"):
        fetch(name, f"http://{name}/")
    for port in (80, 81, 443, 22):
        fetch(f"port {port}", f"http://good.example:{port}/")
    for target in ("good.example:443", "good.example:22", "evil.test:443",
                   "a.below.example:22"):
        say(f"CONNECT {target}", connect(target))
    say("CONNECT big", connect("good.example:443", b"y" * 3000000)[:12])
    # through a library, as programs do it, redirects included
    for step, url in (("urllib", "http://good.example/"),
                      ("redirect", "http://good.example/redirect?to=http://public.example/"),
                      ("redirect to metadata",
                       "http://good.example/redirect?to=http://169.254.169.254/"),
                      ("redirect to private",
                       "http://good.example/redirect?to=http://private.example/"),
                      ("redirect to other", "http://good.example/redirect?to=http://evil.test/"),
                      ("urllib https", "https://evil.test/")):
        try:
            with urllib.request.urlopen(url, timeout=20) as reply:
                say(step, f"{reply.status} {reply.read().decode().strip()}")
        except urllib.error.HTTPError as e:
            say(step, f"{e.code} {e.read().decode().splitlines()[0]}")
        except OSError as e:
            say(step, e)


def part_addresses():
    for host in ("169.254.169.254", "127.0.0.1", "10.9.9.9", "0.0.0.0", "192.31.196.1",
                 "[::1]", "[fd00:ec2::254]", "[::ffff:169.254.169.254]",
                 "[::ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::1]",
                 "[fe80::1]", "2852039166", "0xa9fea9fe", "169.254.43518", "0251.0376.0251.0376",
                 "192.31.196.10", "[2620:4f:8000::10]"):
        fetch(host, f"http://{host}/")
    for name in ("private", "metadata", "loop", "zero", "own", "mixed", "six", "metadata6",
                 "mapped", "nat64", "sixtofour"):
        fetch(name, f"http://{name}.example/")
    for turn in (1, 2, 3):
        fetch(f"flip {turn}", "http://flip.example/")
    say("CONNECT metadata", connect("metadata.example:80"))
    say("CONNECT literal", connect("169.254.169.254:80"))
    say("CONNECT proxy", connect("127.0.0.1:3128"))


def part_forms():
    head = "GET http://good.example/ HTTP/1.1\r\nHost: good.example\r\n"
    say("host mismatch", brief(get("http://good.example/", host="evil.test")))
    say("two hosts", brief(raw((head + "Host: evil.test\r\n\r\n").encode())))
    say("origin form", brief(raw(b"GET / HTTP/1.1\r\nHost: good.example\r\n\r\n")))
    say("CL and TE", brief(raw((head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "0\r\n\r\nGET http://evil.test/ HTTP/1.1\r\n\r\n").encode())))
    say("two CL", brief(raw((head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n").encode())))
    say("folded", brief(raw((head + "X: a\r\n Host: evil.test\r\n\r\n").encode())))
    say("blank before colon", brief(raw((head + "Transfer-Encoding : chunked\r\n\r\n").encode())))
    say("bare LF", brief(raw(head.replace("\r\n", "\n").encode() + b"\n\r\n\r\n")))
    say("user name", brief(get("http://good.example@evil.test/", host="evil.test")))
    say("https url", brief(get("https://good.example/")))
    say("big head", brief(raw((head + "X: " + "y" * 70000).encode())))
    say("no HTTP", brief(raw(b"\x16\x03\x01\x02\x00")))
    say("CONNECT body", brief(raw(b"CONNECT good.example:443 HTTP/1.1\r\nContent-Length: 9\r\n\r\n")))
    say("HEAD", brief(get("http://good.example/", method="HEAD")))
    say("HEAD refused", brief(get("http://evil.test/", method="HEAD")))
    for path in ("chunked", "close", "cut", "twice"):
        say(path, get(f"http://good.example/{path}").split(b"\r\n\r\n", 1)[-1])
    say("half closed", brief(raw((head + "\r\n").encode(), half_close=True)))
    big = get("http://good.example/big?n=5000000").split(b"\r\n\r\n", 1)[1]
    say("big", f"{len(big)} {set(big) == {ord('x')}}")
    with socket.create_connection(PROXY, 20) as s:
        s.sendall(b"GET http://good.example/big?n=3000000 HTTP/1.1\r\nHost: good.example\r\n"
                  b"Connection: close\r\n\r\n")
        time.sleep(3)
        count = 0
        while (more := s.recv(65536)):
            count += len(more)
        say("slow reader", count > 3000000)
    post = (b"POST http://good.example/p HTTP/1.1\r\nHost: good.example\r\nConnection: close\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n") + b"1000\r\n" + b"z" * 4096 + b"\r\n0\r\n\r\n"
    say("chunked post", brief(raw(post)))
    bad = post.replace(b"\r\n0\r\n\r\n", b"\r\n0x0\r\n\r\n")
    say("bad chunk", brief(raw(bad)))
    # one connection, several hosts: each is decided anew
    first = "GET http://good.example/1 HTTP/1.1\r\nHost: good.example\r\n\r\n"
    other = "GET http://public.example/2 HTTP/1.1\r\nHost: public.example\r\n\r\n"
    evil = "GET http://evil.test/3 HTTP/1.1\r\nHost: evil.test\r\n\r\n"
    replies = raw((first + other + evil + first).encode()).split(b"HTTP/1.1 ")[1:]
    say("kept alive", " | ".join(brief(b"HTTP/1.1 " + r) for r in replies))
    inside = "CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test:443\r\n\r\n"
    replies = raw((first + inside).encode()).split(b"HTTP/1.1 ")[1:]
    say("CONNECT behind", " | ".join(brief(b"HTTP/1.1 " + r) for r in replies))
    # a request in the body of another stays a body
    body = (f"POST http://good.example/outer HTTP/1.1\r\nHost: good.example\r\n"
            f"Connection: close\r\nContent-Length: {len(inside)}\r\n\r\n{inside}")
    say("CONNECT in body", brief(raw(body.encode())))


def part_direct():
    say("variables", sorted(k for k in os.environ if "proxy" in k.lower()))
    for family, address in ((socket.AF_INET, ("203.0.113.2", 80)),
                            (socket.AF_INET6, ("2620:4f:8000::10", 80)),
                            (socket.AF_INET, PROXY)):
        try:
            with socket.socket(family) as s:
                s.settimeout(5)
                s.connect(address)
            say(f"direct {address[0]}", "connected")
        except OSError as e:
            say(f"direct {address[0]}", e.strerror)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        try:
            s.sendto(b"x", ("203.0.113.53", 53))
            say("udp", "sent")
        except OSError as e:
            say("udp", e.strerror)
    try:
        socket.getaddrinfo("good.example", 80)
        say("name", "resolved")
    except socket.gaierror:
        say("name", "not resolved")


def part_refused():
    for name in ("good.example", "evil.test"):
        fetch(name, f"http://{name}/")
    say("CONNECT", connect("good.example:443"))


def part_many():
    """More at once than a box may have: they wait, none is lost."""
    good = []

    def one():
        good.append(brief(get("http://good.example/")).startswith("200 "))
    threads = [threading.Thread(target=one) for _ in range(150)]
    held = [socket.create_connection(PROXY, 60) for _ in range(40)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    say("many", f"{sum(good)} of {len(good)}")
    for s in held:
        s.close()


def part_flood():
    for n in range(700):
        get(f"http://n{n}.evil.test/")
    say("flood", "done")


def part_killed():
    fetch("before", "http://good.example/")
    print("READY", flush=True)
    sys.stdin.readline()
    try:
        fetch("after", "http://good.example/")
    except OSError as e:
        say("after", e.strerror)
    say("alive", 6 * 7)


globals()["part_" + sys.argv[1]]()
