"""Settings are checked before anything starts."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from contentlib.core.config import Settings


def test_a_short_secret_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="32 characters"):
        Settings(_env_file=None, secret_key="changeme")


def test_the_demo_is_refused_on_a_public_address() -> None:
    with pytest.raises(ValidationError, match="loopback"):
        Settings(_env_file=None, demo=True, base_url="https://library.example")


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, secret_key_file=tmp_path / "var" / "key")
    key = settings.signing_key()
    assert len(key) >= 32
    assert settings.signing_key() == key
    assert (tmp_path / "var" / "key").stat().st_mode & 0o077 == 0
