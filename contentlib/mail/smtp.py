"""A mail server reached by SMTP; the only file that knows smtplib.

What the server's three digits mean (RFC 5321): 4xx asks for patience, 5xx says no. A no to the
recipient or to the whole letter is for good. A no to us (name and password, the sender, the first
words) would be said to every letter, and is taken for a server that is not there yet.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr

from contentlib.mail.errors import (
    NO_ANSWER,
    NOT_NOW,
    NOT_US,
    REFUSED,
    MailDown,
    MailError,
    NeverTaken,
    NotTakenNow,
)

ANSWERS_WITHIN = 10.0
"""Seconds of silence after which a server is taken not to answer."""

PARTS_WITHIN = 2.0
"""Seconds for the goodbye, on which nothing depends any more."""

GOING_DOWN = 421
LONGEST_ANSWER = 200
Answer = tuple[int, bytes | str]


@dataclass(frozen=True)
class Smtp:
    """A server at an address; `tls` is `implicit`, `starttls` or `no`."""

    host: str
    port: int
    tls: str
    sender: str
    user: str = ""
    password: str = ""
    # A file of certificates to trust, where the server's own is not one that everybody trusts.
    ca: str = ""

    def __repr__(self) -> str:
        """Name the server, never the password."""
        return f"Smtp({self.host}:{self.port})"

    def ready(self) -> None:
        """Connect, sign in and ask for nothing."""
        with self._line() as line:
            code, words = line.noop()
            if code >= 400:
                raise MailDown(NOT_US, answer=_answer((code, words)))

    def send(self, message: EmailMessage) -> None:
        """Hand a letter over; it is taken once the server has answered to its last line."""
        with self._line() as line:
            try:
                line.send_message(message)
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
                raise _refusal(error) from error
            except smtplib.SMTPNotSupportedError as error:
                # An address with letters that this server cannot write.
                raise NeverTaken(REFUSED, answer=_plain(str(error))) from error

    @contextmanager
    def _line(self) -> Iterator[smtplib.SMTP]:
        line = None
        try:
            line = self._connected()
            yield line
        except smtplib.SMTPResponseException as error:
            raise MailDown(NOT_US, answer=_answer((error.smtp_code, error.smtp_error))) from error
        except smtplib.SMTPNotSupportedError as error:
            raise MailDown(NOT_US, answer=_plain(str(error))) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailDown(NO_ANSWER, answer=_plain(str(error)) or type(error).__name__) from error
        finally:
            if line is not None:
                _part(line)

    def _connected(self) -> smtplib.SMTP:
        trust = ssl.create_default_context(cafile=self.ca or None)
        # The host it says it is must not be asked of a name server, which may take long.
        me = parseaddr(self.sender)[1].rpartition("@")[2]
        if self.tls == "implicit":
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, me, timeout=ANSWERS_WITHIN, context=trust
            )
        else:
            line = smtplib.SMTP(self.host, self.port, me, timeout=ANSWERS_WITHIN)
        try:
            self._sign_in(line, trust)
        except BaseException:
            line.close()
            raise
        return line

    def _sign_in(self, line: smtplib.SMTP, trust: ssl.SSLContext) -> None:
        line.ehlo_or_helo_if_needed()
        if self.tls == "starttls":
            # Where the server has none, this raises: nothing is said in the clear instead.
            line.starttls(context=trust)
        if self.user:
            line.login(self.user, self.password)


def _part(line: smtplib.SMTP) -> None:
    """Say goodbye; what is answered to it, or whether anything is, changes nothing."""
    with suppress(smtplib.SMTPException, OSError):
        if line.sock is not None:
            line.sock.settimeout(PARTS_WITHIN)
            line.quit()
    line.close()


def _refusal(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> MailError:
    if isinstance(error, smtplib.SMTPDataError):
        answer: Answer = (error.smtp_code, error.smtp_error)
    else:
        answer = next(iter(error.recipients.values()))
    if answer[0] == GOING_DOWN:
        return MailDown(NO_ANSWER, answer=_answer(answer))
    kind, words = (NotTakenNow, NOT_NOW) if answer[0] < 500 else (NeverTaken, REFUSED)
    return kind(words, answer=_answer(answer))


def _answer(answer: Answer) -> str:
    code, words = answer
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {_plain(text)}"


def _plain(text: str) -> str:
    """Return foreign words on one line, without what nobody sees."""
    seen = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(seen.split())[:LONGEST_ANSWER]
