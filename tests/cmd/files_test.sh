#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Files into a box and out of it.
. tests/tap.sh
cd "$TEST_TMP" || exit 1

mkdir -p tree/sub/deep
echo one >tree/1.txt
echo two >tree/sub/2.txt
printf '#!/bin/sh\necho runs\n' >tree/sub/deep/tool
chmod +x tree/sub/deep/tool
head -c 3000000 /dev/urandom >blob

out=$("$COOP" exec --file tree/1.txt -- cat 1.txt)
is "one file" "$out" one
out=$("$COOP" exec --file tree/1.txt:a/b/c.txt -- cat a/b/c.txt)
is "under another name" "$out" one
out=$("$COOP" exec --file tree/1.txt:a/ -- cat a/1.txt)
is "into a folder" "$out" one
out=$("$COOP" exec --file tree -- find tree -type f | sort | tr '\n' ' ')
is "a folder with all below it" "$out" \
	"tree/1.txt tree/sub/2.txt tree/sub/deep/tool "
out=$("$COOP" exec --file tree:. -- cat sub/2.txt)
is "a folder's content into /workspace" "$out" two
out=$("$COOP" exec --file tree -- ./tree/sub/deep/tool)
is "what can be executed stays so" "$out" runs
out=$("$COOP" exec --file blob -- sha256sum blob)
is "bytes as they are" "$out" "$(sha256sum blob)"

"$COOP" exec --file tree --file blob --collect got --json -- bash -c '
	echo new >new.txt; mkdir made; echo deep >made/x; echo more >>tree/1.txt
	cp tree/sub/2.txt same; ln -s /etc/passwd link; mkfifo pipe; chmod +x made/x
	rm blob; head -c 2000000 /dev/zero >zeros' >out
is "collect: exit status" $? 0
is "collect: what came out" "$(cd got && find . -type f | sort | tr '\n' ' ')" \
	"./made/x ./new.txt ./same ./tree/1.txt ./zeros "
is "collect: content" "$(cat got/new.txt got/made/x)" $'new\ndeep'
is "collect: a changed file" "$(cat got/tree/1.txt)" $'one\nmore'
ok "collect: can be executed" [ -x got/made/x ]
is "collect: size" "$(stat -c %s got/zeros)" 2000000
like "the result names them" "$(cat out)" '\{"path":"new.txt","size":4\}'
unlike "what was only put is not named" "$(cat out)" '"path":"tree/sub'
unlike "links and pipes are not named" "$(cat out)" '"path":"(link|pipe)"'

# Names come from the program: no link of the target folder is followed.
mkdir trap elsewhere
echo precious >elsewhere/file
ln -s "$PWD/elsewhere" trap/dir
ln -s "$PWD/elsewhere/file" trap/file
"$COOP" exec --collect trap -- bash -c \
	'mkdir dir; echo evil >dir/file; echo evil >file' 2>err
is "a link in the way: nothing is written through it" \
	"$(cat elsewhere/file)" precious
is "a link in the way is replaced" "$(cat trap/file)" evil
ok "a file's link has become a file" [ ! -L trap/file ]
like "a folder's link is refused, and said so" "$(cat err)" 'coop: collect: dir/file'

# refuse NAME PATTERN ARGUMENTS…
refuse() {
	local name=$1 pattern=$2 got
	shift 2
	"$COOP" exec "$@" -- echo ran >out 2>err </dev/null
	got=$?
	is "$name: exit 125" $got 125
	like "$name: why" "$(cat err)" "^coop: $pattern"
	is "$name: nothing ran" "$(cat out)" ""
}
ln -s tree/1.txt link
mkfifo pipe
mkdir linked && ln -s /etc/passwd linked/passwd
mkdir piped && mkfifo piped/pipe
truncate -s 1G huge
refuse "a missing file" 'file: there is no file or folder missing' --file missing
refuse "a link" 'file: link is a link' --file link
refuse "a link in a folder" 'file: linked/passwd is a link' --file linked
refuse "a pipe" 'file: pipe is neither' --file pipe
refuse "a pipe in a folder" 'file: piped/pipe is neither' --file piped
refuse "too large" 'file: huge: the files take 1G' --file huge
refuse "upwards" 'file: .*"\.\."' --file tree/1.txt:../x
refuse "upwards inside" 'file: .*"\.\."' --file tree/1.txt:a/../../x
refuse "absolute" 'file: .*absolute' --file tree/1.txt:/etc/x
refuse "a control character" 'file: .*control' --file "tree/1.txt:a"$'\n'"b"
refuse "nothing" 'file: ' --file ''
refuse "collect into a file" 'collect: ' --collect blob

if [ "$(id -u)" = 0 ]; then
	mkdir locked && echo secret >locked/file && chmod 700 locked
	refuse "as root everything can be read, but not a folder's device" \
		'file: /dev/null is neither' --file /dev/null
fi

out=$("$COOP" exec --disk 1M -- bash -c 'head -c 3000000 /dev/zero >f; echo $?' 2>&1)
like "a full disk is the program's own error" "$out" 'No space left|File size'
out=$("$COOP" exec --json -- bash -c 'truncate -s 1T sparse; echo x >small' 2>&1)
like "a file larger than the disk cannot be" "$out" '"path":"sparse","size":0'
"$COOP" exec --collect sparse -- bash -c 'truncate -s 50M sparse; echo x >small'
is "a sparse file comes out" "$(stat -c %s sparse/sparse)" 52428800
done_testing
