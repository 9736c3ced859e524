"""What is one message: mails, mbox files, Maildir folders, loose files, and folders of these."""

from __future__ import annotations

import mailbox
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.errors import WrongCall
from api.intake import Item, Taken, find_items, open_message, take
from api.store import work
from api.store.engine import Store
from api.store.files import Files
from ingest.document import Attachment, Mail
from tests.api.builders import jpeg, mail

NOW = datetime(2023, 3, 28, 1, 12, tzinfo=UTC)


def test_a_mail_file_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail())
    assert list(find_items([tmp_path / "a.eml"])) == [Item("mail", mail())]


def test_a_mail_without_headers_is_a_mail_when_it_is_called_one(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"\r\nnothing\r\n")
    assert list(find_items([tmp_path])) == [Item("mail", b"\r\nnothing\r\n")]


def test_a_loose_file_is_a_message_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "附件2.jpg").write_bytes(jpeg())
    assert list(find_items([tmp_path / "附件2.jpg"])) == [Item("file", jpeg(), "附件2.jpg")]


def test_an_empty_file_and_one_with_a_strange_name_are_taken_too(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"")
    (tmp_path / "b.dat").write_bytes(b"?")
    assert list(find_items([tmp_path])) == [Item("file", b"", "a.pdf"), Item("file", b"?", "b.dat")]


def test_an_mbox_holds_as_many_messages_as_it_says(tmp_path: Path) -> None:
    box = mailbox.mbox(str(tmp_path / "old.mbox"))
    box.add(mail("一"))
    box.add(mail("二"))
    box.close()
    items = list(find_items([tmp_path / "old.mbox"]))
    assert [item.kind for item in items] == ["mail", "mail"]
    assert ["一".encode() in items[0].data, "二".encode() in items[1].data] == [True, True]


def test_a_maildir_gives_new_and_read_mails_and_those_of_its_folders(tmp_path: Path) -> None:
    box = mailbox.Maildir(str(tmp_path / "box"))
    box.add(mail("一"))
    box.add_folder("Junk").add(mail("二"))
    (tmp_path / "box" / "dovecot.index").write_bytes(b"index")
    assert len(list(find_items([tmp_path / "box"]))) == 2


def test_what_desktops_leave_in_folders_is_passed_over(tmp_path: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "~$附件2.docx"):
        (tmp_path / name).write_bytes(b"x")
    assert list(find_items([tmp_path])) == []


def test_a_path_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match=r"没有这个文件或文件夹：none\.eml"):
        list(find_items([tmp_path / "none.eml"]))


def test_the_same_bytes_are_taken_once(tmp_path: Path) -> None:
    store, files = Store(f"sqlite:///{tmp_path}/a.sqlite"), Files(str(tmp_path / "files"))
    first = take(store, files, Item("mail", mail()), NOW)
    again = take(store, files, Item("mail", mail()), NOW)
    assert again == Taken(first.message, new=False)
    assert files.get(first.message) == mail()
    with store.reading() as session:
        assert work.unfinished(session) == [first.message]


def test_a_loose_file_opens_as_a_mail_with_this_attachment() -> None:
    assert open_message("file", "附件2.jpg", b"data", NOW) == Mail(
        "", "", "", "", NOW, "", (Attachment("附件2.jpg", "image/jpeg", b"data"),)
    )


def test_our_own_data_in_a_folder_that_is_taken_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "data" / "files").mkdir(parents=True)
    (tmp_path / "data" / "files" / "abc").write_bytes(b"an original")
    (tmp_path / "a.pdf").write_bytes(b"")
    assert list(find_items([tmp_path], own=tmp_path / "data")) == [Item("file", b"", "a.pdf")]
