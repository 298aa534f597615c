#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# scripts/check-layers: a small tree that is right passes, and each planted
# violation is found and named.
. tests/tap.sh

root=$TEST_TMP/tree
objects=$TEST_TMP/obj

# put FILE: the file's text comes on standard input
put() {
	mkdir -p "$(dirname "$root/$1")"
	cat >"$root/$1"
}

# The tree that is right: base <- spec <- run <- cmd, and agentlib above.
fresh() {
	rm -rf "$root" "$objects"
	put executor/include/executor.h <<<'int coop_open(void);'
	put executor/base/err.h <<<'int err_set(int code);'
	put executor/base/err.c <<-'END'
		#include "executor/base/err.h"
		static const char *const names[] = { "a", "b" };
		int err_set(int code) { return names[code & 1][0]; }
	END
	put executor/base/mem.c <<-'END'
		void abort(void);
		void mem_die(void);
		void mem_die(void) { abort(); }
	END
	put executor/spec/limits.h <<<'int limits_check(int n);'
	put executor/spec/limits.c <<-'END'
		#include "executor/spec/limits.h"
		#include "executor/base/err.h"
		int limits_check(int n) { return err_set(n); }
	END
	put executor/run/run.c <<-'END'
		#include "executor/spec/limits.h"
		int coop_open(void);
		int coop_open(void) { return limits_check(1); }
	END
	put executor/cmd/coop_main.c <<-'END'
		#include <stdio.h>
		int main(void) { return puts("cmd/ may print") < 0; }
	END
	put agentlib/fiber/fiber.h <<<'int fiber_wait(void);'
	put agentlib/fiber/fiber.c <<-'END'
		#include "agentlib/fiber/fiber.h"
		#include "executor/base/err.h"
		#include "executor/include/executor.h"
		int fiber_wait(void) { return err_set(coop_open()); }
	END
}

layers() {
	local source
	for source in $(cd "$root" && find executor agentlib -name '*.c'); do
		mkdir -p "$(dirname "$objects/$source")"
		(cd "$root" && gcc -w -fPIC -I. -c -o "$objects/${source%.c}.o" "$source") || return 1
	done
	scripts/check-layers "$root" "$objects" 2>&1
}

# caught NAME PATTERN: the gate fails and says what
caught() {
	local said status=0
	said=$(layers) || status=$?
	is "$1: fails" "$status" 1
	like "$1: is named" "$said" "$2"
}

fresh
ok "a tree that is right passes" layers

fresh
put executor/base/err.c <<-'END'
	#include "executor/base/err.h"
	int limits_check(int n);
	int err_set(int code) { return limits_check(code); }
END
caught "a call upward" 'base/err\.c: uses limits_check of executor/spec/limits\.c'

fresh
put executor/base/err.h <<-'END'
	#include "executor/spec/limits.h"
	int err_set(int code);
END
caught "an include upward" 'base/err\.h:1: .*executor/base may not use executor/spec'

fresh
put executor/net/http.c <<<'int http_get(void); int http_get(void) { return 1; }'
put executor/spec/limits.c <<-'END'
	int http_get(void);
	int limits_check(int n) { return http_get(); }
END
caught "a call aside, from spec to net" 'spec/limits\.c: uses http_get'

fresh
put agentlib/fiber/fiber.c <<-'END'
	#include "executor/spec/limits.h"
	int fiber_wait(void) { return 0; }
END
caught "an include around the door" 'fiber\.c:1: .*agentlib/fiber may not use executor/spec'

fresh
put agentlib/fiber/fiber.c <<-'END'
	int limits_check(int n);
	int fiber_wait(void) { return limits_check(2); }
END
caught "a call around the door" 'fiber/fiber\.c: uses limits_check'

fresh
put executor/base/a.c <<<'int b(void); int a(void); int a(void) { return b(); }'
put executor/base/b.c <<<'int a(void); int b(void); int b(void) { return a(); }'
caught "a cycle of calls in one floor" 'cycle of calls.*base/a -> executor/base/b'

fresh
put executor/base/a.h <<<'#include "executor/base/b.h"'
put executor/base/b.h <<<'#include "executor/base/c.h"'
put executor/base/c.h <<<'#include "executor/base/a.h"'
caught "a cycle of includes" 'cycle of includes'

for call in 'printf("%d", 1)' 'puts("a")' 'exit(1)' 'abort()' 'perror("a")' \
	'fprintf(stderr, "a")' 'dprintf(2, "a")' 'fputs("a", stdout)' 'putchar(65)'; do
	fresh
	put executor/spec/limits.c <<-END
		#include <stdio.h>
		#include <stdlib.h>
		int limits_check(int n) { $call; return n; }
	END
	caught "$call in a library" 'spec/limits\.c: uses .*below cmd'
done

fresh
put executor/spec/limits.c <<-'END'
	#include <unistd.h>
	int limits_check(int n) { if (n) _exit(1); return n; }
END
ok "_exit of a forked child is allowed" layers

fresh
put executor/spec/limits.c <<-'END'
	static int calls;
	int limits_check(int n) { return n + ++calls; }
END
caught "state in a global" 'spec/limits\.c: calls is state in a global'

fresh
put executor/spec/limits.c <<<'#include "limits.h"'
caught "an include that is not from the root" 'limits\.c:1: includes "limits\.h"'

fresh
put executor/attic/old.c <<<'int old;'
caught "a folder that is no floor" 'executor/attic: is no floor'

done_testing
