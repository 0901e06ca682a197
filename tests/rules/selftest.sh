#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A rule that cannot fail is none: each is run on a small clean tree, where it must pass, and on the same tree with one
# thing planted, where it must fail and say where.
rules=$(cd "$(dirname "$0")" && pwd)
top=$(mktemp -d) && trap 'rm -rf "$top"' EXIT
passed=0 failed=0

report() { # report OK NAME
	if [ "$1" -eq 0 ]; then
		passed=$((passed + 1)); printf 'ok %d - %s\n' $((passed + failed)) "$2"
	else
		failed=$((failed + 1)); printf 'not ok %d - %s\n' $((passed + failed)) "$2"
		sed 's/^/# /' "$top/log" | tail -n 20
	fi
}

put() { # put FILE < text
	mkdir -p "$top/tree/$(dirname "$1")"
	cat >"$top/tree/$1"
}

spdx='/* SPDX-License-Identifier: Apache-2.0 */'

clean() {
	rm -rf "$top/tree"
	mkdir -p "$top/tree"
	printf 'Apache License\n' | put LICENSE
	put src/base/a.h <<-X
	$spdx
	#ifndef HUFU_BASE_A_H
	#define HUFU_BASE_A_H
	#include <stddef.h>
	/* strcpy("in a comment") is none */
	int a_one(int x, const char *goto_out);
	#endif
	X
	put src/base/a.c <<-X
	$spdx
	#include "base/a.h"
	#include <pthread.h>
	static const char *const words[] = { "system(x)", "time(0) // no comment" };
	int a_one(int x, const char *text)
	{
		return text == words[0] ? x : 1;
	}
	X
	put src/json/b.c <<-X
	$spdx
	#include <cjson/cJSON.h>
	#include "base/a.h"
	X
	put src/scan/c.c <<-X
	$spdx
	#include <setjmp.h>
	static jmp_buf away;
	int c_jump(void);
	int c_jump(void)
	{
		return setjmp(away);
	}
	X
	put docs/hufu.1 <<-'X'
	.\" SPDX-License-Identifier: Apache-2.0
	.Dd November 24, 2026
	.Dt HUFU 1
	.Os
	.Sh NAME
	.Nm hufu
	.Nd a page
	.Sh COMMANDS
	.\" BEGIN COMMANDS
	.Ss hufu check
	.Nm hufu Cm check
	.Op Fl o Ar FILE
	.Op Fl -json
	.Bl -tag -width Ds
	.It Fl o , Fl -output Ar FILE
	Where to.
	.It Fl -json
	As JSON.
	.El
	.Ss hufu verify
	.Nm hufu Cm verify
	.Ar TARGET ...
	.Pp
	Check it.
	.\" END COMMANDS
	X
	put docs/hufu-verify.1 <<-'X'
	.\" SPDX-License-Identifier: Apache-2.0
	.Dd November 24, 2026
	.Dt HUFU-VERIFY 1
	.Os
	.Sh NAME
	.Nm hufu-verify
	.Nd a page
	.Sh DESCRIPTION
	One command.
	.\" BEGIN COMMANDS
	.Ss hufu verify
	.Nm hufu Cm verify
	.Ar TARGET ...
	.Pp
	Check it.
	.\" END COMMANDS
	X
	put fake-hufu <<-'X'
	#!/bin/sh
	sed -n '/BEGIN COMMANDS/,/END COMMANDS/{/^\.\\" /d;p}' docs/hufu.1
	X
	chmod +x "$top/tree/fake-hufu"
	printf '# SPDX-License-Identifier: Apache-2.0\nbuild/hufu: src/base/a.c\n\tmkdir -p build\n\tgcc %s\n' \
		'-g -ffile-prefix-map=$(CURDIR)=. -Isrc -shared -fPIC -o $@ src/base/a.c' | put Makefile
}

judge() { # judge RULE → status; the log holds what it said
	case "$1" in
	man) set -- man ./fake-hufu ;;
	globals)
		mkdir -p "$top/tree/build/src/base"
		gcc -I"$top/tree/src" -c -o "$top/tree/build/src/base/a.o" "$top/tree/src/base/a.c"
		set -- globals build
		;;
	esac
	sh "$rules/$1.sh" "$top/tree" ${2-} >"$top/log" 2>&1
}

passes() { # passes RULE
	clean
	judge "$1"
	report $? "$1 passes a clean tree"
}

# refuses RULE WHAT EVIDENCE: on the tree as it stands now
refuses() {
	if judge "$1"; then
		report 1 "$1 refuses $2"
	else
		grep -q '^not ok' "$top/log" && grep -q -- "$3" "$top/log"
		report $? "$1 refuses $2"
	fi
	clean
}

for rule in layers headers banned shape spdx words man globals reproducible; do
	passes $rule
done
clean

printf '%s\n#include "json/b.h"\n' "$spdx" | put src/base/up.c
refuses layers 'a lower room that includes a higher one' 'base stands below json'
printf '%s\n#include <cjson/cJSON.h>\n' "$spdx" | put src/base/lib.c
refuses layers 'a library outside its room' 'src/base/lib.c:2'
printf '%s\n#include <glib.h>\n' "$spdx" | put src/base/lib.c
refuses layers 'a library without a room' 'glib'
printf '%s\n#include "a.h"\n' "$spdx" | put src/base/near.c
refuses layers 'an include that does not name its room' 'not named from its room'
printf '%s\nint x;\n' "$spdx" | put src/attic/x.c
refuses layers 'a room that is in no order' 'src/attic'

