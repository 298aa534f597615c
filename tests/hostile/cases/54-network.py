# SPDX-License-Identifier: Apache-2.0
# A network of nobody.
import os
import socket
import sys

import probe

devices = [l.split(":")[0].strip()
           for l in open("/proc/net/dev").readlines()[2:]]
probe.holds(f"only lo: {devices}", devices == ["lo"])
probe.holds("hostname", socket.gethostname() == "coop")
probe.holds("uname", os.uname().nodename == "coop")
for path in ("/proc/net/arp", "/proc/net/route"):
    probe.holds(f"{path} is empty", len(open(path).readlines()) <= 1)
for name, family, address in (
        ("metadata", socket.AF_INET, ("169.254.169.254", 80)),
        ("metadata 6", socket.AF_INET6, ("fd00:ec2::254", 80)),
        ("public", socket.AF_INET, ("8.8.8.8", 53)),
        ("private", socket.AF_INET, ("10.0.0.1", 80)),
        ("docker", socket.AF_INET, ("172.17.0.1", 2375)),
        ("public 6", socket.AF_INET6, ("2001:4860:4860::8888", 53)),
        ("multicast", socket.AF_INET, ("224.0.0.1", 1))):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        def call(f=family, k=kind, a=address):
            with socket.socket(f, k) as s:
                s.settimeout(2)
                s.connect(a)
        probe.refused(f"{name} {kind.name}", call, "ENETUNREACH",
                      "EADDRNOTAVAIL", "EACCES", "EHOSTUNREACH")
for name in ("example.com", "metadata.google.internal", "x.secret.example"):
    try:
        socket.getaddrinfo(name, 80)
        probe.holds(f"{name} has an address", False)
    except socket.gaierror:
        probe.holds(name, True)
# a listener of our own works, and is ours alone
s = socket.create_server(("127.0.0.1", 0))
c = socket.create_connection(s.getsockname())
probe.holds("own loopback", c.getpeername() == s.getsockname())
probe.refused("a low port", lambda: socket.create_server(("127.0.0.1", 80)),
              "EACCES")
probe.refused("the host's port", lambda: socket.create_connection(
    ("127.0.0.1", int(sys.argv[1])), 2), "ECONNREFUSED")
probe.end()
