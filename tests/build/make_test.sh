#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The Makefile over a tree of a few lines: the first build is right, and so is
# the next one after each kind of change.
. tests/tap.sh

tree=$TEST_TMP/tree
mkdir -p "$tree"/{executor/{base,cmd,include},agentlib/{core,cmd},sandbox-profiles/profiles,tests,scripts}
cp Makefile "$tree"
cp scripts/*.map scripts/install-deps "$tree/scripts"
cp executor/base/banned.h "$tree/executor/base"
cd "$tree" || exit 1
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MODE CORO

echo '#define A_VALUE 1' >executor/base/a.h
echo 'int a(void);' >>executor/base/a.h
printf '#include "executor/base/a.h"\nint a(void) { return A_VALUE; }\n' >executor/base/a.c
printf 'int b(void);\nint b(void) { return 1; }\n' >executor/base/b.c
printf '#include "executor/base/a.h"\nint c(void);\nint c(void) { return a(); }\n' >agentlib/core/c.c
for main in executor/cmd/{coop,broker,egress,import_seccomp}_main.c agentlib/cmd/coop_team_main.c; do
	printf '#include "executor/base/a.h"\n#include <stdio.h>\nint main(void) { return printf("%%d\\n", a()) < 0; }\n' >$main
done
cat >executor/cmd/compile_filter_main.c <<'END'
#include <stdio.h>
int main(int argc, char **argv)
{
	FILE *f = fopen(argv[3], "w");
	return !f || fputs(argv[2], f) < 0 || fclose(f);
}
END
echo 'version = 1' >sandbox-profiles/profiles/default.conf

# built [MAKE ARGUMENT…]: what a build prints
built() {
	make --no-print-directory -j4 "$@" 2>&1
}
out=build/release

said=$(built)
is "the first build" "$("$out/bin/coop" && find build -name '*.bpf' -o -name '*.conf' -o -path '*/libexec/coop/*' -type f -o -name 'lib*' ! -name lib ! -name libexec | sort)" \
	"$(echo 1 && printf "$out/%s\n" lib/libcoop-agents.{a,so,so.0} lib/libcoop.{a,so,so.0} \
		libexec/coop/{broker,compile-filter,coop-team,egress,import-seccomp} \
		share/coop/{filters/default.bpf,profiles/default.conf})"
is "the next one does nothing" "$(built)" ''

sed -i 's/VALUE 1/VALUE 2/' executor/base/a.h
said=$(built)
like "another header compiles what includes it" "$said" 'CC +executor/base/a\.c'
unlike "and nothing else" "$said" 'b\.c'
is "and the programs are new" "$("$out/bin/coop")" 2

rm executor/base/b.c
said=$(built)
unlike "a source that went is in no library" "$(nm "$out/lib/libcoop.a")" ' T b$'
unlike "and compiles nothing" "$said" 'CC '

mv executor/base/a.h executor/base/new.h
sed -i 's,base/a\.h,base/new.h,' executor/*/*.c agentlib/*/*.c
ok "a header that got another name" make -j4

said=$(built CFLAGS=-DOTHER)
like "other flags compile all" "$said" 'agentlib/core/c\.c'
built >/dev/null
is "and then it is quiet again" "$(built)" ''

echo '# more' >>sandbox-profiles/profiles/default.conf
said=$(built)
like "another profile makes another filter" "$said" 'BPF .*default\.bpf'
unlike "and compiles nothing" "$said" 'CC '

said=$(built MODE=fast)
like "an unknown mode names the known" "$said" 'MODE=fast is not known.*release, debug, asan'

rm -rf build
printf '#!/bin/sh\necho "libfoo-dev is missing" >&2\nexit 1\n' >scripts/install-deps
said=$(built)
like "without the packages it says so" "$said" 'libfoo-dev is missing'
unlike "and compiles nothing" "$said" 'CC '

like "help lists the targets" "$(make help)" 'make check .*make layers .*make demo '

done_testing
