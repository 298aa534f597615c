#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Case 68: programs whose names look like options, and text that is none. The
# interpreter gets a file's path, whatever the file is called.
# shellcheck source=tests/tap.sh
. tests/tap.sh

cd "$TEST_TMP" || exit 1
for name in -c.py --version.py -.py 'a b.py' '$(id).py' ';id.py' '%s%n.py' \
	$'new\nline.py' $'\xe2\x80\xae.py'; do
	printf 'print("ran", __file__[-3:])\n' >"./$name"
	got=$(limit 30 "$COOP" run -- "$name" 2>&1 </dev/null)
	like "a program called $(printf %q "$name") runs, or is refused by name" \
		"$got" '^ran \.py$|^coop: (file|filename|program|code)'
	got=$(limit 30 "$COOP" run "./$name" 2>&1 </dev/null)
	like "./$(printf %q "$name") too" "$got" \
		'^ran \.py$|^coop: (file|filename|program|code)'
done

printf 'printf "ran\\n"\n' >./-e.sh
is "a shell script called -e.sh" "$(limit 30 "$COOP" run -- -e.sh 2>&1)" ran
printf 'console.log("ran")\n' >./-p.js
is "a node script called -p.js" \
	"$(limit 30 "$COOP" run --time "$(slow 10)" -- -p.js 2>&1)" ran
printf '#include <stdio.h>\nint main(void) { return !puts("ran"); }\n' \
	>./-fplugin=x.c
is "a C program called -fplugin=x.c" \
	"$(limit 60 "$COOP" run -- -fplugin=x.c 2>&1)" ran

# Bytes that are no text are the program's own problem, not Coop's.
printf 'print(1)\0\nprint(2)\n' >nul.py
got=$(limit 30 "$COOP" run --json nul.py 2>/dev/null </dev/null)
like "a NUL in the program is refused" "$got" '"code":"invalid_value"'
printf 'print(1)\r\nprint(2)\r\n' >crlf.py
is "line ends of Windows run" "$(limit 30 "$COOP" run crlf.py </dev/null)" \
	$'1\n2'
head -c 3000000 /dev/urandom >random.py
got=$(limit 30 "$COOP" run --json random.py 2>/dev/null </dev/null)
like "random bytes are a result or refused" "$got" \
	'"status":"failed"|"code":"(invalid_value|too_large)"'
head -c 70000000 /dev/zero >large.py
got=$(limit 60 "$COOP" run --json large.py 2>/dev/null </dev/null)
like "a program that does not fit is refused" "$got" \
	'"code":"too_large"|"code":"invalid_value"|"code":"internal"'
rm -f large.py

done_testing
