#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The man page holds what the option tables say, and mandoc finds nothing to mend.  man.sh TREE PROGRAM
. "$(dirname "$0")/lib.sh"
hufu=${2:-build/hufu}
need mandoc "$hufu"

page=docs/hufu.1
hold=$(mktemp -d) && trap 'rm -rf "$hold"' EXIT
"$hufu" help --man-options >"$hold/table" || not_ok 'the program prints its tables'
sed -n '/^\.\\" BEGIN COMMANDS/,/^\.\\" END COMMANDS/{/^\.\\" /d;p}' "$page" >"$hold/page"
[ -s "$hold/table" ] || not_ok 'the tables are not empty'
none "$page says what the tables say (make man writes it)" "$(diff -u "$hold/page" "$hold/table")"
cp docs/hufu-verify.1 "$hold/verify.1"
sh "$here/man-write.sh" "$hold/verify.1" "$hufu" verify || not_ok 'the page of hufu-verify can be written'
none 'docs/hufu-verify.1 says what the table of verify says (make man writes it)' "$(diff -u docs/hufu-verify.1 "$hold/verify.1")"
for p in docs/*.[1-8]; do
	none "mandoc has nothing against $p" "$(mandoc -Tlint -Wwarning "$p" 2>&1)"
done

# The usage line of each command names every option of its table and no other.
none 'usage lines and tables name the same options' "$(awk '
	function judge(  o) {
		for (o in used) if (!(o in listed)) print name ": " o " is in the usage only"
		for (o in listed) if (!(o in used)) print name ": " o " is missing from the usage"
		delete used; delete listed
	}
	/^\.Ss / { judge(); name = $3; next }
	{
		for (i = 1; i < NF; i++) if ($i == "Fl" || $i == ".Fl")
			if ($1 == ".It") { if ($(i + 1) ~ /^-/) listed[$(i + 1)] = 1; else letter[name, $(i + 1)] = 1 }
			else if ($(i + 1) ~ /^-/) used[$(i + 1)] = 1
			else shortened[name, $(i + 1)] = 1
	}
	/^\.It Fl . , Fl / { alias[name, $3] = $6; if ((name, $3) in shortened) used[$6] = 1 }
	END { judge() }' "$hold/table")"
finish
