# SPDX-License-Identifier: Apache-2.0
"""sealed_hanko.py FOLDER, by venv.sh: good/ and spoiled/ by pyHanko: integrity, path, time stamp, what later revisions did;
for B-LT revocation is demanded from the file's own evidence."""
import logging
import os
import sys

sys.dont_write_bytecode = True
import common  # noqa: E402
from pyhanko.keys import load_cert_from_pemder  # noqa: E402
from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: E402
from pyhanko.sign.validation import validate_pdf_signature  # noqa: E402
from pyhanko.sign.validation.dss import DocumentSecurityStore  # noqa: E402
from pyhanko_certvalidator import ValidationContext  # noqa: E402

logging.disable(logging.CRITICAL)


def look(path, root, ca, spoiled):
    name = os.path.basename(path)
    with open(path, "rb") as f:
        reader = PdfFileReader(f)
        seals = reader.embedded_regular_signatures
        common.say(len(seals) == 1 + ("two" in name), f"{name}: {len(seals)} seals")
        for seal in seals:
            context = ValidationContext(trust_roots=[root], other_certs=[ca], allow_fetching=False)
            status = validate_pdf_signature(seal, context, ts_validation_context=context)
            words = status.summary()
            good = status.bottom_line and ("TIMESTAMP_TOKEN" in words) == (not name.startswith("B-B"))
            common.say(not status.intact if spoiled else good, f"{name}: {seal.field_name} {words}")
            if name.startswith("B-LT"):
                common.say(long_term(reader, seal, root), f"{name}: {seal.field_name} is proved by the evidence in the file alone")


def long_term(reader, seal, root):
    """Certificates, OCSP answers and CRLs out of the file's DSS, and nothing without them."""
    context = DocumentSecurityStore.read_dss(reader).as_validation_context(
        {"trust_roots": [root], "allow_fetching": False, "revocation_mode": "require"})
    return validate_pdf_signature(seal, context, ts_validation_context=context).bottom_line


def main(folder):
    root, ca = (load_cert_from_pemder(os.path.join(folder, "pki", n + ".pem")) for n in ("root", "ca"))
    for part in ("good", "spoiled"):
        for path in common.documents(os.path.join(folder, part)):
            look(path, root, ca, part == "spoiled")
    common.finish()


if len(sys.argv) != 2:
    sys.exit("sealed_hanko.py FOLDER")
main(sys.argv[1])
