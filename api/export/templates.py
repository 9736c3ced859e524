"""Keeping the office's own workbooks. The bytes lie with the originals; the commit is the caller's."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import PurePosixPath

from sqlalchemy.orm import Session

from api.accounts.actor import Actor
from api.audit.log import append
from api.export.workbook import check_template
from api.review.refusals import Refused
from api.store.exports import template_named, templates
from api.store.files import Files
from api.store.tables import ExportTemplate

MOST = 50


def keep(session: Session, files: Files, actor: Actor, name: str, file_name: str, data: bytes) -> ExportTemplate:
    """Keeps a template under a name; one of that name is replaced. Raises BadTemplate, Refused."""
    check_template(data)
    name = " ".join(name.split()) or PurePosixPath(file_name.replace("\\", "/")).stem
    if not name or len(name) > 80 or not name.isprintable():
        raise Refused("请给模板起一个不超过 80 字的名称")
    made = template_named(session, name)
    if made is None:
        if len(templates(session)) >= MOST:
            raise Refused(f"最多保存 {MOST} 个模板，请先删除不用的")
        made = ExportTemplate(id=secrets.token_hex(8), name=name)
        session.add(made)
    made.file_name, made.content = file_name[:200], files.put(data)
    made.by, made.made_at = actor.name, datetime.now(UTC)
    session.flush()
    append(session, actor, "template.kept", detail={"template": name})
    return made


def drop(session: Session, actor: Actor, id: str) -> None:
    """Forgets a template. Raises Refused 404."""
    found = session.get(ExportTemplate, id)
    if found is None:
        raise Refused("没有这个模板", 404)
    session.delete(found)
    append(session, actor, "template.dropped", detail={"template": found.name})


def content(session: Session, files: Files, name: str) -> bytes:
    """The bytes of the template of a name. Raises Refused 404."""
    found = template_named(session, name)
    if found is None:
        raise Refused("没有这个模板", 404)
    return files.get(found.content)
