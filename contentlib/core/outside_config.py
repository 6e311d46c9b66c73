"""Settings of what leads outside: e-mail, what buyers see, and where requests come from."""

from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from re import fullmatch
from typing import Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings

MOST_LOGO_BYTES = 200_000


class OutsideSettings(BaseSettings):
    """The part of the settings that concerns people who have no sign-in here."""

    trusted_proxies: list[str] = Field(
        [],
        description="Networks of the proxies before this installation, as a JSON list such as "
        '`["10.0.0.0/8"]`; only what these forward counts as where a request came from.',
    )
    office_networks: list[str] = Field(
        [],
        description="Networks of the firm's own offices, as a JSON list; what comes by a share "
        "link from there is a colleague and never a buyer (`docs/counting.md`).",
    )
    mail_url: str = Field(
        "",
        description="What takes e-mail: `smtp://user:password@host:587`, `smtps://host` or "
        "`file:FOLDER` (`docs/notifications.md`); nobody is told by e-mail when empty.",
        repr=False,
    )
    mail_from: str = Field(
        "",
        description="Whom e-mail is from, such as `contentlib <content@example.com>`; "
        "needed with `mail_url`.",
    )
    brand_name: str = Field(
        "contentlib", max_length=60, description="The name buyers read on what is sent to them."
    )
    brand_color: str = Field(
        "#3b4fd8",
        pattern=r"^#[0-9a-fA-F]{6}$",
        description="The one colour of buyers' pages, as `#rrggbb`.",
    )
    brand_logo: Path | None = Field(
        None, description="A PNG file beside that name, square, at most 200 kB; none when empty."
    )

    @field_validator("trusted_proxies", "office_networks")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for network in value:
            try:
                ip_network(network, strict=False)
            except ValueError:
                raise ValueError(
                    f"{network!r} is not a network; write one such as 203.0.113.0/24"
                ) from None
        return value

    @field_validator("mail_url")
    @classmethod
    def _names_a_mailer(cls, value: str) -> str:
        # The whole is read when the application starts; a password must not be told here.
        if value and not value.startswith(("smtp://", "smtps://", "file:")):
            raise ValueError("this must look like smtp://host:587, smtps://host or file:FOLDER")
        return value

    @field_validator("brand_logo")
    @classmethod
    def _small_picture(cls, value: Path | None) -> Path | None:
        if value is None or value == Path():
            return None
        if not value.is_file() or value.stat().st_size > MOST_LOGO_BYTES:
            raise ValueError("this must be a PNG file of at most 200 kB")
        if not value.read_bytes().startswith(b"\x89PNG\r\n\x1a\n"):
            raise ValueError("this must be a PNG file")
        return value

    @model_validator(mode="after")
    def _mail_from_somebody(self) -> Self:
        if self.mail_url and not fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*", self.mail_address):
            raise ValueError(
                "CONTENTLIB_MAIL_FROM must be an address such as contentlib <content@example.com>"
            )
        return self

    @property
    def mail_address(self) -> str:
        """Return the bare address that e-mail is from."""
        return parseaddr(self.mail_from)[1]
