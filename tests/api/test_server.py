"""Where the pages are served: on the port that is set, and what is said when that cannot be."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.errors import NoSuchAddress, PortTaken
from api.server import bound, serve
from tests.api.builders import settings

HERE = "127.0.0.1"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server((HERE, 0)) as other:
        yield other.getsockname()[1]


def test_a_port_that_is_taken_is_told_before_anything_is_done(taken: int, tmp_path: Path) -> None:
    with pytest.raises(PortTaken, match="--port"):
        serve(settings(tmp_path / "data", port=taken), lambda address: None, lambda name, password: None)
    assert not (tmp_path / "data").exists()


def test_the_demo_takes_the_next_free_port(taken: int) -> None:
    with bound(HERE, taken, ports=20) as place:
        assert taken < place.getsockname()[1] < taken + 20


def test_an_address_that_is_not_of_this_machine_is_told() -> None:
    with pytest.raises(NoSuchAddress, match="--host"):
        bound("192.0.2.1", 0)
