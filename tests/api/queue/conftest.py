"""A PostgreSQL database that the examples of one module share."""

from __future__ import annotations

import psycopg
import pytest


@pytest.fixture(scope="module")
def queue_url(postgresql_server: str) -> str:
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS queue")
        connection.execute("CREATE DATABASE queue")
    return f"postgresql+psycopg{postgresql_server.removeprefix('postgresql')}/queue"
