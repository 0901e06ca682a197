#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Calls that have no place here, hidden worlds below issue/, and words of the language the house style leaves out.
. "$(dirname "$0")/lib.sh"

code=$(find src -name '*.[ch]' | sort | xargs -r awk -f "$here/strip.awk")
[ -n "$code" ] || not_ok 'src has code'

# calls NAMES [EXCEPT]: lines that call one of NAMES outside the files that match EXCEPT
calls() {
	printf '%s\n' "$code" | grep -E "(^|[^A-Za-z0-9_>.])($1)[[:space:]]*\(" |
		grep -vE "^(${2:-nowhere}):" || true
}

none 'no call that cannot be bounded' "$(calls \
	'strcpy|strcat|stpcpy|strncpy|strncat|sprintf|vsprintf|gets|scanf|fscanf|sscanf|strtok|strtok_r|alloca|wcscpy|wcscat')"
none 'no call that reads a number without telling failure' "$(calls 'atoi|atol|atoll|atof')"
none 'no shell' "$(calls 'system|popen|execlp|execvp')"
none 'no call with hidden state' "$(calls \
	'asctime|ctime|gmtime|localtime|rand|srand|random|srandom|drand48|tmpnam|tempnam|mktemp|tmpfile|getpwnam|getpwuid|setlocale|strerror|setenv|putenv')"
none 'jumps stay with the picture decoders' "$(calls 'setjmp|longjmp|sigsetjmp|siglongjmp|_setjmp' '(src/scan/[^:]*|src/paper/jpeg\.c)')"
none 'below issue nothing reads clock, randomness or environment' "$(calls \
	'time|clock|clock_gettime|gettimeofday|timespec_get|getenv|secure_getenv|getentropy|getrandom|arc4random|arc4random_buf|randombytes_buf|randombytes|RAND_bytes' \
	'src/(base/env\.c|issue/|serve/|cli/)[^:]*')"
none 'exit is main'"'"'s' "$(calls 'exit|_exit|quick_exit|atexit' 'src/(cli/main\.c|keys/|serve/)[^:]*')"
none 'attributes have names (base/attr.h)' "$(printf '%s\n' "$code" | grep '__attribute__' | grep -v '^src/base/attr\.h:')"
none 'structs have no typedef' "$(printf '%s\n' "$code" | grep -E 'typedef[[:space:]]+(struct|union|enum)')"
none 'one exit: goto goes to out' "$(printf '%s\n' "$code" | grep -E '\bgoto[[:space:]]' | grep -vE 'goto[[:space:]]+out;')"
none 'no old C comment of the other kind' "$(grep -nE '^[[:space:]]*//' $(find src -name '*.[ch]') /dev/null)"
finish
