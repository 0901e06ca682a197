#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Letters are out, and the register turns: what hufu verify then says of each, and of those that told of it.
. tests/cli/lib.sh
. "$root/tests/cli/letter-home.sh"

# Days pass: SHIFT=SECONDS before a command moves its clock.
cat >shift.c <<'END'
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
time_t time(time_t *out)
{
	struct timespec now;
	const char *by = getenv("SHIFT");
	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec += by ? atol(by) : 0;
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}
END
gcc -shared -fPIC -O1 -o shift.so shift.c || exit 3
days_on() { # days_on N COMMAND...
	n=$1
	shift
	ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" SHIFT=$((n * 86400)) \
		LD_PRELOAD="$PWD/shift.so" "$@"
}

home_new
clean='discipline={"checked_at":"CHECKED","pending":"none","findings":[]}'
checked=$(date -u -d '-1 hour' +%FT%TZ)
clean=$(echo "$clean" | sed "s/CHECKED/$checked/")
dues='dues_paid_through="2099-12-31"'
spent="discipline={\"checked_at\":\"$checked\",\"pending\":\"none\",\"findings\":[{\"date\":\"2015-03-02\",\"sanction\":\"reprimand\",\"disclosable\":true,\"text_en\":\"Late filing\"}]}"

# member EDGE ID REV [PATH=JSON]...: an edge record as another member's
member() {
	edge=$1 id=$2 rev=$3
	shift 3
	record "$edge" "$rev" "member_id=\"$id\"" "member_no=\"9900000$(printf '%s' "$id" | cksum | cut -c1-5)\"" qualification=- "$@"
}

# Who holds what: a clean practising member each, but for those named.
holders="active resigned cancelled annulled fraud revoked expelled suspended sanction restriction warning backdated lately
	deceased transferred lapsed"
{
	for id in $holders; do member m-01 "$id" 1; done
	member m-06 w2 1 "$clean" "$dues"
	member m-01 w3 1 "$spent" "$dues"
	member m-01 told-active 1
	member m-10 told-suspended 1
	member m-11b told-annulled 1
	member m-11 told-revoked 1
	member m-01 told-resigned 1 'status="resigned"' "status_since=\"$(day -30)\""
} >before.jsonl
register before.jsonl

# One application each, all approved and issued together; "ID FILE" a line of letters.txt.
for id in $holders w2; do request "$id" "$id" 'profile="overseas-body"' >"r-$id"; done
request w3 w3 'profile="licence-abroad"' >r-w3
for id in told-active told-suspended told-annulled told-revoked told-resigned; do
	request "$id" "$id" 'doc="status_statement"' >"r-$id"
done
runs 0 letter apply r-* --officer zhang --json
cp .io/out applied
runs 0 letter approve $(seq "$(wc -l <applied)") --officer chan
runs 0 letter issue --now --out letters --json
$py - >letters.txt <<'END'
import json
who = {r["application"]: r["request_id"] for r in map(json.loads, open("applied"))}
for r in map(json.loads, open(".io/out")):
    print(who[r["application"]], r["file"])
END
file_of() { sed -n "s/^$1 //p" letters.txt; }
verify() { # verify ID [OPTION...]
	pdf=letters/$(file_of "$1")
	shift
	"$HUFU" verify "$pdf" --site site --keys home/policy.json "$@"
}

verdict() { # verdict ID WORD EXIT
	runs "$3" verify "$1" --json
	grep -q "\"verdict\":\"$2\"" .io/out || wrong "$1: want $2: $(cut -c1-130 .io/out)"
}

it 'each wording is issued, and genuine'
runs 0 "$HUFU" publish --home home --to site
holds test "$(wc -l <letters.txt)" -eq 23
while read -r id pdf; do verdict "$id" VALID 0; done <letters.txt
wording() {
	runs 0 verify "$1" --json
	out_has "\"wording\":$2"
}
wording active 1
wording w2 2
wording w3 3
wording told-active 4
wording told-suspended 4
wording told-annulled 5
wording told-resigned 5
wording told-revoked 6

