# SPDX-License-Identifier: Apache-2.0
"""The internet of egress_test.sh: a few servers and a name server in a network
namespace of their own. Writes one line per request to HITS, so that a test can
say what never arrived. world.py HITS READY"""
import os
import socket
import sys
import threading
import urllib.parse

HITS = open(sys.argv[1], "a", buffering=1)
PUBLIC, METADATA, PRIVATE = "192.31.196.10", "169.254.169.254", "10.9.9.9"

# what each name answers, query by query; the last stays
NAMES = {
    "good.example": [["203.0.113.2"]],
    "public.example": [[PUBLIC]],
    "a.below.example": [["203.0.113.2"]],
    "b.a.below.example": [["203.0.113.2"]],
    "below.example": [["203.0.113.2"]],
    "evilbelow.example": [["203.0.113.2"]],
    "below.example.evil.test": [["203.0.113.2"]],
    "evil.test": [["203.0.113.2"]],
    "private.example": [[PRIVATE]],
    "metadata.example": [[METADATA]],
    "loop.example": [["127.0.0.1"]],
    "zero.example": [["0.0.0.0"]],
    "own.example": [["192.31.196.1"]],
    "mixed.example": [[PRIVATE, PUBLIC, METADATA]],
    "flip.example": [[PUBLIC], [METADATA]],
    "six.example": [["2620:4f:8000::10"]],
    "metadata6.example": [["fd00:ec2::254"]],
    "mapped.example": [["::ffff:169.254.169.254"]],
    "nat64.example": [["64:ff9b::a9fe:a9fe"]],
    "sixtofour.example": [["2002:a9fe:a9fe::1"]],
    "dead.example": [["203.0.113.3"]],
}
asked = {}


def answer(name, kind):
    """Addresses of the family; a name's step counts once per A query."""
    steps = NAMES.get(name)
    if steps is None:
        return None
    if kind == 1:
        asked[name] = asked.get(name, -1) + 1
    step = steps[min(max(asked.get(name, 0), 0), len(steps) - 1)]
    return [a for a in step if (":" in a) == (kind == 28)]


def name_server():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("203.0.113.53", 53))
    while True:
        query, peer = s.recvfrom(512)
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode())
            at += query[at] + 1
        kind = int.from_bytes(query[at + 1:at + 3], "big")
        name = ".".join(labels).lower()
        HITS.write(f"dns {name}\n") if kind == 1 else None
        found = answer(name, kind)
        flags = 0x8580 if found is not None else 0x8583
        reply = query[:2] + flags.to_bytes(2, "big") + b"\0\1" + \
            len(found or []).to_bytes(2, "big") + b"\0\0\0\0" + query[12:at + 5]
        for a in found or []:
            data = socket.inet_pton(socket.AF_INET6 if ":" in a else socket.AF_INET, a)
            reply += b"\xc0\x0c" + kind.to_bytes(2, "big") + b"\0\1\0\0\0\0" + \
                len(data).to_bytes(2, "big") + data
        s.sendto(reply, peer)


def serve_http(conn, where):
    """Keeps connections open on purpose: one that is used twice shows it."""
    stream = conn.makefile("rb")
    count = 0
    while True:
        line = stream.readline()
        if not line:
            return
        count += 1
        headers = {}
        while (h := stream.readline().strip()):
            k, _, v = h.partition(b":")
            headers[k.strip().lower()] = v.strip()
        body = b""
        if b"content-length" in headers:
            body = stream.read(int(headers[b"content-length"]))
        elif headers.get(b"transfer-encoding") == b"chunked":
            while (n := int(stream.readline().split(b";")[0], 16)):
                body += stream.read(n)
                stream.readline()
            stream.readline()
        method, path = line.decode("latin1").split()[:2]
        host = headers.get(b"host", b"").decode()
        HITS.write(f"http {where} {count} {method} {host} {path} {len(body)}\n")
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)
        status, extra = "200 OK", b""
        text = f"hello from {where} as {host}\n".encode()
        if path.startswith("/redirect"):
            status = "302 Found"
            extra = b"Location: " + query["to"][0].encode() + b"\r\n"
        if path.startswith("/big"):
            text = b"x" * int(query["n"][0])
        if path.startswith("/chunked"):
            parts = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (b"ab", b"cde"))
            conn.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
                         parts + b"0\r\n\r\n")
            continue
        if path.startswith("/close"):
            conn.sendall(b"HTTP/1.0 200 OK\r\n\r\nuntil the end")
            return
        if path.startswith("/cut"):
            conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
            return
        if path.startswith("/twice"):
            conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                         b"Transfer-Encoding: chunked\r\n\r\nok")
            return
        conn.sendall(f"HTTP/1.1 {status}\r\n".encode() + extra +
                     b"Content-Length: %d\r\n\r\n" % len(text) +
                     (b"" if method == "HEAD" else text))


def serve_echo(conn, where):
    HITS.write(f"echo {where}\n")
    while (data := conn.recv(65536)):
        conn.sendall(data)
    conn.sendall(b"[end]")


def listen(address, port, serve):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    s = socket.socket(family, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, port))
    s.listen(512)

    def one(conn):
        try:
            with conn:
                serve(conn, address)
        except OSError:
            pass

    def loop():
        while True:
            threading.Thread(target=one, args=(s.accept()[0],), daemon=True).start()
    threading.Thread(target=loop, daemon=True).start()


if sys.argv[3:] == ["host"]:
    # what the machine of the boxes offers to itself and its neighbours
    for address in ("127.0.0.1", "192.31.196.1"):
        listen(address, 80, serve_http)
else:
    for address in ("203.0.113.2", PUBLIC, METADATA, PRIVATE, "2620:4f:8000::10",
                    "fd00:ec2::254"):
        listen(address, 80, serve_http)
        listen(address, 443, serve_echo)
        listen(address, 22, serve_echo)
    threading.Thread(target=name_server, daemon=True).start()
os.close(os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY, 0o600))
threading.Event().wait()
