#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A demo PKI for the tests of seals: pki.sh DIR PORT makes it in DIR, its services at 127.0.0.1:PORT (server.py).
#   root > issuing > seals; tsaroot > tsa; an OCSP responder each; and what is wrong on purpose.
set -e
dir=$1 port=$2
mkdir -p "$dir" && cd "$dir"
umask 077

cat >openssl.cnf <<EOF
[req]
distinguished_name = dn
prompt = no
[dn]
CN = unused
[anything]
countryName = optional
organizationName = optional
commonName = supplied
$(for ca in root issuing tsaroot rogue; do
	printf '[ca_%s]\ndatabase = %s.index\nnew_certs_dir = .\ncertificate = %s.pem\nprivate_key = %s.key\n' $ca $ca $ca $ca
	printf 'unique_subject = no\ndefault_md = sha256\npolicy = anything\ndefault_days = 3650\ndefault_crl_days = 30\nrand_serial = yes\n'
done)
[x_root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[x_issuing]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:http://127.0.0.1:$port/crl/root
[x_seal]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = 1.3.6.1.5.5.7.3.36,emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
authorityInfoAccess = OCSP;URI:http://127.0.0.1:$port/ocsp/issuing
[x_seal_crl]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
authorityInfoAccess = OCSP;URI:http://127.0.0.1:$port/ocsp/issuing
crlDistributionPoints = URI:http://127.0.0.1:$port/crl/issuing
[x_nowhere]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[x_usage]
basicConstraints = critical,CA:FALSE
keyUsage = critical,keyEncipherment
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[x_authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,digitalSignature,keyCertSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[x_tsa_mild]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[x_tsa_both]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping,emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[x_purpose]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[x_tsa]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
authorityInfoAccess = OCSP;URI:http://127.0.0.1:$port/ocsp/tsaroot
[x_ocsp]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[x_ocsp_checked]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:http://127.0.0.1:$port/crl/issuing
[tsa1]
serial = tsa.serial
signer_cert = tsa.pem
certs = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
other_policies = 1.3.6.1.4.1.99999.2
digests = sha256
accuracy = secs:1, millisecs:500
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[tsa2]
serial = tsa.serial
signer_cert = tsa2.pem
certs = tsa2.pem
signer_key = tsa2.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256
ess_cert_id_alg = sha256
EOF

# root NAME "CN": a self-signed certificate
root() {
	openssl req -x509 -new -key "$1.key" -sha256 -days 7300 -subj "/C=CN/O=Demo/CN=$2" -config openssl.cnf -extensions x_root \
		-out "$1.pem"
	: >"$1.index"
}

# sign CA NAME "CN" EXTENSIONS [options of openssl ca]
sign() {
	ca=$1 name=$2 cn=$3 ext=$4
	shift 4
	openssl req -new -key "$name.key" -subj "/C=CN/O=Demo/CN=$cn" -config openssl.cnf -out "$name.csr"
	openssl ca -batch -notext -config openssl.cnf -name "ca_$ca" -extensions "$ext" -in "$name.csr" -out "$name.pem" "$@" 2>ca.log ||
		{ cat ca.log >&2; exit 1; }
}

# genkey NAME KIND: a private key
genkey() {
	name=$1 kind=$2
	case $kind in
	rsa*) openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:${kind#rsa}" -out "$name.key" 2>/dev/null ;;
	p*) openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:P-${kind#p}" -out "$name.key" ;;
	*) openssl genpkey -algorithm "$kind" -out "$name.key" ;;
	esac
}

for pair in root:rsa3072 issuing:rsa3072 tsaroot:rsa3072 rogue:p256 tsa:rsa2048 tsa2:p256 tsa-rogue:p256 \
	ocsp-issuing:p256 ocsp-tsaroot:p256 ocsp-checked:p256 rsa2048:rsa2048 rsa3072:rsa3072 rsa4096:rsa4096 p256:p256 p384:p384 \
	p521:p521 ed25519:ED25519 rsa1024:rsa1024 fault:p256; do
	genkey "${pair%%:*}" "${pair##*:}"
done

root root 'Demo Root'
root tsaroot 'Demo Time Root'
sign root issuing 'Demo Issuing CA' x_issuing
: >issuing.index
# Another authority by the same name, with another key.
openssl req -x509 -new -key rogue.key -sha256 -days 7300 -subj '/C=CN/O=Demo/CN=Demo Issuing CA' -config openssl.cnf \
	-extensions x_root -out rogue.pem
: >rogue.index

sign issuing ocsp-issuing 'Demo Responder' x_ocsp
sign issuing ocsp-checked 'Demo Responder, checked' x_ocsp_checked
sign tsaroot ocsp-tsaroot 'Demo Time Responder' x_ocsp
sign tsaroot tsa 'Demo Time Stamps' x_tsa
sign tsaroot tsa2 'Demo Time Stamps 2' x_tsa
for name in mild both; do # not critical; not alone
	cp fault.key tsa-$name.key
	sign tsaroot tsa-$name "Demo Time Stamps, $name" x_tsa_$name
done
openssl req -x509 -new -key tsa-rogue.key -sha256 -days 7300 -subj '/CN=Nobody' -addext 'extendedKeyUsage=critical,timeStamping' \
	-out tsa-rogue.pem

for name in rsa2048 rsa3072 rsa4096 p256 p384 p521 ed25519; do
	sign issuing $name "Demo Seal $name" x_seal
done
sign issuing rsa1024 'Demo Seal rsa1024' x_seal

# wrong NAME EXTENSIONS [options]: a certificate for the key "fault"
wrong() {
	name=$1 ext=$2
	shift 2
	cp fault.key "$name.key"
	sign issuing "$name" "Demo $name" "$ext" "$@"
}
wrong expired x_seal -startdate 20200101000000Z -enddate 20210101000000Z
wrong future x_seal -startdate 20450101000000Z -enddate 20460101000000Z
wrong usage x_usage
wrong authority x_authority
wrong purpose x_purpose
wrong nowhere x_nowhere
wrong crl x_seal_crl
wrong sha1 x_seal -md sha1
wrong revoked x_seal_crl
openssl ca -config openssl.cnf -name ca_issuing -revoke revoked.pem 2>/dev/null
wrong unknown x_seal
grep -v 'CN=Demo unknown' issuing.index >i.tmp && mv i.tmp issuing.index
cp fault.key impostor.key
sign rogue impostor 'Demo impostor' x_seal

for ca in root issuing; do
	openssl ca -config openssl.cnf -name ca_$ca -gencrl -out $ca.crl.pem 2>/dev/null
	openssl crl -in $ca.crl.pem -outform DER -out $ca.crl
done
openssl ca -config openssl.cnf -name ca_root -gencrl -crl_lastupdate 20250101000000Z -crl_nextupdate 20250201000000Z \
	-out stale.crl.pem 2>/dev/null
openssl crl -in stale.crl.pem -outform DER -out stale.crl

echo 01 >tsa.serial
for name in rsa2048 rsa3072 rsa4096 p256 p384 p521 ed25519 rsa1024 expired future usage authority purpose nowhere crl sha1 revoked \
	unknown; do
	cat $name.pem issuing.pem root.pem >$name.chain
done
cat impostor.pem issuing.pem root.pem >impostor.chain
cat p256.pem root.pem >gap.chain
cat p256.pem issuing.pem >rootless.chain
cat issuing.pem root.pem >ca.chain
cp issuing.key ca.key
for name in rsa2048 rsa3072 p256 p384; do
	openssl pkcs12 -export -inkey $name.key -in $name.pem -certfile issuing.pem -passout pass:secret -out $name.p12
done
openssl pkcs8 -topk8 -in p256.key -passout pass:secret -out p256.enc
