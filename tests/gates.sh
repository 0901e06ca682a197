#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What every push must pass beside the tests, or with "long" what is too slow for that.  gates.sh BUILD [long]
cd "$(dirname "$0")/.." || exit 3
. tests/count.sh
build=$1

mk() { make --no-print-directory -j"$(nproc)" "$@"; }

quick() {
	step 'gcc builds without a warning' mk B="$build/gate-gcc" CC=gcc WERROR=-Werror objects all bench-programs
	step 'clang builds without a warning' mk B="$build/gate-clang" CC=clang WERROR=-Werror objects room-tests
	step 'gcc -fanalyzer finds nothing' mk B="$build/gate-analyzer" CC='gcc -fanalyzer' WERROR=-Werror objects
	step 'cppcheck finds nothing' cppcheck --quiet --std=c11 --enable=warning,portability,performance \
		--suppressions-list=tests/rules/cppcheck.txt --suppress=missingIncludeSystem \
		--error-exitcode=1 -j "$(nproc)" -D_POSIX_C_SOURCE=200809L -Isrc src
	step 'clang-format would change nothing' mk lint
	for rule in layers headers banned shape spdx words codes; do
		unit "rule $rule" sh tests/rules/$rule.sh .
	done
	unit 'rule globals' sh tests/rules/globals.sh . "$build/gate-gcc"
	unit 'rule closure' sh tests/rules/closure.sh . "$build/gate-gcc"
	unit 'rule man' sh tests/rules/man.sh . "$build/gate-gcc/hufu"
	unit 'rule reproducible' sh tests/rules/reproducible.sh .
	unit 'the rules can fail' sh tests/rules/selftest.sh
}

tidy() {
	export CHECKS='-*,bugprone-*,cert-*,clang-analyzer-*'
	# Said of every parameter list, of names POSIX asks for, of every fprintf, of every array of pointers; and of C11's
	# Annex K, which glibc has not.  -Wconversion watches over widths.
	CHECKS="$CHECKS,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-cert-dcl37-c,-cert-dcl51-cpp"
	CHECKS="$CHECKS,-cert-err33-c,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling"
	CHECKS="$CHECKS,-bugprone-sizeof-expression,-bugprone-implicit-widening-of-multiplication-result"
	# Slices have no NUL, long literals are joined, opcodes share a branch.
	CHECKS="$CHECKS,-bugprone-not-null-terminated-result,-bugprone-suspicious-missing-comma,-bugprone-branch-clone"
	# One file a process: clang-tidy 14 forgets what va_start did when it reads several.
	find src -name '*.c' ! -path src/base/err.c | sort | xargs -P "$(nproc)" -n 1 sh -c 'clang-tidy --quiet \
		--warnings-as-errors="*" --checks="$CHECKS" "$@" -- -std=c17 -D_POSIX_C_SOURCE=200809L -Isrc \
		-include tests/rules/tidy.h' tidy
}

long() {
	step 'clang-tidy finds nothing' tidy
	step 'the thread sanitizer builds' mk B="$build/tsan" TSAN=1 room-tests
	for program in "$build"/tsan/tests/*_tests; do
		unit "tsan $(basename "$program")" env TSAN_OPTIONS=halt_on_error=1:exitcode=134 "$program"
	done
	step 'valgrind builds' mk B="$build/valgrind" VALGRIND=1 room-tests
	for program in "$build"/valgrind/tests/*_tests; do
		unit "valgrind $(basename "$program")" valgrind -q --suppressions=tests/rules/valgrind.supp --error-exitcode=134 --leak-check=full \
			--errors-for-leak-kinds=definite "$program"
	done
}

case "${2-quick}" in
quick) quick ;;
long) long ;;
esac
total
