"""`yinjian user …` and `yinjian audit verify`, and the first administrator."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.accounts.actor import MACHINE
from api.accounts.set_up import first_user
from api.accounts.users import add_user
from api.audit.key import AuditKeyMissing, open_store
from api.audit.log import append
from api.audit.service import verify_store
from api.store.engine import Store
from tests.api.builders import settings
from tests.api.test_cli import yinjian


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(settings(tmp_path / "data"))) as store:
        yield store


def test_the_first_administrator_is_made_once(store: Store) -> None:
    made = first_user(store)
    assert made is not None
    assert (made[0], first_user(store)) == ("admin", None)
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", made[1])


def test_where_there_are_only_clerks_there_is_still_an_administrator_to_be_made(store: Store) -> None:
    with store.session() as session:
        add_user(session, MACHINE, "li", "clerk")
    assert first_user(store) is not None


def test_users_are_added_listed_and_given_passwords(tmp_path: Path) -> None:
    added = yinjian("user", "add", "li", "--role", "reviewer", "--shown", "李四", "--city", "合肥市", folder=tmp_path)
    assert re.search(r"^(\w{4}-){3}\w{4}$", added.stdout, re.M), added.stderr
    listed = yinjian("user", "list", folder=tmp_path).stdout
    assert all(word in listed for word in ("li", "李四", "复审", "合肥市", "待改密码"))
    again = yinjian("user", "passwd", "li", folder=tmp_path)
    assert again.returncode == 0 and again.stdout.splitlines()[-1] != added.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "words",
    [
        ["passwd", "nobody"],
        ["add", "a b"],
        ["add", "li", "--role", "king"],
        ["add", "li", "--city", "亚特兰蒂斯"],
    ],
)
def test_what_cannot_be_is_told_without_a_traceback(words: list[str], tmp_path: Path) -> None:
    told = yinjian("user", *words, folder=tmp_path)
    assert told.returncode == 1 and told.stderr.strip() and "Traceback" not in told.stderr


def test_a_sound_log_is_told_with_what_to_note_and_a_broken_one_with_its_place(tmp_path: Path) -> None:
    for name in ("li", "wang"):
        yinjian("user", "add", name, folder=tmp_path)
    sound = yinjian("audit", "verify", folder=tmp_path)
    noted = sound.stdout.split()[-1]
    assert (sound.returncode, noted[:2]) == (0, "2:")
    assert yinjian("audit", "verify", "--known", noted, folder=tmp_path).returncode == 0
    assert yinjian("audit", "verify", "--known", "2", folder=tmp_path).returncode == 2
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'data' / 'yinjian.sqlite'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET \"by\" = 'other' WHERE number = 1")
    engine.dispose()
    broken = yinjian("audit", "verify", folder=tmp_path)
    assert (broken.returncode, "第 1 条的内容被改。" in broken.stdout) == (1, True)


def test_the_key_lies_in_the_data_folder_for_its_owner_only_and_is_not_made_anew(tmp_path: Path, store: Store) -> None:
    key = tmp_path / "data" / "audit.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with store.session() as session:
        append(session, MACHINE, "export")
    key.unlink()
    with pytest.raises(AuditKeyMissing, match="YINJIAN_AUDIT_KEY"):
        open_store(settings(tmp_path / "data"))
    assert not key.exists()


def test_a_log_that_was_sealed_by_another_key_is_not_sound(tmp_path: Path, store: Store) -> None:
    with store.session() as session:
        append(session, MACHINE, "export")
    with closing(open_store(settings(tmp_path / "data", audit_key="another"))) as other:
        assert verify_store(other).fault is not None
    assert verify_store(store).fault is None
