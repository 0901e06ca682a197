#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Small shapes: a function at most 90 lines and complexity 20 (aim 50 and 15), a file at most 700 lines, at most 6
# parameters beside the arena in front and the error behind.
. "$(dirname "$0")/lib.sh"
need pmccabe

sources=$(find src -name '*.c' | sort)
[ -n "$sources" ] || not_ok 'src has sources'
# pmccabe: modified complexity, traditional, statements, first line, lines, file(definition line): name
shapes=$(pmccabe $sources /dev/null 2>/dev/null)
[ -n "$shapes" ] || not_ok 'pmccabe measured'

none 'functions have at most 90 lines' "$(printf '%s\n' "$shapes" | awk '$5 > 90 { print $6, $7 ": " $5 " lines" }')"
none 'functions have at most complexity 20' "$(printf '%s\n' "$shapes" | awk '$1 > 20 { print $6, $7 ": complexity " $1 }')"
none 'files have at most 700 lines' "$(wc -l $sources $(find src -name '*.h') | awk '$2 != "total" && $1 > 700 { print $2 ": " $1 " lines" }')"
# Shapes that are not ours to choose: callbacks of a library (hb_…_t) and signer_cose, which takes the parts of a
# Sig_structure (RFC 9052 section 4.4) one by one, so that nobody can sign bytes he shaped himself.
# A definition begins in column 1 and its parameter list ends in ")" before the "{" of column 1.
none 'functions take at most 6 parameters' "$(awk -f "$here/strip.awk" $sources | awk '
	{
		match($0, /^[^:]*:[0-9]*:/)
		place = substr($0, 1, RLENGTH - 1); text = substr($0, RLENGTH + 1)
	}
	text ~ /^[A-Za-z_].*\(/ && text !~ /;[ \t]*$/ { start = place; head = text; open = 1; next }
	text ~ /^\{/ && open {
		n = gsub(/,/, ",", head) - (head ~ /struct arena \*a,/) - (head ~ /struct err \*e\)/)
		if (n > 5 && head !~ /=|hb_[a-z_]+_t|signer_cose\(/) print start ": " n + 1 " parameters"
		open = 0
	}
	text ~ /;[ \t]*$/ { open = 0 }
	open { head = head text }')"

printf '%s\n' "$shapes" | sort -k5,5n | awk '
	$1 > 15 { complex++ } $5 > 50 { long++ } { lines[NR] = $5 }
	END { if (NR) printf "# %d functions: median %d lines, 90 %% within %d, longest %d; %d over 50 lines, %d over complexity 15\n",
		NR, lines[int((NR + 1) / 2)], lines[int(NR * .9)], lines[NR], long, complex }'
finish
