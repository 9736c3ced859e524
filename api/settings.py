"""Every setting, in one place: read at the top, handed down as values.

From weakest to strongest: the defaults here, `yinjian.toml` in the working directory, `YINJIAN_*` in the environment,
the command line. A mailbox list in the environment is JSON.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class MailboxSettings(BaseModel):
    """One mailbox to poll. `password` is the authorization code (授权码), not the one of the web pages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    user: str
    password: SecretStr
    port: int = 993
    tls: bool = True
    name: str = Field(default="", description="How logs and pages call it; by default the user")
    folders: tuple[str, ...] = Field(default=(), description="By default the inbox and the junk folder")


class Settings(BaseSettings):
    """All settings; durations are seconds."""

    model_config = SettingsConfigDict(
        env_prefix="YINJIAN_", toml_file="yinjian.toml", env_ignore_empty=True, extra="forbid", frozen=True
    )

    data: Path = Field(default=Path("data"), description="Folder of the SQLite file and the originals")
    database_url: str = Field(default="", description="postgresql://… when several machines work; by default SQLite")
    files_url: str = Field(
        default="", description="Where originals and pictures lie, e.g. s3://…; by default in `data`"
    )
    models: Path | None = Field(default=None, description="Folder of the OCR models; by default where `make setup` put")
    ocr_workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, description="OCR processes")
    ocr_threads: int = Field(default=1, ge=1, description="Threads of one OCR process")
    ocr_limit: int = Field(default=960, ge=320, description="Longest side, in pixels, that the detector sees")
    page_seconds: float = Field(default=120.0, gt=0, description="A page (or a file to render) may take this long")
    pages_per_process: int = Field(default=40, ge=1, description="An OCR process is replaced after so many pages")
    beat_seconds: float = Field(default=10.0, gt=0, description="How often a worker says that it lives")
    mailboxes: tuple[MailboxSettings, ...] = ()
    poll_seconds: float = Field(default=90.0, gt=0, description="Pause between two looks at a mailbox")
    idle_seconds: float = Field(default=8 * 3600.0, gt=0, description="A sign-in ends when unused for so long")
    session_seconds: float = Field(default=24 * 3600.0, gt=0, description="A sign-in ends after so long in any case")
    sign_in_tries: int = Field(default=5, ge=1, description="Wrong passwords in a row, then the account must wait")
    address_tries: int = Field(default=30, ge=1, description="The same for all accounts from one address")
    sign_in_wait: float = Field(default=30.0, gt=0, description="The first wait; each more wrong password doubles it")
    audit_key: SecretStr | None = Field(default=None, description="Seals the audit log; by default `audit.key` in data")
    oidc_issuer: str = Field(default="", description="OpenID Connect provider; by default none")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_claim: str = Field(default="preferred_username", description="What of the ID token is the login name here")
    smtp_host: str = Field(default="", description="Server that replies leave by; by default none leave")
    smtp_port: int = Field(default=465, ge=1, le=65535)
    smtp_tls: Literal["tls", "starttls", "none"] = "tls"
    smtp_user: str = ""
    smtp_password: SecretStr = Field(default=SecretStr(""), description="The authorization code (授权码)")
    smtp_from: str = Field(default="", description="The address that mail is from; by default the user")
    smtp_name: str = Field(default="", description="The office's name, as sender and below replies")
    smtp_seconds: float = Field(default=60.0, gt=0, description="The server must answer within so long")
    precheck: bool = Field(default=False, description="Schools may check a file before they mail it, unsigned-in")
    precheck_bytes: int = Field(default=20_000_000, ge=1, description="Of a file, at most")
    precheck_per_hour: int = Field(default=10, ge=1, description="Files of one address, at most")
    precheck_seconds: float = Field(default=180.0, gt=0, description="A file may take this long")
    smtp_per_minute: int = Field(default=20, ge=1, description="Mails at most; providers stop who sends faster")
    second_look_one_in: int = Field(
        default=20,
        ge=0,
        le=1000,
        description="Of so many accepted in bulk one is drawn for a second look; 0: none",
    )
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "WARNING"
    log_json: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def store_url(self) -> str:
        """The store's address as SQLAlchemy writes it."""
        if not self.database_url:
            return f"sqlite:///{self.data.absolute() / 'yinjian.sqlite'}"
        scheme, _, rest = self.database_url.partition("://")
        return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else self.database_url

    @property
    def originals_url(self) -> str:
        return self.files_url or str(self.data.absolute() / "files")


def load_settings(**given: Any) -> Settings:
    """The settings in force. `given` are those of the command line; None means not given.

    Raises pydantic.ValidationError, which names the setting, when a value is not valid.
    """
    return Settings(**{name: value for name, value in given.items() if value is not None})
