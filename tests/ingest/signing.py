"""PDFs signed with a certificate that was made up on the spot."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pypdfium2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

SCHOOL = "某某职业技术学院"


def plain_pdf() -> bytes:
    """One empty sheet."""
    pdf = pypdfium2.PdfDocument.new()
    pdf.new_page(595, 842)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def signed_pdf(data: bytes | None = None, field: str = "Signature1") -> bytes:
    """The file with one more signature of the school."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data or plain_pdf()))
    out = signers.sign_pdf(
        writer,
        signers.PdfSignatureMetadata(field_name=field),
        signer=_signer(),
        new_field_spec=fields.SigFieldSpec(field),
    )
    return bytes(out.getvalue())


def added_to(data: bytes) -> bytes:
    """The file with another sheet size, written behind what is there as PDF editors do."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/MediaBox"] = generic.ArrayObject(generic.NumberObject(edge) for edge in (0, 0, 300, 300))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@cache
def _signer() -> Any:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SCHOOL)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
    bundle = pkcs12.serialize_key_and_certificates(
        b"school", key, made.sign(key, hashes.SHA256()), None, serialization.NoEncryption()
    )
    return signers.SimpleSigner.load_pkcs12_data(bundle, [])
