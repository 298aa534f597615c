#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# strict: short programs of every language run, and what default gives beyond
# them is refused. COOP_LANGUAGES=all tries every language, else those that
# `make check` installs.
. tests/tap.sh
. tests/profiles/report.sh

languages='python bash javascript c c++'
if [ "${COOP_LANGUAGES-}" = all ]; then
	languages=$(sed -n 's/^language *| *\([^ ]*\) .*/\1/p' tests/languages/cases.table)
fi
for language in $languages; do
	for name in hello spawn; do
		for file in "tests/languages/$language/$name".*; do
			run_json run --profile strict --lang "$language" "$file"
			is "$language $name" "$(get status)" ok
		done
	done
done

# Calls that strict is without, and what default says to the same arguments.
# shellcheck disable=SC2086  # words
narrower='socket shmget semget msgget setxattr getxattr inotify_init1 splice memfd_create
mlockall execveat setuid fchownat mknodat pidfd_open personality'
run_json run --profile strict tests/profiles/calls.py $narrower
is "is without what default has" "$(get stdout | cut -d' ' -f2 | sort | uniq -c)" \
	"     $(wc -w <<<"$narrower") ENOSYS"
is "and says nothing of it" "$(get denied_syscall)" null
run_json run --profile default tests/profiles/calls.py $narrower
is "default has it" "$(get stdout | grep -cv ENOSYS)" "$(wc -w <<<"$narrower")"
run_json run --profile strict tests/profiles/calls.py mbind mount unshare ptrace bpf io_uring_setup
is "what default refuses is refused alike" "$(get stdout)" \
	"$(printf '%s\n' 'mbind EPERM' 'mount EPERM' 'unshare EPERM' 'ptrace EPERM' 'bpf EPERM' 'io_uring_setup ENOSYS')"
is "the first is named" "$(get denied_syscall)" mbind
is "strict allows nothing that default does not" \
	"$(sed 's/#.*//; /^ *$/d' sandbox-profiles/syscalls/strict.list | sort -u |
		comm -23 - <(sed 's/ *#.*//; /^ *$/d' \
			sandbox-profiles/syscalls/{process,memory,files,time,wait,ipc,sockets}.list | sort -u))" ''

cat >"$TEST_TMP/pair.py" <<'END'
import asyncio, socket
a, b = socket.socketpair()
a.sendall(b"x")
print(b.recv(1), asyncio.run(asyncio.sleep(0, "slept")))
try:
    socket.create_connection(("127.0.0.1", 80))
except OSError as e:
    print(e.errno)
END
run_json run --profile strict "$TEST_TMP/pair.py"
is "pairs and asyncio work, sockets do not" "$(get stdout)" "b'x' slept
38"

cat >"$TEST_TMP/fork.py" <<'END'
import os, time
n = 0
try:
    while n < 200:
        if os.fork() == 0:
            time.sleep(60)
        n += 1
except BlockingIOError:
    print("processes", n + 1)
try:
    with open("big", "wb") as f:
        for i in range(64):
            f.write(bytes(1 << 20))
except OSError as e:
    print("disk", e.errno, i)
END
run_json run --profile strict "$TEST_TMP/fork.py"
like "16 processes and 16 MiB of files" "$(get stdout)" '^processes 16
disk 28 1[0-9]$'
echo 'x = bytearray(400 << 20); print(len(x))' >"$TEST_TMP/memory.py"
run_json run --profile strict "$TEST_TMP/memory.py"
is "128 MiB of memory" "$(get status)" memory_limit
run_json run --profile strict --memory 512M "$TEST_TMP/memory.py"
is "more when asked" "$(get status)" ok
run_json run --profile strict --memory 1G "$TEST_TMP/memory.py"
is "not more than the ceiling" "$(get error.field)" memory
echo 'while True: pass' >"$TEST_TMP/spin.py"
run_json run --profile strict "$TEST_TMP/spin.py"
like "5 seconds" "$(get status) $(get limits.time_ms)" '^(time|cpu)_limit 5000$'

done_testing
