"""Settings are checked before anything starts."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from contentlib.cli import main
from contentlib.core.complaints import MENDABLE, sentences
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


def test_an_index_in_the_database_of_the_installation_needs_postgresql() -> None:
    assert Settings(_env_file=None, search_url="postgres:postgresql+psycopg://x@there/y")
    with pytest.raises(ValidationError, match="CONTENTLIB_DATABASE_URL"):
        Settings(_env_file=None, search_url="postgres:")


@pytest.mark.parametrize(
    "origin",
    [
        "files.example.net",
        "http://files.example.net",
        "https://files.example.net/bytes",
        "https://files.example.net/",
        "https://library.example:8443",
    ],
)
def test_bytes_have_a_whole_host_of_their_own_or_none(origin: str) -> None:
    apart = {"base_url": "https://library.example", "content_origin": "https://files.example.net"}
    assert Settings(_env_file=None, **apart).content_origin
    with pytest.raises(ValidationError, match="CONTENTLIB_CONTENT_ORIGIN"):
        Settings(_env_file=None, **apart | {"content_origin": origin})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "oracle+nothing://x"),
        ("STORAGE_URL", "nonsense"),
        ("SEARCH_URL", "nonsense"),
        ("SECRET_KEY", "short"),
        ("BASE_URL", "content.example.com"),
        ("TRUSTED_HOSTS", "content.example.com"),
        ("THREADS", "0"),
    ],
)
def test_a_wrong_setting_is_told_in_one_sentence_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"CONTENTLIB_{name}", value)
    with pytest.raises(MENDABLE) as caught:
        Settings(_env_file=None)
    (sentence,) = sentences(caught.value)
    assert sentence.startswith(f"CONTENTLIB_{name}: ")
    assert "Value error" not in sentence
    assert "\n" not in sentence


def test_a_database_without_tables_is_told_by_what_mends_it() -> None:
    missing = OperationalError("SELECT 1", {}, Exception("no such table: user_account"))
    assert list(sentences(missing)) == [
        "The database is not at this version's state. Run: contentlib db upgrade"
    ]


def test_the_command_offers_only_its_own_commands() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    assert "serve" in shown
    assert "Flask" not in shown
    assert "roles" not in shown.split()