it 'a letter that lists its findings prints them'
pdftotext -raw "letters/$(file_of w3)" - | tr '\n' ' ' >text
holds grep -q 'Late filing' text
pdftotext -raw "letters/$(file_of w2)" - | tr '\n' ' ' >text
holds grep -qi 'not entitled to sign' text

it 'the same register again ends nothing'
runs 0 "$HUFU" issue before.jsonl --home home --out same --thumbnails 0
holds sh -c '! grep -Eq "\"outcome\":\"(ended|withdrawn|suspended)\"" same/report.jsonl'

it 'whom a letter is for is asked, and answered'
runs 0 verify active --expect 'recipient=Northland Board of Accountancy' --json
out_has '"verdict":"VALID"'
runs 1 verify active --expect 'recipient=Southland Board of Accountancy' --json
out_has '"verdict":"NOT-FOR-YOU"'
runs 0 verify active --expect 'recipient=Northland Board of Accountancy,type=good-standing-letter' --json
runs 1 verify active --expect 'type=status-statement' --json
out_has '"verdict":"NOT-FOR-YOU"'
runs 0 verify told-active --expect 'type=status-statement'

# ---- the register turns ----
since="status_since=\"$(day 0)\""
finding() { # finding DATE SANCTION [ENDS]
	printf 'discipline={"checked_at":"%s","pending":"none","findings":[{"date":"%s","sanction":"%s","disclosable":true%s}]}' \
		"$checked" "$1" "$2" "${3:+,\"ends\":\"$3\"}"
}
{
	member m-01 active 2 qualification.passed_year=2018
	for id in resigned cancelled revoked expelled suspended deceased transferred lapsed; do
		member m-01 $id 2 "status=\"$id\"" "$since"
	done
	member m-01 annulled 2 'status="annulled"' 'status_reason="stopped_practising"' "$since"
	member m-01 fraud 2 'status="annulled"' 'status_reason="fraud"' "$since"
	member m-01 sanction 2 "$(finding "$(day 0)" suspension "$(day 90)")"
	member m-01 restriction 2 "restrictions=[{\"text_en\":\"No audits\",\"from\":\"$(day 0)\",\"until\":\"$(day 90)\"}]"
	member m-01 warning 2 "$(finding "$(day 1)" warning)"
	member m-01 backdated 2 "$(finding "$(day -400)" suspension "$(day 30)")"
	member m-01 lately 2 "$(finding "$(day -400)" warning)"
	member m-06 w2 2 "$clean" "$dues" 'status="resigned"' "$since"
	member m-01 w3 2 "$spent" "$dues" qualification.passed_year=2018
	member m-01 told-active 2 'status="resigned"' "$since"
	member m-10 told-suspended 2 qualification.passed_year=2018
	member m-11b told-annulled 2 'status_reason="fraud"'
	member m-11 told-revoked 2 qualification.passed_year=2018
	member m-01 told-resigned 2 'status="resigned"' "status_since=\"$(day -30)\"" qualification.passed_year=2018
} >turned.jsonl

it 'letters end, are withdrawn, or stand, as the register has turned'
runs 0 "$HUFU" issue turned.jsonl --home home --out turned --thumbnails 0
holds test "$(grep -c '"document":"good-standing-letter".*"outcome":"withdrawn"' turned/report.jsonl)" -eq 3
verdict active VALID 0
runs 0 "$HUFU" publish --home home --to site
for id in resigned cancelled annulled suspended sanction restriction backdated lately deceased transferred lapsed w2 told-active; do
	verdict $id ENDED 1
done
for id in fraud revoked expelled told-annulled; do verdict $id REVOKED 1; done
for id in active w3 warning told-suspended told-revoked told-resigned; do verdict $id VALID 0; done

it 'an ended letter says in both languages that the register has changed, and whom to ask'
runs 1 verify resigned
holds sh -c 'head -n 2 .io/out | grep -q "NO LONGER CURRENT"'
out_has 'the register has changed since; ask the Institute'
out_has 'Addressed to: Northland Board of Accountancy'
runs 1 env LC_ALL=zh_CN.UTF-8 "$HUFU" verify "letters/$(file_of resigned)" --site site --keys home/policy.json
out_has '已失效'
out_has '登记事项其后已变更，请向协会查询'
runs 1 verify resigned
cp .io/out words
runs 1 verify annulled
cat .io/out >>words
holds sh -c '! sed "/^Checked:/d; /^Not checked/d" words | grep -Eqi "revoked|withdrawn|作废|吊销|撤销"'

