"""The seam between the pipeline and `matching`: everything that is known about one form of a message, judged."""

from __future__ import annotations

from datetime import datetime

from api.record import Judgement
from extractors.extraction import Extraction, Finding, Severity
from ingest.document import Document, Mail, Trouble

UNREAD: dict[str, Severity] = {"mail.auto_reply": "info", "mail.subject": "warning"}


def judge_message(
    mail: Mail, received_at: datetime | None, document: Document, extraction: Extraction, first: bool
) -> Judgement:
    """What is to be said of one Extraction.

    mail: without its attachments. first: whether this is the message's first record, which bears the troubles of all.
    """
    findings = extraction.findings
    if first:
        findings += tuple(map(trouble_finding, document.troubles))
    return Judgement("ask" if document.pages else "parked", findings=findings)


def trouble_finding(trouble: Trouble) -> Finding:
    """A trouble of a mail or a file, as a finding of its record; the file is named in the message."""
    where = f"{trouble.file_name}：" if trouble.file_name else ""
    return Finding(trouble.code, UNREAD.get(trouble.code, "error"), f"{where}{trouble.message}")
