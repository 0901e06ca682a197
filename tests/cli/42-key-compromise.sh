#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A stolen issuing key, from the theft to the day after: nothing is issued anew.
. tests/cli/lib.sh

python=/usr/bin/python3 # PyNaCl and cbor2 are Debian's
trust="--site site --keys pinned.json"
key() { "$HUFU" key "$@" --home home; }
digits() { grep -ao '<hufu:token>[0-9]*' "$1" | tr -dc 0-9; }
verdict() { # verdict CODE WORD TARGET...
	code_wanted=$1 word=$2
	shift 2
	runs "$code_wanted" "$HUFU" verify "$@" $trust --json
	[ "$(grep -c "\"verdict\":\"$word\"" .io/out)" -eq "$(wc -l <.io/out)" ] ||
		wrong "want $word: $(grep -o '"verdict":"[A-Z-]*"' .io/out | tr '\n' ' ') for $*"
}
issue() { # issue SEED COUNT OUT
	"$python" "$root/tests/demo/members.py" "$1" "$2" | sed "s/\"member_id\":\"/&$3-/; s/\"member_no\":\"N99/\"member_no\":\"N9$1/" >"$3.jsonl"
	"$HUFU" issue "$3.jsonl" --home home --out "$3" --lang zh --thumbnails 0 >.io/out 2>.io/err
	[ "$?" -le 1 ] || wrong "$(cat .io/err)"
}

