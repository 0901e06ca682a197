# SPDX-License-Identifier: Apache-2.0
"""A seal made without src/seal: a small public key infrastructure by the openssl program, CAdES by a DER writer of its own."""
import hashlib
import os
import subprocess

CONFIG = """
[req]
distinguished_name = dn
prompt = no
string_mask = utf8only
[dn]
CN = unused
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[ca]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
crlDistributionPoints = URI:http://crl.example.org/root.crl
authorityKeyIdentifier = keyid
[seal]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
extendedKeyUsage = 1.3.6.1.5.5.7.3.36, emailProtection
subjectKeyIdentifier = hash
authorityInfoAccess = OCSP;URI:http://ocsp.example.org/
authorityKeyIdentifier = keyid
[web]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityInfoAccess = OCSP;URI:http://ocsp.example.org/
authorityKeyIdentifier = keyid
[ocsp]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ts]
default_tsa = tsa_config
[tsa_config]
serial = tsa-serial
digests = sha256, sha384, sha512
default_policy = 1.2.3.4.1
signer_digest = sha256
ess_cert_id_alg = sha256
accuracy = secs:1
[ca_db]
default_ca = db
[db]
database = index.txt
default_md = sha256
default_crl_days = 7
"""


def run(*command, cwd, data=None):
    done = subprocess.run([str(c) for c in command], cwd=cwd, input=data, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.decode('utf-8', 'replace')}")
    return done.stdout


