"""The key that the audit log is sealed by. It lies in the data folder, not in the database that it guards."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import sqlalchemy as sa

from api.errors import YinjianError
from api.settings import Settings
from api.store.engine import Store
from api.store.tables import AuditHead

NAME = "audit.key"


class AuditKeyMissing(YinjianError):
    """审计日志已用密钥签名，但数据文件夹里没有 audit.key，请从备份或另一台机器取来，或设置 YINJIAN_AUDIT_KEY。"""


def open_store(settings: Settings) -> Store:
    """The store of the settings, whose audit log is sealed by their key. Raises AuditKeyMissing."""
    store = Store(settings.store_url)
    try:
        store.seal_by(_key(settings, store))
    except BaseException:
        store.close()
        raise
    return store


def _key(settings: Settings, store: Store) -> bytes:
    if settings.audit_key is not None:
        return settings.audit_key.get_secret_value().encode()
    path = settings.data / NAME
    if not path.exists():
        with store.reading() as session:
            sealed = session.scalar(sa.select(AuditHead.seal))
        if sealed:
            raise AuditKeyMissing
        _make(path)
    return path.read_bytes().strip()


def _make(path: Path) -> None:
    """A new key, whole or not at all; of two processes at once, the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{NAME}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
