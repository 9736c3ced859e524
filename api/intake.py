"""What comes in: paths and mailboxes, told apart into messages and stored before anything else looks at them."""

from __future__ import annotations

import mailbox
import mimetypes
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from api.errors import WrongCall
from api.store import work
from api.store.engine import Store
from api.store.files import Files
from ingest.document import Attachment, Mail

JUNK = frozenset({"Thumbs.db", "desktop.ini", "__MACOSX"})  # what desktops leave in folders
HEADER = re.compile(
    rb"\A(?:From |(?:Return-Path|Received|Delivered-To|Message-ID|Date|From|To|Subject|X-[\w-]+):)", re.I
)


@dataclass(frozen=True, slots=True)
class Item:
    """One message to take: a mail, or a loose file with its name."""

    kind: Literal["mail", "file"]
    data: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A stored message: its sha256, and whether it is new."""

    message: str
    new: bool


def find_items(paths: Iterable[Path], own: Path | None = None) -> Iterator[Item]:
    """The messages under some paths, in order: mails, mbox files, Maildir folders, loose files, folders of all these.

    own: the data folder, which may lie among them and is left out.
    Raises WrongCall when a path is not there; OSError when one cannot be read.
    """
    paths = list(paths)
    if missing := [path.name for path in paths if not path.exists()]:
        raise WrongCall(f"没有这个文件或文件夹：{'、'.join(missing)}")
    for path in paths:
        yield from _under(path, own and own.resolve())


def _under(path: Path, own: Path | None) -> Iterator[Item]:
    if own and path.resolve() == own:
        return
    if path.is_file():
        yield from _in_file(path)
    elif _is_maildir(path):
        for mail in sorted([*(path / "cur").iterdir(), *(path / "new").iterdir()]):
            if mail.is_file() and not mail.name.startswith("."):
                yield Item("mail", mail.read_bytes())
        for folder in sorted(path.iterdir()):  # Maildir++: its sub-folders lie beside cur and new
            if _is_maildir(folder):
                yield from _under(folder, own)
    elif path.is_dir():
        for inside in sorted(path.iterdir()):
            if not inside.name.startswith((".", "~$")) and inside.name not in JUNK:
                yield from _under(inside, own)


def _is_maildir(path: Path) -> bool:
    return path.is_dir() and (path / "cur").is_dir() and (path / "new").is_dir()


def _in_file(path: Path) -> Iterator[Item]:
    with path.open("rb") as stream:
        head = stream.read(2048)
    suffix = path.suffix.lower()
    if suffix == ".mbox" or (suffix not in (".eml", ".txt") and head.startswith(b"From ") and HEADER.search(head[5:])):
        yield from _in_mbox(path)
    elif suffix == ".eml" or (not mimetypes.guess_type(path.name)[0] and HEADER.match(head)):
        yield Item("mail", path.read_bytes())
    else:
        yield Item("file", path.read_bytes(), path.name)


def _in_mbox(path: Path) -> Iterator[Item]:
    box = mailbox.mbox(str(path), create=False)
    try:
        for key in box.iterkeys():
            yield Item("mail", box.get_bytes(key))
    finally:
        box.close()


def take(store: Store, files: Files, item: Item, now: datetime, received_at: datetime | None = None) -> Taken:
    """Stores one message: its bytes, durably, and then its row. Raises OSError.

    received_at: when the mailbox says that it came (INTERNALDATE); a mail's own headers tell it otherwise.
    """
    key = files.put(item.data)
    when = received_at or (now if item.kind == "file" else None)
    with store.session() as session:
        new = work.add_message(session, key, kind=item.kind, name=item.name, taken_at=now, received_at=when)
    return Taken(key, new)


def open_message(kind: str, name: str, data: bytes, received_at: datetime | None) -> Mail:
    """A stored message, decoded; a loose file as a mail of its own with this one attachment."""
    from ingest.mail import parse_mail

    if kind == "mail":
        return parse_mail(data, received_at=received_at)
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Mail("", "", "", "", received_at, "", (Attachment(name, media_type, data),))
