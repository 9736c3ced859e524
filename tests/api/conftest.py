"""A real PostgreSQL from the installed Debian package, for the tests that ask for it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

NUMBERS = count()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a server of our own, on a free port. Not installed: a failure with CI=true, else a skip."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is not installed; `make test` installs it")
        pytest.skip("PostgreSQL is not installed")
    binaries = programs[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="yinjian-pg-"))
    become = _ordinary_user(folder)
    run: Callable[..., Any] = lambda *command: subprocess.run(  # noqa: E731
        [str(part) for part in command], check=True, stdout=subprocess.DEVNULL, cwd=folder, **become
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run(binaries / "initdb", "-D", folder / "db", "-U", "yinjian", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
    run(binaries / "pg_ctl", "-D", folder / "db", "-w", "-l", folder / "log", "-o", options, "start")
    yield f"postgresql://yinjian@127.0.0.1:{port}"
    run(binaries / "pg_ctl", "-D", folder / "db", "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """An empty database of its own."""
    name = f"test{next(NUMBERS)}"
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"postgresql+psycopg{postgresql_server.removeprefix('postgresql')}/{name}"


def _ordinary_user(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: the account that it shall run as instead."""
    if os.getuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
