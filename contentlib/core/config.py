"""Settings, read once from the environment or `.env` and checked before anything starts."""

import os
import secrets
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_settings import SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from contentlib.core.outside_config import OutsideSettings
from contentlib.core.working_time import read_hours

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Settings(OutsideSettings):
    """Everything that can be set; each is read as `CONTENTLIB_` and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="CONTENTLIB_", env_file=".env", extra="ignore", frozen=True
    )

    database_url: str = Field(
        "sqlite:///var/contentlib.sqlite3",
        description="SQLite file or PostgreSQL (`postgresql+psycopg://user@host/name`).",
    )
    storage_url: str = Field(
        "file:var/files",
        description="Where files are kept: `file:FOLDER`, or `s3:BUCKET/PREFIX` with options such "
        "as `?endpoint=https://s3.example.com&ca=FILE` (`docs/files.md`).",
    )
    search_url: str = Field(
        "whoosh:var/index",
        description="The search index: `whoosh:FOLDER`, or `postgres:` to keep it in the "
        "PostgreSQL of `database_url`, or `postgres:URL` for another one.",
    )
    search_boosts: list[Literal["used", "fresh", "verified"]] = Field(
        ["used", "fresh", "verified"],
        description="What decides among materials whose words answer almost equally well, "
        "as a JSON list; together at most 5 % of a score.",
    )
    secret_key: str = Field(
        "",
        description="Signs sessions and links, at least 32 characters. "
        "When empty, one is made and kept in `secret_key_file`.",
        repr=False,
    )
    secret_key_file: Path = Field(
        Path("var/secret_key"), description="Where the made key is kept, for its owner's eyes only."
    )
    secret_key_fallbacks: list[str] = Field(
        [], description="Older keys that still verify, as a JSON list.", repr=False
    )
    base_url: str = Field(
        "http://127.0.0.1:8000", description="The address people use, for links and cookies."
    )
    content_origin: str = Field(
        "",
        description="A second host name for the bytes of files, such as `https://files.example.net`"
        " (`docs/files.md`); on the host of `base_url` when empty.",
    )
    trusted_hosts: list[str] = Field(
        [], description="Host names answered, as a JSON list; the host of `base_url` when empty."
    )
    demo: bool = Field(
        False, description="Offer one sign-in button per demo person; works on loopback only."
    )
    default_language: Literal["pt", "en"] = Field(
        "pt", description="Language of a visitor whose browser asks for neither."
    )
    timezone: str = Field(
        "America/Sao_Paulo", description="Zone that decides where days and months begin."
    )
    currency: str = Field("BRL", description="Currency of new deals and of reports.")
    approval: Literal["none", "named", "other"] = Field(
        "none",
        description="Whose approval a version needs before sellers see it: nobody's, that of the "
        "approver `named` on the material, or that of some `other` person than its author.",
    )
    working_hours: str = Field(
        "09:00-18:00",
        description="When people work on Mondays to Fridays that are no Brazilian holidays; what "
        "was agreed in working days is measured in these hours (`docs/requests.md`).",
    )
    request_accept_days: float = Field(
        2, gt=0, le=250, description="Working days in which marketing takes up a request."
    )
    request_delivery_days: float = Field(
        10, gt=0, le=250, description="Working days from then on in which the material is there."
    )
    max_upload_mb: int = Field(200, ge=1, le=10_000, description="Largest file accepted, in MiB.")
    scan_url: str = Field(
        "",
        description="What looks for viruses in files before anybody opens them: "
        "`clamd:/path/of/socket` or `clamd://host:3310` (`docs/files.md`); nothing when empty.",
    )
    max_bundle_mb: int = Field(
        4096, ge=1, le=100_000, description="Largest ZIP file of materials to import, in MiB."
    )
    free_space_mb: int = Field(
        512, ge=0, description="MiB of the disk that no upload may take, so that the rest goes on."
    )
    quota_mb: int = Field(
        0,
        ge=0,
        description="MiB that all files may take together, the same bytes counted once; as many "
        "as there is room for when 0.",
    )
    daily_upload_mb: int = Field(
        0, ge=0, description="MiB of new files that one person may bring a day; any when 0."
    )
    removal_days: int = Field(
        7,
        ge=1,
        le=365,
        description="Days in which a removal for good can be undone; then it is done.",
    )
    archive_days: int = Field(
        0,
        ge=0,
        description="Days in the archive after which a material that need not be kept is removed "
        "for good, as if an admin had asked for it; never when 0.",
    )
    unused_live_days: int = Field(
        30, ge=0, description="A material can count as unused only after this many days on air."
    )
    unused_window_days: int = Field(
        90, ge=1, description="Days without use after which a material counts as unused."
    )
    unused_grade: int = Field(
        3, ge=1, le=5, description="Grade of evidence (1 to 5) from which an event is use."
    )
    threads: int = Field(
        8,
        ge=1,
        le=128,
        description="Requests each web process answers at once; at most half are one person's "
        "searches.",
    )
    processes: int = Field(
        1,
        ge=1,
        le=32,
        description="Web processes, best one a core; "
        "each counts failed sign-ins by itself, five an account.",
    )
    job_lease_seconds: int = Field(
        60, ge=1, description="A job whose worker is silent this long is given to another."
    )
    log_format: Literal["console", "json"] = Field("console", description="How log lines look.")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is not a time zone; write one such as America/Sao_Paulo")
        return value

    @field_validator("working_hours")
    @classmethod
    def _hours_of_a_day(cls, value: str) -> str:
        try:
            read_hours(value, "UTC")
        except ValueError:
            raise ValueError("write hours of one day, such as 09:00-18:00") from None
        return value

    @field_validator("database_url")
    @classmethod
    def _readable_database(cls, value: str) -> str:
        try:
            make_url(value).get_dialect()
        except (ArgumentError, ImportError):
            raise ValueError(
                "write sqlite:///FILE or postgresql+psycopg://user@host/name"
            ) from None
        return value

    @field_validator("storage_url", "search_url")
    @classmethod
    def _has_kind(cls, value: str, info: ValidationInfo) -> str:
        kind, _, rest = value.partition(":")
        if not kind or not (rest or value == "postgres:"):
            examples = {"storage_url": "file:FOLDER or s3:BUCKET", "search_url": "whoosh:FOLDER"}
            raise ValueError(f"this must look like {examples[info.field_name or '']}")
        return value

    @field_validator("scan_url")
    @classmethod
    def _names_a_scanner(cls, value: str) -> str:
        if value and not value.startswith(("clamd:/", "clamd://")):
            raise ValueError("this must look like clamd:/path/of/socket or clamd://host:3310")
        return value

    @field_validator("base_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("write the whole address, such as https://content.example.com")
        return value

    @field_validator("secret_key")
    @classmethod
    def _strong_key(cls, value: str) -> str:
        if value and (len(value) < 32 or len(set(value)) < 8):
            raise ValueError("the secret key needs at least 32 characters that are hard to guess")
        return value

    @model_validator(mode="after")
    def _safe_demo(self) -> Self:
        if self.demo and urlsplit(self.base_url).hostname not in LOOPBACK:
            raise ValueError(
                "CONTENTLIB_DEMO works on loopback only: CONTENTLIB_BASE_URL must be 127.0.0.1"
            )
        return self

    @model_validator(mode="after")
    def _content_apart(self) -> Self:
        if not self.content_origin:
            return self
        here, there = urlsplit(self.base_url), urlsplit(self.content_origin)
        # A browser would not load unencrypted pictures into an encrypted page.
        schemes = ("https",) if self.https else ("http", "https")
        if there.scheme not in schemes or not there.hostname or there.path or there.query:
            raise ValueError(
                "CONTENTLIB_CONTENT_ORIGIN must be a host alone, such as https://files.example.net"
            )
        if there.hostname == here.hostname:
            raise ValueError(
                "CONTENTLIB_CONTENT_ORIGIN must be another host than CONTENTLIB_BASE_URL"
            )
        return self

    @model_validator(mode="after")
    def _database_for_search(self) -> Self:
        if self.search_url == "postgres:" and not self.database_url.startswith("postgresql"):
            raise ValueError(
                "CONTENTLIB_SEARCH_URL=postgres: needs CONTENTLIB_DATABASE_URL to be PostgreSQL"
            )
        return self

    @property
    def https(self) -> bool:
        """Tell whether people reach this installation over TLS."""
        return self.base_url.startswith("https:")

    def signing_key(self) -> str:
        """Return the secret key, making and keeping one at the first start if none is set."""
        if self.secret_key:
            return self.secret_key
        if not self.secret_key_file.exists():
            self.secret_key_file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.secret_key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
        return self.secret_key_file.read_text().strip()
