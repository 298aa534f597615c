#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What `make install` does with a tree that is built: everything is where README.md
# says, and a program outside of this tree builds against it.
. tests/tap.sh

sanitize=
case $(basename "$COOP_BUILD") in
*asan*) sanitize=-fsanitize=address,undefined ;;
esac
version=$(sed -n 's/^VERSION *:= *//p' Makefile)
top=$TEST_TMP/root
prefix=$top/opt/coop
ok "installs" scripts/install-files "$COOP_BUILD" "$top" /opt/coop "$version" 0

is "files" "$(cd "$prefix" && find . -type f ! -path './share/*' -o -type l | sort | paste -sd' ')" \
	"$(echo ./bin/coop ./include/coop/{agents,executor}.h \
		./lib/libcoop{,-agents}.{a,so,so.0,so."$version"} \
		./lib/pkgconfig/coop{,-agents}.pc ./libexec/coop/{broker,coop-team,egress,import-seccomp} |
		tr ' ' '\n' | sort | paste -sd' ')"
is "the same profiles, languages and filters" \
	"$(cd "$prefix/share/coop" && find . -type f | sort)" \
	"$(cd "$COOP_BUILD/share/coop" && find . -type f | sort)"
ok "the installed coop runs" "$prefix/bin/coop" --version

cat >"$TEST_TMP/user.c" <<'END'
#include <coop/agents.h>
#include <coop/executor.h>
#include <stdio.h>
int main(void)
{
	return puts(coop_version()) < 0;
}
END
# The example of README.md: a run in a jail, by way of the installed library.
awk '/^```c$/ { inside = 1; next } /^```$/ { inside = 0 } inside' README.md >"$TEST_TMP/run.c"
cat >"$TEST_TMP/user.cc" <<'END'
#include <coop/agents.h>
#include <coop/executor.h>
int main() { return coop_version() == nullptr; }
END
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$top
# shellcheck disable=SC2046,SC2086  # words
build() {
	"$1" -Wall -Werror $sanitize -o "$TEST_TMP/user" "$2" \
		$(pkg-config --cflags --libs coop-agents coop)
}
ok "a C program builds against it" build gcc "$TEST_TMP/user.c"
is "and runs" "$(LD_LIBRARY_PATH=$prefix/lib "$TEST_TMP/user")" \
	"$version"
ok "README's example builds against it" build gcc "$TEST_TMP/run.c"
is "and finds its broker and profiles" \
	"$(env -u COOP_LIBEXEC -u COOP_SHARE LD_LIBRARY_PATH="$prefix/lib" "$TEST_TMP/user" 2>&1)" 'ok: 45'
ok "a C++ program builds against it" build g++ "$TEST_TMP/user.cc"
ok "and runs" env LD_LIBRARY_PATH="$prefix/lib" "$TEST_TMP/user"

done_testing
