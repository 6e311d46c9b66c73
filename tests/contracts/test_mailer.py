"""What everything that takes letters does, and what a mail server may do wrong."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest

from contentlib.core.errors import Invalid
from contentlib.mail import Letter, MailDown, Mailer, NeverTaken, NotTakenNow, open_mailer
from contentlib.mail import smtp as client
from tests.real.certificate import own_certificate
from tests.real.smtp import HANGS_UP, PASSWORD, SAYS_NOTHING, USER, Ways, smtp

SENDER = "contentlib <content@firm.example>"
AT = datetime(2026, 11, 28, 12, tzinfo=UTC)


def letter(to: str = "ana@acme.example", **parts: str) -> EmailMessage:
    parts = {
        "subject": "Olá, ação",
        "text": "Um\n.ponto\n",
        "html": "<p>Olá</p>",
        "name": "n-1",
    } | parts
    return Letter(to=to, **parts).message(sender=SENDER, at=AT)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Mailer, Ways]]:
    monkeypatch.setattr(client, "ANSWERS_WITHIN", 0.5)
    monkeypatch.setattr(client, "PARTS_WITHIN", 0.2)
    with smtp() as (port, ways):
        yield open_mailer(f"smtp://127.0.0.1:{port}?tls=no", sender=SENDER), ways


def text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n").strip()


def written(folder: Path) -> list[EmailMessage]:
    read = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in folder.glob("*.eml")]
    return [message for message in read if isinstance(message, EmailMessage)]


@pytest.mark.parametrize("kind", ["smtp", "file"])
def test_a_letter_arrives_as_it_was_written(
    kind: str, server: tuple[Mailer, Ways], tmp_path: Path
) -> None:
    mailer = server[0] if kind == "smtp" else open_mailer(f"file:{tmp_path}/out", sender=SENDER)
    mailer.ready()
    mailer.send(letter())
    (came,) = server[1].taken if kind == "smtp" else written(tmp_path / "out")
    assert came["Subject"] == "Olá, ação"
    assert came["To"] == "ana@acme.example"
    assert came["From"] == SENDER
    assert came["Message-ID"] == "<n-1@firm.example>"
    assert came["Auto-Submitted"] == "auto-generated"
    assert text_of(came, "plain") == "Um\n.ponto"
    assert text_of(came, "html") == "<p>Olá</p>"


def test_a_letter_written_twice_into_a_folder_is_one_file(tmp_path: Path) -> None:
    mailer = open_mailer(f"file:{tmp_path}", sender=SENDER)
    mailer.send(letter())
    mailer.send(letter(subject="Again"))
    assert [message["Subject"] for message in written(tmp_path)] == ["Again"]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_made_takes_no_letter(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    mailer = open_mailer(f"file:{tmp_path}/file/out", sender=SENDER)
    for question in (mailer.ready, lambda: mailer.send(letter())):
        with pytest.raises(MailDown):
            question()


INJECTED = "Caso\r\nBcc: all@firm.example\r\n\r\nAnother body\x00"


def test_nobody_writes_into_the_headers(server: tuple[Mailer, Ways]) -> None:
    mailer, ways = server
    mailer.send(letter(subject=INJECTED))
    (came,) = ways.came
    assert came.message["Subject"] == "Caso Bcc: all@firm.example Another body"
    assert came.message["Bcc"] is None
    assert came.recipient == "TO:<ana@acme.example>"


@pytest.mark.parametrize(
    "to",
    [
        "",
        "ana",
        "ana@acme.example\r\nBcc: all@firm.example",
        "ana@acme.example, all@firm.example",
        "ana@acme.example\nRCPT TO:<all@firm.example>",
        "@acme.example",
        "<ana@acme.example",
    ],
)
def test_what_is_not_one_address_gets_no_letter(to: str) -> None:
    with pytest.raises(NeverTaken):
        letter(to)


# What a server says to which command, and what that means for a letter.
REFUSALS = {
    "nobody has the address": ("RCPT", "550 5.1.1 no such user", NeverTaken),
    "the mailbox is full": ("RCPT", "452 4.2.2 mailbox full", NotTakenNow),
    "come back later": ("RCPT", "451 4.7.1 greylisted", NotTakenNow),
    "the letter is refused": ("END", "554 5.7.1 looks like spam", NeverTaken),
    "the letter is put off": ("END", "451 4.3.0 no room", NotTakenNow),
    "it goes down while we talk": ("RCPT", "421 4.3.2 shutting down", MailDown),
    "it takes nobody in": ("HELLO", "554 no service", MailDown),
    "it is busy": ("HELLO", "421 too many connections", MailDown),
    "it does not take our sender": ("MAIL", "550 not yours", MailDown),
    "it is out of order": ("DATA", "451 local error", NotTakenNow),
}
SILENCES = {
    f"{how} at {command}": (command, what, MailDown)
    for how, what in (("silent", SAYS_NOTHING), ("hangs up", HANGS_UP))
    for command in ("HELLO", "EHLO", "MAIL", "RCPT", "DATA", "END")
}


@pytest.mark.parametrize(("command", "says", "error"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_says_whether_it_is_for_good(
    server: tuple[Mailer, Ways], command: str, says: str, error: type[Exception]
) -> None:
    mailer, ways = server
    ways.says[command] = says
    with pytest.raises(error) as refused:
        mailer.send(letter())
    assert type(refused.value) is error
    assert says in str(refused.value)
    assert ways.taken == []


@pytest.mark.parametrize(("command", "says", "error"), SILENCES.values(), ids=SILENCES)
def test_a_server_that_falls_silent_or_hangs_up_has_not_taken_the_letter(
    server: tuple[Mailer, Ways], command: str, says: str | None, error: type[Exception]
) -> None:
    mailer, ways = server
    ways.says[command] = says
    with pytest.raises(error):
        mailer.send(letter())
    assert ways.taken == []


@pytest.mark.parametrize("says", [SAYS_NOTHING, HANGS_UP, "500 what?"])
def test_how_it_says_goodbye_changes_nothing(server: tuple[Mailer, Ways], says: str | None) -> None:
    mailer, ways = server
    ways.says["QUIT"] = says
    mailer.send(letter())
    assert len(ways.taken) == 1


def test_foreign_words_are_told_on_one_plain_line(server: tuple[Mailer, Ways]) -> None:
    mailer, ways = server
    ways.says["RCPT"] = "550-no\x1b[31m such\r\n550 user" + "x" * 1000
    with pytest.raises(NeverTaken) as refused:
        mailer.send(letter())
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 300


def test_nobody_there_is_an_error() -> None:
    mailer = open_mailer("smtp://127.0.0.1:1?tls=no", sender=SENDER)
    for question in (mailer.ready, lambda: mailer.send(letter())):
        with pytest.raises(MailDown):
            question()


@pytest.fixture(params=["starttls", "implicit"])
def encrypted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Path, Ways]]:
    certificate = own_certificate(tmp_path / "server.pem")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    implicit = request.param == "implicit"
    with smtp(tls, implicit=implicit) as (port, ways):
        scheme = "smtps" if implicit else "smtp"
        known = f"{USER}:{quote(PASSWORD, safe='')}"
        yield f"{scheme}://{known}@127.0.0.1:{port}", certificate, ways


def said_in_the_clear(ways: Ways) -> set[str]:
    return {line.partition(" ")[0].upper() for line in ways.overheard}


def test_a_password_is_said_on_an_encrypted_line_alone(
    encrypted: tuple[str, Path, Ways],
) -> None:
    url, certificate, ways = encrypted
    mailer = open_mailer(f"{url}?ca={certificate}", sender=SENDER)
    mailer.ready()
    mailer.send(letter())
    assert len(ways.taken) == 1
    assert said_in_the_clear(ways) <= {"EHLO", "STARTTLS"}


def test_a_certificate_that_nobody_vouches_for_gets_no_password(
    encrypted: tuple[str, Path, Ways],
) -> None:
    url, _certificate, ways = encrypted
    with pytest.raises(MailDown, match="certificate"):
        open_mailer(url, sender=SENDER).send(letter())
    assert said_in_the_clear(ways) <= {"EHLO", "STARTTLS"}


def test_a_server_without_encryption_gets_neither_password_nor_letter() -> None:
    with smtp() as (port, ways):
        url = f"smtp://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{port}"
        with pytest.raises(MailDown, match="STARTTLS"):
            open_mailer(url, sender=SENDER).send(letter())
        assert said_in_the_clear(ways) <= {"EHLO", "QUIT"}


def test_a_wrong_password_is_told_without_the_password(server: tuple[Mailer, Ways]) -> None:
    _mailer, ways = server
    mailer = open_mailer(
        f"smtp://{USER}:wrong-one@127.0.0.1:{port_of(server)}?tls=no", sender=SENDER
    )
    with pytest.raises(MailDown, match="535") as refused:
        mailer.send(letter())
    assert "wrong-one" not in str(refused.value) + repr(mailer)
    assert ways.taken == []


def port_of(server: tuple[Mailer, Ways]) -> int:
    port = getattr(server[0], "port")  # noqa: B009 - a server's, not the seam's
    assert isinstance(port, int)
    return port


@pytest.mark.parametrize(
    "url",
    [
        "smtp://",
        "smtp:host",
        "smtp://host:x",
        "smtp://host/path",
        "smtp://host?tls=maybe",
        "smtp://host?colour=red",
        "smtps://host?tls=no",
        "file:",
        "imap://host",
        "smtp://user:secret@mail.firm.example?tls=no",
    ],
)
def test_a_setting_that_names_no_safe_way_is_refused_without_telling_it(url: str) -> None:
    with pytest.raises(Invalid, match="CONTENTLIB_MAIL_URL") as refused:
        open_mailer(url, sender=SENDER)
    assert "secret" not in str(refused.value)
