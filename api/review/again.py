"""Judges one record again by the judge that the machine uses, with what people said of it; nothing is read again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from api.across import own_findings
from api.corrections import Body, carried, with_corrections, with_settled
from api.pipeline import Conclusion, Judge, document_of, named
from api.record import build_record
from api.store import work
from api.store.files import Files
from api.store.tables import Record
from api.values import from_json, unpack
from ingest.document import Mail


@dataclass(frozen=True, slots=True)
class Again:
    """From a record with people's changes to the record that follows, without the findings across documents."""

    files: Files
    judge: Judge

    def __call__(self, session: Session, record: Record, body: Body) -> Body:
        """What the machine never concluded, or no longer finds in the message, is left as it stands."""
        message = work.message(session, record.message)
        own = body | {"findings": own_findings(body)}
        if message.conclusion is None:
            return with_settled(own)
        document = document_of(self.files, message, work.pages(session, record.message))
        conclusion = unpack(Conclusion, self.files.get(message.conclusion))
        forms = named(record.message, document, conclusion.extractions)
        if record.id not in forms:
            return with_settled(own)
        extraction = with_corrections(forms[record.id], body)
        first, mail = next(iter(forms)) == record.id, from_json(Mail, message.mail)
        judged = self.judge(mail, message.received_at, document, extraction, first)
        return carried(own, build_record(record.id, mail, message.received_at, document, extraction, judged))
