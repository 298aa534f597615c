#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# python-data: numpy at work with more memory than default, its walls the same.
# pandas and matplotlib are tried where they are installed.
. tests/tap.sh
. tests/profiles/report.sh

cat >"$TEST_TMP/numpy_works.py" <<'END'
import os
import numpy as np
rng = np.random.default_rng(1)
a = rng.random((300, 300))
print(np.allclose(a @ np.linalg.inv(a), np.eye(300)), np.__name__)
print(len(os.listdir("/proc/self/task")) <= 2)
np.save("a.npy", a)
open(os.environ["XDG_CACHE_HOME"] + "x", "w").close()
os.makedirs(os.environ["MPLCONFIGDIR"])
print(os.environ["MPLBACKEND"], os.environ["OPENBLAS_NUM_THREADS"])
END
run_json run --profile python-data "$TEST_TMP/numpy_works.py"
is "numpy" "$(get stdout)" "True numpy
True
Agg 2"
is "no call of it is refused" "$(get denied_syscall)" null
is "its file is there, caches are not" "$(get files | grep -o '"path": "[^"]*"')" '"path": "a.npy"'

cat >"$TEST_TMP/plot.py" <<'END'
import importlib.util, os, sys
if not all(importlib.util.find_spec(m) for m in ("pandas", "matplotlib")):
    sys.exit(77)
import pandas as pd
import matplotlib.pyplot as plt
pd.DataFrame({"x": range(5), "y": range(5)}).plot("x", "y")
plt.title("Grüße")
plt.savefig("p.png")
print(sorted(os.listdir()))
END
run_json run --profile python-data "$TEST_TMP/plot.py"
if [ "$(get exit_code)" = 77 ]; then
	note "pandas and matplotlib are not installed"
else
	is "a figure, and nothing beside it" "$(get stdout)" "['p.png', 'plot.py']"
fi

# What default would not do, and what no profile does.
echo 'import numpy as np; print(np.ones(40_000_000).sum())' >"$TEST_TMP/large.py"
run_json run --profile python-data "$TEST_TMP/large.py"
is "320 MB of numbers" "$(get stdout)" 40000000.0
run_json run --profile default "$TEST_TMP/large.py"
is "which default has no memory for" "$(get status)" memory_limit
run_json run --profile python-data tests/profiles/calls.py mbind mount unshare bpf socket
is "the same walls; mbind is not there rather than refused" "$(get stdout)" \
	"$(printf '%s\n' 'mbind ENOSYS' 'mount EPERM' 'unshare EPERM' 'bpf EPERM' 'socket 0')"
cat >"$TEST_TMP/net.py" <<'END'
import socket
try:
    socket.create_connection(("192.0.2.1", 80), 5)
except OSError as e:
    print(e.errno)
END
run_json run --profile python-data "$TEST_TMP/net.py"
is "no network" "$(get stdout)" 101
run_json run --profile python-data --memory 32G "$TEST_TMP/net.py"
is "not more than the ceiling" "$(get error.field)" memory
for path in /etc/fonts /etc/mime.types; do
	run_json exec --profile python-data -- ls -d "$path"
	if [ -e $path ]; then
		is "$path is seen" "$(get stdout)" $path
	fi
done

done_testing
