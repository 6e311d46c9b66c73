"""The words that go with a link, in its buyer's language: for WhatsApp, and as an e-mail.

What is copied is exactly what is shown before: both come from here.
"""

from dataclasses import dataclass
from urllib.parse import quote

from contentlib.core.errors import N_
from contentlib.core.i18n import LANGUAGES, load_catalogue
from contentlib.sharing.models import ShareLink

GREETING = N_("Hello %(name)s,")
NAMELESS = N_("Hello,")
ONE = N_("here is what I told you about: %(title)s.")
SEVERAL = N_("here is what I told you about:")
SUBJECT_OF_KIT = N_("Materials for you")


@dataclass(frozen=True)
class Message:
    """One message for one recipient."""

    address: str
    subject: str
    text: str
    whatsapp: str
    email: str | None

    @property
    def whatsapp_url(self) -> str:
        """Return an address that opens WhatsApp with the message, its receiver to be chosen."""
        return f"https://wa.me/?text={quote(self.whatsapp, safe='')}"

    @property
    def mail_url(self) -> str:
        """Return an address that opens the mail program with the message."""
        subject, body = (quote(part, safe="") for part in (self.subject, self.text))
        return f"mailto:{quote(self.email or '', safe='@')}?subject={subject}&body={body}"


def message_of(link: ShareLink, address: str) -> Message:
    """Write the message of a link; the note stands in it, as it stands on the page."""
    titles = [item.asset.title for item in link.items]
    subject = link.title or (titles[0] if len(titles) == 1 else _said(link, SUBJECT_OF_KIT))
    return Message(
        address=address,
        subject=subject,
        text=_body(link, titles, address, bold="{}"),
        whatsapp=_body(link, titles, address, bold="*{}*"),
        email=link.recipient_email,
    )


def _body(link: ShareLink, titles: list[str], address: str, *, bold: str) -> str:
    first = link.recipient_name.split(" ")[0]
    greeting = _said(link, GREETING, name=first) if first else _said(link, NAMELESS)
    # An asterisk of a title would end the bold words before their time.
    marked = [bold.format(title.replace("*", "") if bold != "{}" else title) for title in titles]
    if link.note:
        said = [link.note, *(f"– {title}" for title in marked)] if len(titles) > 1 else [link.note]
    elif len(titles) == 1:
        said = [_said(link, ONE, title=marked[0])]
    else:
        said = [_said(link, SEVERAL), *(f"– {title}" for title in marked)]
    return "\n\n".join((greeting, "\n".join(said), address, link.by.name))


def _said(link: ShareLink, sentence: str, **values: str) -> str:
    said = load_catalogue(LANGUAGES.get(link.language, "pt_BR")).ugettext(sentence)
    return said % values if values else said
