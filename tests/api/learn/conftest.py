"""The registers made searchable once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.judging import Judging
from api.store import work
from api.store.engine import Store
from tests.api.review.desk import ENTRIES


@pytest.fixture(scope="session")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judging]:
    folder: Path = tmp_path_factory.mktemp("registers")
    store = Store(f"sqlite:///{folder}/a.sqlite")
    with store.session() as session:
        work.save_register(session, ENTRIES)
    yield Judging(store)
    store.close()
