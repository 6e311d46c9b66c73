"""Which mailer a setting chooses."""

from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from contentlib.core.config import LOOPBACK
from contentlib.core.errors import N_, Invalid
from contentlib.mail.folder import Folder
from contentlib.mail.mailer import Mailer
from contentlib.mail.smtp import Smtp

MALFORMED = N_(
    "CONTENTLIB_MAIL_URL must look like smtp://user:password@host:587, smtps://host or file:FOLDER."
)
IN_THE_CLEAR = N_(
    "CONTENTLIB_MAIL_URL would send the password to another machine without encryption; leave"
    " tls=no out."
)
PORTS = {"smtp": 587, "smtps": 465}


def open_mailer(url: str, *, sender: str) -> Mailer:
    """Return the mailer that a setting names, without asking yet whether it is there.

    What is wrong with the setting is told without it: it holds a password.
    """
    kind, _, rest = url.partition(":")
    if kind == "file" and rest:
        return Folder(Path(rest))
    try:
        parts = urlsplit(url)
        port = parts.port
        options = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError:
        raise Invalid(MALFORMED) from None
    if kind not in PORTS or not parts.hostname or parts.path or options.keys() - {"tls", "ca"}:
        raise Invalid(MALFORMED)
    tls = _tls(kind, options.get("tls", [""])[-1])
    if tls == "no" and parts.password and parts.hostname not in LOOPBACK:
        raise Invalid(IN_THE_CLEAR)
    ca = options.get("ca", [""])[-1]
    return _server(parts, port or PORTS[kind], tls, ca, sender)


def _tls(kind: str, asked: str) -> str:
    if kind == "smtps" and not asked:
        return "implicit"
    if kind == "smtp" and asked in ("", "starttls", "no"):
        return asked or "starttls"
    raise Invalid(MALFORMED)


def _server(parts: SplitResult, port: int, tls: str, ca: str, sender: str) -> Smtp:
    return Smtp(
        host=parts.hostname or "",
        port=port,
        tls=tls,
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ca=ca,
    )