it 'a withdrawn letter says so of the document, and never of the person'
runs 1 verify revoked
out_has REVOKED
out_has 'this document has been withdrawn'
out_lacks 'certificate revoked'
runs 1 env LC_ALL=zh_CN.UTF-8 "$HUFU" verify "letters/$(file_of revoked)" --site site --keys home/policy.json
out_has '此文件已作废'
out_lacks 吊销

it 'the same turn again turns nothing more'
runs 0 "$HUFU" issue turned.jsonl --home home --out again --thumbnails 0
holds sh -c '! grep -Eq "\"outcome\":\"(ended|withdrawn|suspended)\"" again/report.jsonl'

it 'a sanction of tomorrow ends the letter tomorrow'
days_on 1 "$HUFU" issue turned.jsonl --home home --out tomorrow --thumbnails 0 >.io/out 2>.io/err
holds test "$(grep -c '"outcome":"ended"' tomorrow/report.jsonl)" -eq 1
runs 0 days_on 1 "$HUFU" publish --home home --to site
runs 1 days_on 1 "$HUFU" verify "letters/$(file_of warning)" --site site --keys home/policy.json --json
out_has '"verdict":"ENDED"'

it 'who is back in standing gets a new letter; the old one stays as it is'
{
	for id in suspended resigned; do member m-01 $id 3; done
	member m-10 told-suspended 3 'status="active"' status_since=- 'practice={"since":"2022-01-01"}' "$clean"
} >back.jsonl
sed -i "s/$checked/$(date -u +%FT%TZ)/" back.jsonl
runs 0 days_on 1 "$HUFU" issue back.jsonl --home home --thumbnails 0
runs 0 days_on 1 "$HUFU" publish --home home --to site
for id in suspended resigned; do
	runs 1 days_on 1 "$HUFU" verify "letters/$(file_of $id)" --site site --keys home/policy.json --json
	out_has '"verdict":"ENDED"'
done
runs 0 days_on 1 "$HUFU" verify "letters/$(file_of told-suspended)" --site site --keys home/policy.json --json
out_has '"verdict":"VALID"'

it 'what ended may still be withdrawn'
member m-01 cancelled 3 'status="revoked"' "$since" >worse.jsonl
runs 0 days_on 1 "$HUFU" issue worse.jsonl --home home --thumbnails 0
runs 0 days_on 1 "$HUFU" publish --home home --to site
runs 1 days_on 1 "$HUFU" verify "letters/$(file_of cancelled)" --site site --keys home/policy.json --json
out_has '"verdict":"REVOKED"'

it 'a letter past its last day is expired, whatever becomes of its member then'
member m-01 active 3 'status="resigned"' "status_since=\"$(day 95)\"" | sed "s/$checked/$(date -u -d '+95 days' +%FT%TZ)/" >late.jsonl
runs 0 days_on 90 "$HUFU" publish --home home --to site --refresh
runs 0 days_on 90 "$HUFU" verify "letters/$(file_of active)" --site site --keys home/policy.json --json
out_has '"verdict":"VALID"'
runs 0 days_on 95 "$HUFU" issue late.jsonl --home home --out late --thumbnails 0
holds sh -c '! grep -q "\"document\":\"good-standing-letter\"" late/report.jsonl'
runs 0 days_on 95 "$HUFU" publish --home home --to site
runs 1 days_on 95 "$HUFU" verify "letters/$(file_of active)" --site site --keys home/policy.json --json
out_has '"verdict":"EXPIRED"'
runs 1 days_on 95 "$HUFU" verify "letters/$(file_of revoked)" --site site --keys home/policy.json --json
out_has '"verdict":"REVOKED"'
runs 0 days_on 95 "$HUFU" audit --home home

it 'of many the worst answer counts'
runs 1 days_on 95 "$HUFU" verify "letters/$(file_of w3)" "letters/$(file_of active)" --site site --keys home/policy.json --json
finish