printf '%s\n#ifndef HUFU_BASE_D_H\n#define HUFU_BASE_D_H\nsize_t d(void);\n#endif\n' "$spdx" | put src/base/d.h
refuses headers 'a header that needs another first' 'src/base/d.h (clang)'
printf '%s\n#ifndef D_H\n#define D_H\nint d(void);\n#endif\n' "$spdx" | put src/base/d.h
refuses headers 'a guard of another name' 'HUFU_BASE_D_H'

for call in 'strcpy(a, b)' 'sprintf (a, b)' 'atoi(a)' 'system(a)' 'popen(a, b)' 'localtime(a)' 'longjmp(a, 1)' 'time(NULL)' \
	'getenv(a)' 'strtok(a, b)' 'alloca(3)' 'exit(1)'; do
	printf '%s\nint f(void)\n{\n\treturn x + %s;\n}\n' "$spdx" "$call" | put src/base/bad.c
	refuses banned "$call" 'src/base/bad.c:4'
done
printf '%s\nint f(void) __attribute__((cold));\n' "$spdx" | put src/base/bad.h
refuses banned 'an attribute without a name' 'src/base/bad.h:2'
printf '%s\ntypedef struct x y;\n' "$spdx" | put src/base/bad.h
refuses banned 'a typedef of a struct' 'src/base/bad.h:2'
printf '%s\nvoid f(void)\n{\n\tgoto err2;\nerr2:;\n}\n' "$spdx" | put src/base/bad.c
refuses banned 'a second label' 'src/base/bad.c:4'

{ printf '%s\nint f(int x)\n{\n' "$spdx"; yes '	x++;' | head -n 90; printf '\treturn x;\n}\n'; } | put src/base/long.c
refuses shape 'a function over 90 lines' 'src/base/long.c.* 9[0-9] lines'
{ printf '%s\nint f(int x)\n{\n' "$spdx"; yes '	if (x == 7) x++;' | head -n 25; printf '\treturn x;\n}\n'; } | put src/base/knot.c
refuses shape 'a function of complexity 26' 'complexity 26'
{ printf '%s\n' "$spdx"; yes '' | head -n 700; } | put src/base/tall.c
refuses shape 'a file over 700 lines' 'src/base/tall.c: 701'
printf '%s\nint f(int a, int b, int c,\n\tint d, int e, int g, int h)\n{\n\treturn a;\n}\n' "$spdx" | put src/base/wide.c
refuses shape 'seven parameters' 'src/base/wide.c:2: 7 parameters'

printf '%s\nint f(void)\n{\n\treturn err_input(e, "NEVER-EXPLAINED", "x");\n}\n' "$spdx" | put src/base/code.c
refuses codes 'a code nobody explains' 'NEVER-EXPLAINED'

printf 'int x;\n' | put src/base/bare.c
refuses spdx 'a source without licence' 'src/base/bare.c'
rm -f "$top/tree/LICENSE"
refuses spdx 'a tree without LICENSE' 'LICENSE'

printf '/* TO''DO: all of it */\n' | put src/base/later.c
refuses words 'a promise' 'src/base/later.c:1'
printf 'see /ho''me/someone/notes\n' | put docs/notes.md
refuses words 'a path of one machine' 'docs/notes.md:1'
printf '{"resolved": "https://regis''try.npmjs.org/x"}\n' | put tests/interop/package-lock.json
refuses words 'a registry address' 'package-lock.json:1'

sed -i 's/^As JSON\.$/As text./' "$top/tree/docs/hufu.1"
printf '#!/bin/sh\nsed -n "/BEGIN COMMANDS/,/END COMMANDS/{/^\\.\\\\\\\\\\" /d;s/As text/As JSON/;p}" docs/hufu.1\n' >"$top/tree/fake-hufu"
refuses man 'a page that says something else' '+As JSON'
sed -i '/^\.Op Fl -json/d' "$top/tree/docs/hufu.1"
refuses man 'a usage line without an option' '-json is missing from the usage'
sed -i '/^\.El/d' "$top/tree/docs/hufu.1"
refuses man 'broken mdoc' 'mandoc'
sed -i 's/^Check it\.$/Believe it./' "$top/tree/docs/hufu-verify.1"
refuses man 'a page of hufu-verify that says something else' '+Check it'

printf '%s\n#include "base/a.h"\nint counter;\nint a_one(int x, const char *t)\n{\n\treturn x + !t + counter++;\n}\n' "$spdx" | put src/base/a.c
refuses globals 'a counter' 'counter'
printf '%s\nint f(void);\nint f(void)\n{\n\tstatic int n = 3;\n\treturn n++;\n}\n' "$spdx" | put src/base/a.c
refuses globals 'a static that changes' 'n\.'

sed -i 's/-ffile-prefix-map=[^ ]*//' "$top/tree/Makefile"
refuses reproducible 'a program that knows its folder' 'two folders give the same program'
sed -i 's/gcc/false/' "$top/tree/Makefile"
refuses reproducible 'a copy that does not build' 'builds'

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
