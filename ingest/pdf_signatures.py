"""Verifies the digital signatures of a PDF (door: pyHanko). Nothing is fetched and nobody is asked.

What a signature says of the bytes is proven; whose it is, only a trusted root could prove, and none is configured.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from ingest.document import DigitalSignature

for library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(library).setLevel(logging.CRITICAL)  # it tells of what it reads, with tracebacks

T = TypeVar("T")
MARK = b"/ByteRange"
"""Stands in every signed PDF as it is, for a signature cannot lie in a compressed stream."""
_SIGNED = re.compile(MARK + rb"\s*\[\s*\d+\s+\d+\s+\d+\s+\d+\s*\]")
_BROKEN = DigitalSignature(signer="", signed_at=None, intact=False, covers_file=False, altered=True)
_DIGESTS = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"}


def verify(data: bytes) -> tuple[DigitalSignature, ...]:
    """The signatures of a PDF in the order of their signing; none for what is no PDF, or opens with a password only.

    Never raises: a signature that cannot be made out is one that is not intact.
    """
    if not _SIGNED.search(data):
        return ()
    try:
        reader, fields = _open(data)
    except Exception:  # noqa: BLE001 - a broken file breaks the library in many ways
        return (_BROKEN,)
    return tuple(_verify(reader, field) for field in fields) if reader else ()


def objection(signatures: Sequence[DigitalSignature]) -> str:
    """Why the signatures of one file cannot stand, in Chinese and with what to do; empty when they can.

    A signature whose algorithm is not known here (SM2, say) is held against nobody.
    """
    if any(one.intact is False for one in signatures):
        return "数字签名校验不通过，文件在签名后可能被改动，请与学校核实，并请学校重新签名后发送。"
    if any(one.altered for one in signatures):
        return "文件在数字签名之后又添加了内容，签名不涵盖整个文件，请核对添加之处，并请学校重新签名后发送。"
    return ""


def _open(data: bytes) -> tuple[Any, list[Any]]:
    """The reader and the signed fields; no reader when the file has a password."""
    from pyhanko.pdf_utils.crypt import AuthStatus
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import enumerate_sig_fields

    reader = PdfFileReader(io.BytesIO(data), strict=False)
    if reader.encrypted and reader.decrypt(b"").status == AuthStatus.FAILED:
        return None, []
    return reader, list(enumerate_sig_fields(reader, filled_status=True))


def _verify(reader: Any, field: tuple[str, Any, Any]) -> DigitalSignature:
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    name, _, reference = field
    try:
        signature = EmbeddedPdfSignature(reader, reference, name)
        signature.compute_integrity_info()
    except Exception:  # noqa: BLE001 - made up of foreign bytes, like all that follows
        return _BROKEN
    context = ValidationContext(trust_roots=[], allow_fetching=False, weak_hash_algos=set())
    validate = validate_pdf_timestamp if signature.sig_object_type == "/DocTimeStamp" else validate_pdf_signature
    try:
        status = validate(signature, context)
        intact: bool | None = bool(status.intact and status.valid)
    except Exception:  # noqa: BLE001
        intact = False if _is_known(signature) else None
    permitted = signature.summarise_integrity_info()["docmdp_ok"]
    return DigitalSignature(
        signer=_or_none(lambda: _name(signature.signer_cert)) or "",
        signed_at=_or_none(lambda: _aware(signature.self_reported_timestamp)),
        intact=intact,
        covers_file=signature.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        altered=not permitted,
    )


def _is_known(signature: Any) -> bool:
    """Whether its algorithms are such that a failure is the signature's, not ours."""
    key: Any = _or_none(lambda: signature.signer_cert.public_key)
    curve = _or_none(lambda: key.curve[1] if key.algorithm == "ec" else "")
    algorithm = _or_none(lambda: signature.signer_info["signature_algorithm"].signature_algo)
    return bool(signature.md_algorithm in _DIGESTS and algorithm and not str(curve or "")[:1].isdigit())


def _name(certificate: Any) -> str:
    named = certificate.subject.native
    name = named.get("common_name") or named.get("organization_name") or certificate.subject.human_friendly
    return str(name if isinstance(name, str) else name[0])


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _or_none(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except Exception:  # noqa: BLE001
        return None
