#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# scripts/check-style and run-cppcheck: what is right passes, each planted fault
# is found under the name of its rule.
. tests/tap.sh

root=$TEST_TMP/tree
spdx='/* SPDX-License-Identifier: Apache-2.0 */'

# put FILE: a file of the tree, text on standard input
put() {
	mkdir -p "$(dirname "$root/$1")"
	cat >"$root/$1"
}

# c FILE: the same with a head that is right
c() {
	{
		echo "$spdx"
		echo '/* What it is for. */'
		cat
	} | put "$1"
}

h() {
	{
		echo "$spdx"
		echo '#pragma once'
		echo '/* What it is for. */'
		cat
	} | put "$1"
}

style() {
	scripts/check-style "$root" 2>&1
}

# caught NAME RULE: the gate fails by that rule; the tree is emptied
caught() {
	local said status=0
	said=$(style) || status=$?
	is "$1: fails" "$status" 1
	like "$1: is named" "$said" "\\[$2\\]"
	rm -rf "$root"
}

# good NAME: the gate passes; the tree is emptied
good() {
	ok "$1" style
	rm -rf "$root"
}

# repeat N TEXT
repeat() {
	local i
	for ((i = 0; i < $1; i++)); do echo "$2"; done
}

h executor/base/str.h <<'END'
struct err;

/* Says what it does. */
int str_a(const char *s);
int str_b(const char *s);

int str_c(const char *s); /* trailing words are a contract too */

/* Five and the error value. */
int str_d(int a, int b, int c, int d, void (*e)(int, int, int), struct err *err)
	__attribute__((format(printf, 3, 4)));

extern const char *const str_table[];
typedef int str_fn(int a, int b);
#define STR_CALL(a) str_a(a)
struct str_ops {
	int (*call)(const char *s);
};
END
c executor/base/str.c <<'END'
#include "executor/base/str.h"
#include <string.h>

/* strcpy() and // in words and "strings" are no code. */
const char *const str_table[] = { "// strcpy(a, b)", "http://x", NULL };

int str_a(const char *s)
{
	for (; *s; s++) {
		if (*s == '"') {
			while (s[1] == '\'')
				s++;
		}
	}
	return 0;
}
END
good "files that are right pass"

put executor/base/a.c <<<'int a;'
caught "no licence line" licence
put scripts/thing <<<'#!/bin/sh'
caught "a script without a licence line" licence
put executor/base/a.c <<<"$spdx"$'\n#include <stdio.h>'
caught "no opening comment" opening
put executor/base/a.h <<<"$spdx"$'\n/* For. */\n#ifndef A\n#endif'
caught "include guards" pragma-once

h executor/base/a.h <<<'int a_new(int x);'
caught "a prototype without a contract" contract
h executor/base/a.h <<<$'/* About x. */\nint a_x;\n\nint a_new(int x);'
caught "a contract of something else" contract
h executor/base/a.h <<<$'static inline int a_one(void)\n{\n\treturn 1;\n}'
caught "an inline function without a contract" contract

h executor/base/a.h <<<$'/* A. */\nint a(int a, int b, int c, int d, int e, int f);'
caught "six parameters" parameters
c executor/base/a.c <<<$'static int a()\n{\n\treturn 1;\n}'
caught "an empty parameter list" parameters
c executor/base/a.c <<<$'typedef struct a {\n\tint x;\n} a_t;'
caught "a typedef of a struct" typedef

{ echo 'int a(void)'; echo '{'; repeat 99 '	a();'; echo '}'; } | c executor/base/a.c
caught "a function of 102 lines" function-length
{ echo 'int a(void)'; echo '{'; repeat 97 '	a();'; echo '}'; } | c executor/base/a.c
good "a function of 100 lines"
for ((i = 0; i < 100; i++)); do
	printf 'int a%d(void)\n{\n' "$i"
	if ((i < 3)); then repeat 60 '	a();'; fi
	echo '}'
done | c executor/base/a.c
caught "3 of 100 functions over 60 lines" function-length
repeat 499 '/* words */' | c executor/base/a.c
caught "a file of 501 lines" file-length
c executor/base/a.c <<'END'
int a(int b)
{
	if (b) { if (b) { if (b) { if (b) { if (b) { return 1; } } } } }
	return 0;
}
END
caught "five levels of nesting" nesting
c executor/base/a.c <<<"/* $(repeat 96 x | tr -d '\n') */"
caught "a line of 102 columns" line-length
c executor/base/a.c <<<'int a; '
caught "blanks at the end" blanks
c executor/base/a.c <<<'int a; // words'
caught "a // comment" comment

for call in 'strcpy(a, b)' 'sprintf(a, "x")' 'strtok(a, b)' 'atoi(a)' 'system(a)' \
	'popen(a, b)' 'alloca(3)' 'strncpy(a, b, 3)' 'gets(a)' 'mktemp(a)'; do
	c executor/base/a.c <<<$'int f(char *a, char *b)\n{\n\t'"$call;"$'\n}'
	caught "$call" banned
done

h executor/base/a.h <<<$'/* A. */\nint a(void);'
c executor/base/a.c <<<$'#include <stdio.h>\n#include "executor/base/a.h"'
caught "own header not first" own-header

c executor/base/a.c <<<$'#include <stddef.h>\nint f(void)\n{\n\tint *p = NULL;\n\treturn *p;\n}'
mkdir -p "$root/agentlib"
said=$(scripts/run-cppcheck 1 "$root" 2>&1) && status=0 || status=$?
is "cppcheck: a null pointer fails" "$status" 1
like "cppcheck: is named" "$said" nullPointer

done_testing
