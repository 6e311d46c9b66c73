"""A letter as a message of the mail: plain and HTML, with headers that nobody can write into.

Sources: RFC 5322 (messages), RFC 2046 (alternatives), RFC 3834 (letters sent by programs).
"""

from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from contentlib.core.lines import one_line
from contentlib.mail.errors import NO_ADDRESS, NeverTaken

LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Letter:
    """What is sent to whom; `name` makes a letter that is sent again the same letter."""

    to: str
    subject: str
    text: str
    html: str
    # The part of the Message-ID before the host: letters, digits, dots and hyphens.
    name: str
    # More headers, such as where one says that no more letters are wanted.
    headers: dict[str, str] = field(default_factory=dict)

    def message(self, *, sender: str, at: datetime) -> EmailMessage:
        """Return the message; raises `NeverTaken` where the address is none."""
        message = EmailMessage(policy=SMTP)
        name, address = parseaddr(sender)
        message["From"] = Address(one_line(name), addr_spec=address)
        message["To"] = _address(self.to)
        message["Subject"] = one_line(self.subject)[:LONGEST_SUBJECT]
        message["Date"] = format_datetime(at)
        # A mail program shows a letter that comes twice under one id only once.
        message["Message-ID"] = f"<{self.name}@{message['From'].addresses[0].domain}>"
        # So that no absent person's program answers it (RFC 3834, and what Exchange knows).
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        for header, value in self.headers.items():
            message[header] = one_line(value)
        message.set_content(self.text)
        message.add_alternative(self.html, subtype="html")
        return message


def _address(text: str) -> Address:
    """Read one address and nothing after it."""
    try:
        return Address(addr_spec=text)
    except (ValueError, IndexError, MessageError):
        raise NeverTaken(NO_ADDRESS, address=one_line(text)[:80]) from None