class Pki:
    """Root, issuing CA, seals on P-256 and RSA-2048, one of a local body, TSA; and a stranger's CA with the same names."""

    def __init__(self, folder, same_as=None):
        self.dir = folder
        os.makedirs(folder, exist_ok=True)
        self.serial = 0x100 if same_as is None else 0x100  # a forger copies serials too
        self.write("pki.cnf", CONFIG)
        self.write("index.txt", "")
        self.write("tsa-serial", "01\n")
        self.make("root", "Model Root", "root", None)
        self.make("ca", "Model Issuing CA", "ca", "root")
        self.make("p256", "示范注册会计师协会", "seal", "ca")
        self.make("rsa", "示范注册会计师协会", "seal", "ca", rsa=True)
        self.make("local", "示范省注册会计师协会", "seal", "ca")
        self.make("web", "示范注册会计师协会", "web", "ca")
        self.make("old", "示范注册会计师协会", "seal", "ca", days=-1)
        self.make("tsa", "Model TSA", "tsa", "ca")
        self.make("ocsp", "Model OCSP Responder", "ocsp", "ca")

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def read(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()

    def make(self, name, common_name, section, issuer, rsa=False, days=700):
        if rsa:
            run("openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", name + ".key", cwd=self.dir)
        else:
            run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", name + ".key", cwd=self.dir)
        run("openssl", "req", "-new", "-key", name + ".key", "-config", "pki.cnf", "-utf8", "-subj", f"/C=CN/O=Model Institute/CN={common_name}",
            "-out", name + ".csr", cwd=self.dir)
        self.serial += 1
        command = ["openssl", "x509", "-req", "-in", name + ".csr", "-extfile", "pki.cnf", "-extensions", section, "-sha256",
                   "-set_serial", self.serial, "-days", days, "-out", name + ".pem"]
        command += ["-signkey", name + ".key"] if issuer is None else ["-CA", issuer + ".pem", "-CAkey", issuer + ".key"]
        run(*command, cwd=self.dir)
        run("openssl", "x509", "-in", name + ".pem", "-outform", "DER", "-out", name + ".der", cwd=self.dir)

    def ocsp(self, name, issuer, out, revoked=False):
        """A response about one certificate, signed by its issuer's responder."""
        text = run("openssl", "x509", "-in", name + ".pem", "-noout", "-serial", cwd=self.dir).decode().strip().split("=")[1]
        status = "R\t350101000000Z\t250101000000Z" if revoked else "V\t350101000000Z\t"
        self.write("index.txt", f"{status}\t{text}\tunknown\t/CN=x\n")
        run("openssl", "ocsp", "-issuer", issuer + ".pem", "-cert", name + ".pem", "-no_nonce", "-reqout", "request.der", cwd=self.dir)
        run("openssl", "ocsp", "-index", "index.txt", "-rsigner", "ocsp.pem", "-rkey", "ocsp.key", "-CA", issuer + ".pem",
            "-reqin", "request.der", "-respout", out, "-ndays", "7", cwd=self.dir)

    def crl(self, issuer, out):
        self.write("index.txt", "")
        run("openssl", "ca", "-config", "pki.cnf", "-name", "db", "-gencrl", "-cert", issuer + ".pem", "-keyfile", issuer + ".key",
            "-out", "crl.pem", cwd=self.dir)
        run("openssl", "crl", "-in", "crl.pem", "-outform", "DER", "-out", out, cwd=self.dir)

    def token(self, imprint):
        """An RFC 3161 token over a SHA-256."""
        run("openssl", "ts", "-query", "-digest", imprint.hex(), "-sha256", "-cert", "-out", "query.tsq", cwd=self.dir)
        run("openssl", "ts", "-reply", "-config", "pki.cnf", "-section", "tsa_config", "-queryfile", "query.tsq", "-signer", "tsa.pem",
            "-inkey", "tsa.key", "-token_out", "-out", "token.der", cwd=self.dir)
        return self.read("token.der")

    def evidence(self, names=("p256", "rsa", "local")):
        """Arguments of `sealed draw` for level B-LT."""
        self.ocsp("tsa", "ca", "tsa.ocsp")
        self.crl("root", "root.crl")
        args = [f"cert={self.path(n)}.der" for n in ("ca", "root", "tsa")] + [f"crl={self.path('root.crl')}"]
        for name in names:
            self.ocsp(name, "ca", name + ".ocsp")
        return args + [f"ocsp={self.path(n)}.ocsp" for n in (*names, "tsa")]


# ---- DER (X.690) ----

def tlv(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes((tag, len(body))) + body
    size = (len(body).bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + len(body).to_bytes(size, "big") + body


def oid(text):
    first, second, *rest = map(int, text.split("."))
    out = []
    for value in [first * 40 + second, *rest]:
        digits = [value & 0x7F]
        while value > 0x7F:
            value >>= 7
            digits.append(0x80 | value & 0x7F)
        out += reversed(digits)
    return tlv(0x06, bytes(out))


def sequence(*parts):
    return tlv(0x30, *parts)


def set_of(*parts):
    return tlv(0x31, *sorted(parts))


def attribute(name, value):
    return sequence(oid(name), tlv(0x31, value))


def pieces(value):
    """What a constructed value holds, each whole."""
    def head(at):
        size = value[at + 1]
        if size < 128:
            return at + 2, size
        n = size & 0x7F
        return at + 2 + n, int.from_bytes(value[at + 2:at + 2 + n], "big")

    at, size = head(0)
    end, out = at + size, []
    while at < end:
        body, size = head(at)
        out.append(value[at:body + size])
        at = body + size
    return out


SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"))
ALGORITHMS = {"rsa": sequence(oid("1.2.840.113549.1.1.11"), tlv(0x05)), "ec": sequence(oid("1.2.840.10045.4.3.2"))}


SHA1 = sequence(oid("1.3.14.3.2.26"))


def cms(pki, name, digest, timestamp=False, chain=("ca",), signing_time=False, signers=1, key=None, spoil=None, sha1=False, stamper=None):
    """CAdES SignedData over a SHA-256.  What follows `chain` makes it wrong, one thing each."""
    hashed, ec = (SHA1, sequence(oid("1.2.840.10045.4.1"))) if sha1 else (SHA256, ALGORITHMS["ec"])
    cert = pki.read(name + ".der")
    attributes = [
        attribute("1.2.840.113549.1.9.3", oid("1.2.840.113549.1.7.1")),
        attribute("1.2.840.113549.1.9.4", tlv(0x04, digest)),
        attribute("1.2.840.113549.1.9.16.2.47", sequence(sequence(sequence(tlv(0x04, hashlib.sha256(pki.read((spoil or name) + ".der")).digest()))))),
    ]
    if signing_time:
        attributes.append(attribute("1.2.840.113549.1.9.5", tlv(0x17, b"261123000000Z")))
    signed = set_of(*attributes)
    signature = run("openssl", "dgst", "-sha256", "-sign", pki.path((key or name) + ".key"), cwd=pki.dir, data=signed)
    unsigned = b""
    if timestamp:
        token = (stamper or pki).token(hashlib.sha256(timestamp if isinstance(timestamp, bytes) else signature).digest())
        unsigned = tlv(0xA1, attribute("1.2.840.113549.1.9.16.2.14", token))
    body = pieces(pieces(cert)[0])
    at = 1 if body[0][0] == 0xA0 else 0
    serial, issuer = body[at], body[at + 2]
    algorithm = ALGORITHMS["rsa"] if name == "rsa" else ec
    info = sequence(tlv(0x02, b"\x01"), sequence(issuer, serial), hashed, b"\xa0" + signed[1:], algorithm, tlv(0x04, signature), unsigned)
    content = sequence(
        tlv(0x02, b"\x01"), tlv(0x31, hashed), sequence(oid("1.2.840.113549.1.7.1")),
        tlv(0xA0, cert, *(pki.read(c + ".der") for c in chain)), tlv(0x31, *[info] * signers))
    return sequence(oid("1.2.840.113549.1.7.2"), tlv(0xA0, content))


# ---- the file ----

def digest_of(pdf, hole, behind):
    return hashlib.sha256(pdf[:hole] + pdf[behind:]).digest()


def filled(pdf, hole, behind, der):
    room = behind - hole - 2
    if len(der) * 2 > room:
        raise ValueError(f"{len(der)} bytes for a hole of {room // 2}")
    return pdf[:hole + 1] + der.hex().encode().ljust(room, b"0") + pdf[behind - 1:]
