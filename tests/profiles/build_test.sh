#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# build: make and compilers over several files at once, and the walls of default.
. tests/tap.sh
. tests/profiles/report.sh

project=$TEST_TMP/project
mkdir -p "$project"
for i in {1..8}; do
	echo "int f$i(void) { return $i; }" >"$project/f$i.c"
done
cat >"$project/main.cc" <<'END'
#include <iostream>
#include <regex>
extern "C" int f8(void);
int main()
{
	std::cout << std::regex_replace("built 0", std::regex("0"), std::to_string(f8())) << std::endl;
}
END
cat >"$project/Makefile" <<'END'
objects = $(patsubst %.c,%.o,$(wildcard *.c)) main.o
check: program
	./program
program: $(objects)
	g++ -o $@ $^
END
run_json exec --profile build --file "$project:." -- make -j8
is "make -j8" "$(get status)" ok
like "runs what it built" "$(get stdout)" $'\nbuilt 8$'
like "what it made is told" "$(get files)" '"path": "program"'
is "no call is refused" "$(get denied_syscall)" null

cat >"$TEST_TMP/many.py" <<'END'
import os, resource, sys, time
n = 0
try:
    while n < 200:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        n += 1
except BlockingIOError:
    pass
print(n + 1)
files = []
try:
    while len(files) < 2000:
        files.append(open("/dev/null"))
except OSError:
    pass
print(len(files) >= 2000)
END
run_json run --profile build "$TEST_TMP/many.py"
is "hundreds of processes and thousands of open files" "$(get stdout)" "201
True"
run_json run --profile default "$TEST_TMP/many.py"
is "which default has not" "$(get stdout)" "64
False"
cat >"$TEST_TMP/disk.py" <<'END'
with open("big", "wb") as f:
    for i in range(300):
        f.write(bytes(1 << 20))
print(f.closed)
END
run_json run --profile build "$TEST_TMP/disk.py"
is "files beyond default's" "$(get stdout)" True
run_json run --profile build tests/profiles/calls.py mbind mount unshare ptrace bpf io_uring_setup
is "the same walls" "$(get stdout)" \
	"$(printf '%s\n' 'mbind EPERM' 'mount EPERM' 'unshare EPERM' 'ptrace EPERM' 'bpf EPERM' 'io_uring_setup ENOSYS')"
run_json exec --profile build -- bash -c 'exec 3<>/dev/tcp/192.0.2.1/80'
like "no network" "$(get stderr)" 'Network is unreachable'
run_json exec --profile build -- touch /usr/bin/x
like "compilers cannot be changed" "$(get stderr)" 'Read-only file system'
run_json exec --profile build --time 5h -- true
is "not more than the ceiling" "$(get error.field)" time

done_testing
