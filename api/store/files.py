"""Originals, pictures and pages as files named by their content (door: fsspec).

A key is the sha256 of the content in lower-case hex. Files are never changed; putting the same bytes again is nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

import fsspec

from api.errors import FilesUnknown

KEY = re.compile(r"[0-9a-f]{64}")


class Files:
    """A content-addressed folder, local or on an object store: `url` is a path or anything that fsspec knows (s3://…)."""

    def __init__(self, url: str):
        """Raises FilesUnknown when the address is of a kind that this machine cannot open."""
        self.url = url
        try:
            self._system, self._root = fsspec.core.url_to_fs(url)
        except (ValueError, ImportError) as error:
            raise FilesUnknown(error) from error
        self._local = "file" in self._system.protocol

    def put(self, data: bytes) -> str:
        """Keeps the bytes and gives their key. On return they are on the disk. Raises OSError (disk full, no right)."""
        key = hashlib.sha256(data).hexdigest()
        path = self._path(key)
        if self._system.exists(path):
            return key
        if self._local:
            _write_durably(Path(path), data)
        else:
            self._system.pipe_file(path, data)
        return key

    def get(self, key: str) -> bytes:
        """The bytes under a key. Raises FileNotFoundError, also for what is no key."""
        return bytes(self._system.cat_file(self._path(key)))

    def has(self, key: str) -> bool:
        return bool(KEY.fullmatch(key)) and bool(self._system.exists(self._path(key)))

    def _path(self, key: str) -> str:
        if not KEY.fullmatch(key):
            raise FileNotFoundError("not a key of the file store")
        return f"{self._root}/{key[:2]}/{key[2:4]}/{key}"


def _write_durably(path: Path, data: bytes) -> None:
    """All or nothing, also when the power fails: a temporary file, fsync, rename, and fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
