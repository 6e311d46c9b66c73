"""People who sign in, and the teams they work in."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_security import UserMixin
from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contentlib.core.clock import now
from contentlib.core.db import Base, BigId, choice


class Role(StrEnum):
    """What a person is here for; decides what they may do."""

    SELLER = "seller"
    MARKETER = "marketer"
    MANAGER = "manager"
    ADMIN = "admin"


class Team(Base):
    """A group of people who work the same deals."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)


class User(Base, UserMixin):
    """A person with a sign-in."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(choice(Role, 20), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    # Changes with the password, which ends every session and every one-time link at once.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(JSON)
    language: Mapped[str | None] = mapped_column(String(2))
    timezone: Mapped[str | None] = mapped_column(String(64))
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    created_at: Mapped[datetime] = mapped_column(default=now)

    team: Mapped[Team | None] = relationship(lazy="joined")

    @property
    def roles(self) -> list[Any]:
        """Answer Flask-Security, whose own role tables this product does not use."""
        return []

    @roles.setter
    def roles(self, value: list[Any]) -> None:
        if value:
            raise ValueError("a person has one role, set as `role`")

    @property
    def initials(self) -> str:
        """Return the first letters of the first and last name."""
        words = self.name.split()
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"
