#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# coop run: every language, arguments, standard input, exit statuses, tracebacks.
. tests/tap.sh
cd "$TEST_TMP" || exit 1

# Runs; sets out, err, status.
run() {
	out=$("$COOP" "$@" 2>"$TEST_TMP/err")
	status=$?
	err=$(cat "$TEST_TMP/err")
}

cat >hello.py <<'END'
import sys
print("hello", *sys.argv[1:], sys.stdin.read().strip())
sys.exit(7)
END
cat >hello.sh <<'END'
echo hello "$@" "$(cat)"
exit 7
END
cat >hello.js <<'END'
const input = require("fs").readFileSync(0, "utf8").trim();
console.log("hello", ...process.argv.slice(2), input);
process.exit(7);
END
cat >hello.c <<'END'
#include <stdio.h>
int main(int argc, char **argv)
{
	char line[99] = "";
	if (!fgets(line, sizeof(line), stdin))
		return 1;
	printf("hello");
	for (int i = 1; i < argc; i++)
		printf(" %s", argv[i]);
	printf(" %s", line);
	return 7;
}
END
cat >hello.cpp <<'END'
#include <iostream>
#include <string>
int main(int argc, char **argv)
{
	std::string line;
	std::getline(std::cin, line);
	std::cout << "hello";
	for (int i = 1; i < argc; i++)
		std::cout << " " << argv[i];
	std::cout << " " << line << "\n";
	return 7;
}
END

for file in hello.py hello.sh hello.js hello.c hello.cpp; do
	out=$(echo input | "$COOP" run $file a 'b c' 2>&1)
	is "$file: its exit status" $? 7
	is "$file: arguments, standard input, output" "$out" "hello a b c input"
done

echo 'print("from standard input")' >stdin.py
out=$("$COOP" run --lang python - <stdin.py)
is "a program from standard input" "$out" "from standard input"
out=$(echo x | "$COOP" run --stdin none hello.sh)
is "--stdin none is empty" "$out" "hello "
echo from a file >input.txt
out=$(echo x | "$COOP" run --stdin input.txt hello.sh)
is "--stdin FILE" "$out" "hello from a file"
out=$("$COOP" run hello.sh <&-)
is "a closed standard input is empty" "$out" "hello "
out=$(head -c 300000 /dev/zero | tr '\0' x | "$COOP" exec -- wc -c)
is "much standard input" "$out" 300000
out=$(yes | "$COOP" exec -- head -1)
is "input that nobody reads does not hold it up" "$out" y

printf 'def f():\n    return 1 / 0\nprint("before")\nf()\n' >broken.py
run run broken.py
is "a traceback: exit status" $status 1
is "a traceback: what was printed before" "$out" before
like "a traceback names the file" "$err" 'File "/workspace/broken.py", line 4'
like "a traceback names the error" "$err" 'ZeroDivisionError: division by zero'

printf 'import helper\nprint(helper.x)\n' >main.py
echo 'x = 42' >helper.py
run run --file helper.py main.py
is "a module beside the script imports" "$out" 42

echo 'int main(void) { return x; }' >broken.c
run run broken.c
is "what does not compile is 126" $status 126
like "what the compiler says" "$err" "broken.c:1.*error"
like "a line of ours says so" "$err" "coop: compile_failed"
run run --json broken.c
like "in JSON: status" "$out" '"status":"compile_failed"'
like "in JSON: the compile step" "$out" '"compile":\{"id":.*"exit_code":1.*error'

printf '#include "part.h"\nint main(void) { return PART; }\n' >parts.c
echo '#define PART 9' >part.h
run run --file part.h parts.c
is "files are there when it compiles" $status 9

printf 'print("a")\r\nprint("b")\r\n' >crlf.py
run run crlf.py
is "CRLF is python's own business" "$out" $'a\nb'
: >empty.py
run run empty.py
is "an empty program" "$status$out$err" 0
printf 'print("\xff")\n' >latin.py
run run latin.py
like "bytes that are no UTF-8: the interpreter says so" "$err" "Non-UTF-8 code"
echo 'import sys; print(sys.argv)' >-c.py
run run -- -c.py -x
is "a name is never an option of the interpreter" "$out" "['./-c.py', '-x']"

run exec -- env
unlike "nothing of the host's environment" "$out" "COOP_BUILD|TEST_TMP"
like "PATH" "$out" $'(^|\n)PATH=/usr/local/bin:/usr/bin:/bin(\n|$)'
like "HOME" "$out" $'(^|\n)HOME=/workspace(\n|$)'
run exec --env A=1 --env 'B=two words' --env HOME=/tmp -- env
like "--env" "$out" $'(^|\n)A=1\nB=two words(\n|$)'
like "--env replaces" "$out" $'(^|\n)HOME=/tmp(\n|$)'
run exec -- pwd
is "it starts in /workspace" "$out" /workspace
run exec -- id
is "who it is" "$out" "uid=1000(user) gid=1000(user) groups=1000(user)"
run exec -- hostname
is "where it is" "$out" coop
done_testing
