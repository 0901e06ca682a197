# SPDX-License-Identifier: Apache-2.0
# For the tests of letters: a home with three officers, zhang, chan and lee, and what is done in it.
py=/usr/bin/python3
record() { $py "$root/tests/cli/letter.py" record "$@"; }
request() { $py "$root/tests/cli/letter.py" request "$@"; }
day() { $py "$root/tests/cli/letter.py" day "$@"; }
letter() { "$HUFU" letter "$@" --home home; }

home_new() { # home_new: home, and the keys of its officers beside it
	runs 0 "$HUFU" init home --demo
	for n in zhang chan lee; do
		runs 0 "$HUFU" officer new $n
		runs 0 "$HUFU" officer enrol $n.pub --name "$n" --home home
	done
}

register() { # register FEED: its records become the home's
	runs 0 "$HUFU" issue "$1" --home home --thumbnails 0
}

approved() { # approved FILE: applied for and approved by two officers; its number is left in $number
	runs 0 letter apply "$1" --officer zhang --json
	number=$(sed -n 's/^{"application":\([0-9]*\),.*/\1/p' .io/out)
	runs 0 letter approve "$number" --officer chan
}

stage_is() { # stage_is NUMBER WORD
	runs 0 letter show "$1" --json
	out_has "\"stage\":\"$2\""
}

docids() { # docids < JSON lines of letter issue: "LANG DOCID" a line
	sed -n 's/.*"docid":"\([^"]*\)".*"lang":"\([^"]*\)".*/\2 \1/p'
}