# steal HOME KID: the seed of a key of a home whose credential lies beside its keys, as its thief would read it
cat >steal.py <<'END'
import hashlib, json, pathlib, sys
import nacl.bindings as sodium
folder, kid = pathlib.Path(sys.argv[1]) / "keys", sys.argv[2]
def opened(key, text):
    whole = json.loads(text)
    aad = json.dumps({k: v for k, v in whole.items() if k not in ("nonce", "sealed")}, sort_keys=True, separators=(",", ":")).encode()
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(bytes.fromhex(whole["sealed"]), aad, bytes.fromhex(whole["nonce"]), key)
kek = json.loads((folder / "kek.json").read_text())
outer = hashlib.blake2b((folder / "passphrase").read_bytes(), digest_size=32, salt=bytes.fromhex(kek["salt"]), person=b"hufu/1/kek").digest()
print(opened(opened(outer, (folder / "kek.json").read_text()), next(folder.glob(f"*-{kid}.json")).read_text()).hex())
END
# forge.py SEED DIGITS IDX: the genuine token with another person in it, at a place of the thief's choice
cat >forge.py <<'END'
import sys, cbor2
from nacl.signing import SigningKey
seed, digits, idx = bytes.fromhex(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
protected, _, payload, _ = cbor2.loads(digits.to_bytes((digits.bit_length() + 7) // 8, "big"))
fields = cbor2.loads(payload)
fields[2], fields[3], fields[5] = idx, b"forged idx"[:10], "李鬼"
payload = cbor2.dumps(fields, canonical=True)
signed = cbor2.dumps(["Signature1", protected, b"hufu/1/cert\0verify.example.org", payload], canonical=True)
token = cbor2.dumps([protected, {}, payload, SigningKey(seed).sign(signed).signature], canonical=True)
print(int.from_bytes(token, "big"))
END
# cosign.py CHECKPOINT: the line of a witness that has looked (C2SP tlog-cosignature); cosign.py alone: its vkey
cat >cosign.py <<'END'
import base64, hashlib, sys, time
from nacl.signing import SigningKey
key, name = SigningKey(hashlib.sha256(b"a witness").digest()), "witness.example.net"
public = bytes(key.verify_key)
hash_ = hashlib.sha256(name.encode() + b"\n\x04" + public).digest()[:4]
if len(sys.argv) == 1:
    print("%s+%s+%s" % (name, hash_.hex(), base64.b64encode(b"\x04" + public).decode()))
    sys.exit()
text = open(sys.argv[1], "rb").read()
body, now = text.split(b"\n\n")[0] + b"\n", int(time.time())
signature = key.sign(b"cosignature/v1\ntime %d\n" % now + body).signature
sys.stdout.buffer.write("\u2014 {} {}\n".format(name, base64.b64encode(hash_ + now.to_bytes(8, "big") + signature).decode()).encode())
END

runs 0 "$HUFU" init home --demo
cp home/policy.json pinned.json # what verifiers hold, for good
issue 11 8 before
runs 0 "$HUFU" publish --home home --to site

it 'before the theft'
old=$(ls before/*.pdf)
verdict 0 VALID $old
genuine=
for f in $old; do
	key list --json | grep '"types":\[1\]' >.io/key
	number=$("$HUFU" verify "$f" $trust --json | grep -c '"type":"practising-certificate"')
	[ "$number" -eq 0 ] || genuine="$genuine $f"
done
set -- $genuine
holds test $# -ge 2
one=$1

it 'the thief signs what the issuer never did: not in the log, whatever place is claimed'
stolen=$(key list --json | grep '"state":"active","types":\[1\]' | grep -o '"kid":"[0-9a-f]*"' | cut -d'"' -f4)
seed=$("$python" steal.py home "$stolen")
size=$(sed -n 2p site/checkpoint)
below=$("$python" forge.py "$seed" "$(digits "$one")" 3)
past=$("$python" forge.py "$seed" "$(digits "$one")" "$((size + 5))")
verdict 1 NOT-IN-MANIFEST "$below"
runs 3 "$HUFU" verify "$past" $trust --json
out_has '"verdict":"PENDING"'

it 'the key is rotated, the stolen one cut off at the end of the log'
runs 0 key rotate --role issuing --number 1
runs 1 key compromise "$stolen" --from-idx "$((size + 1))"
runs 0 key compromise "$stolen" --from-idx "$size"
runs 0 "$HUFU" publish --home home --to site

it 'forged past the cut: compromised; below it: not in the log'
verdict 1 KEY-COMPROMISED "$past"
verdict 1 NOT-IN-MANIFEST "$below"

it 'without witnesses nobody can tell old documents from backdated ones: undecided, not condemned'
verdict 3 UNDECIDED $genuine
runs 3 "$HUFU" verify "$one" $trust --json
out_has '"reason":"'

it 'documents of other keys are as good as before'
for f in $old; do
	case " $genuine " in *" $f "*) ;; *) verdict 0 VALID "$f" ;; esac
done

it 'new documents are signed by the new key and valid; nothing else was issued'
issue 12 8 after
runs 0 "$HUFU" publish --home home --to site
verdict 0 VALID after/*.pdf
holds test "$(find home/documents -name '*.pdf' | wc -l)" -eq "$(($(ls before/*.pdf | wc -l) + $(ls after/*.pdf | wc -l)))"

it 'with a witness over the log the old documents are valid again, the forged ones as dead as before'
cosigned() { # publish, and bring the witness's line to what waits
	runs "$1" "$HUFU" publish --home home --to site
	"$python" cosign.py home/log/checkpoint >cosigned
	runs 0 "$HUFU" publish --home home --to site --cosig cosigned
}
"$python" cosign.py >witness.vkey
runs 0 key import witness.vkey --role witness --quorum 1
cosigned 0
verdict 0 VALID $old after/*.pdf
verdict 1 KEY-COMPROMISED "$past"
verdict 1 NOT-IN-MANIFEST "$below"

it 'while a checkpoint waits for its witness, a theft is answered all the same'
runs 0 "$HUFU" publish --home home --to site --refresh
runs 1 key rotate --role log
err_has 'waits for its witnesses'
manifest=$(key list --json | grep '"role":"manifest","state":"active"' | grep -o '"kid":"[0-9a-f]*"' | cut -d'"' -f4)
runs 0 key compromise "$manifest" --from-idx "$size"
cosigned 0

it 'the cut is lowered when the theft proves older'
runs 0 key compromise "$stolen" --from-idx 0
cosigned 0
verdict 1 KEY-COMPROMISED "$one" "$below"

it 'an older key list, from before the theft was known, is not believed by who has seen the newer one'
runs 1 "$HUFU" verify "$one" $trust --state memory --json
out_has 'KEY-COMPROMISED'
cp -a site rolled-back
cp home/keys/history/keys-1.note rolled-back/keys.note
runs 3 "$HUFU" verify "$one" --site rolled-back --keys pinned.json --state memory --json
out_lacks '"verdict":"VALID"'
finish
