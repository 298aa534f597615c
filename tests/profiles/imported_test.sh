#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A box of a profile that was imported from a file in podman's shape.
. tests/tap.sh

share=$TEST_TMP/share
cp -r "$COOP_BUILD/share/coop" "$share"
"$COOP_BUILD/libexec/coop/import-seccomp" tests/executor/profile/oci/podman.json \
	>"$share/profiles/podman.conf" 2>/dev/null

# The shape of podman's allows what these programs need.
is "a program runs in it" \
	"$("$COOP" exec --share "$share" --profile podman -- /bin/echo in 2>&1)" in
report=$("$COOP" exec --share "$share" --profile podman --json -- /usr/bin/python3 -c '
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
print(libc.mount(b"x", b"/tmp", b"tmpfs", 0, None), ctypes.get_errno())
libc.syscall(206, 1, 0)  # io_setup, which the parent would not allow either
print(ctypes.get_errno())
libc.mq_open(b"/x", 0)  # the parent would
print(ctypes.get_errno())' 2>&1)
like "mount is EPERM, the rest ENOSYS" "$report" '"stdout":"-1 1\\n38\\n38\\n"'

done_testing
