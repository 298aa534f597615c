# SPDX-License-Identifier: Apache-2.0
# Services of the host: by path, by abstract name, by port. The arguments are a
# socket, a port and a folder that the runner made for this.
import socket
import sys

import probe

guard, port = sys.argv[1], int(sys.argv[2])
paths = ["/var/run/docker.sock", "/run/docker.sock",
         "/run/containerd/containerd.sock", "/run/crio/crio.sock",
         "/run/podman/podman.sock", "/run/systemd/private",
         "/run/systemd/notify", "/run/dbus/system_bus_socket",
         "/run/user/1000/bus", "/run/coop", "/tmp/.X11-unix/X0",
         "/dev/log", guard + "/socket"]


def connecting(family, address, kind=socket.SOCK_STREAM):
    def call():
        with socket.socket(family, kind) as s:
            s.settimeout(2)
            s.connect(address)
    return call


for path in paths:
    probe.refused(path, connecting(socket.AF_UNIX, path), "ENOENT")
for name in ("coop-hostile-guard", "/containerd-shim/x.sock", "dbus-vfs"):
    probe.refused(f"abstract {name}",
                  connecting(socket.AF_UNIX, "\0" + name), "ECONNREFUSED")
for p in (port, 22, 80, 2375, 2376, 6443, 7300, 10250):
    probe.refused(f"127.0.0.1:{p}",
                  connecting(socket.AF_INET, ("127.0.0.1", p)),
                  "ECONNREFUSED")
    probe.refused(f"[::1]:{p}", connecting(socket.AF_INET6, ("::1", p)),
                  "ECONNREFUSED", "EADDRNOTAVAIL", "ENETUNREACH")
probe.end()
