"""Is e-mail well: does the server answer, and does anything wait for it?"""

from collections.abc import Iterator

from sqlalchemy import func, select

from contentlib.admin.finding import Finding
from contentlib.core.db import db
from contentlib.core.errors import N_
from contentlib.jobs.models import Job, JobState
from contentlib.mail import MailError
from contentlib.mail.current import current_mailer
from contentlib.notifications.service import DIGEST, LETTER, MAIL


def mail() -> Iterator[Finding]:
    """Tell whether letters are taken, and how many wait because they were not."""
    mailer = current_mailer()
    if mailer is None:
        sentence = N_("No mail server is named, so nobody is told by e-mail.")
        yield Finding(N_("E-mail"), "ok", sentence)
        return
    try:
        mailer.ready()
        yield Finding(N_("E-mail"), "ok", N_("Letters are taken."))
    except MailError as error:
        mend = N_("Correct CONTENTLIB_MAIL_URL, or look after the server it names.")
        yield Finding(N_("E-mail"), "bad", error.message, mend, error.parameters)
    if count := _waiting():
        sentence = N_("Letters that were put off: %(count)s. They go on by themselves.")
        yield Finding(N_("E-mail"), "warn", sentence, "", {"count": count})


def _waiting() -> int:
    """Count what was tried and put off; a daily letter that is not due yet waits for no server."""
    put_off = select(func.count(Job.id)).where(
        Job.state == JobState.QUEUED,
        Job.kind.in_((MAIL, DIGEST, LETTER)),
        Job.last_error.is_not(None),
    )
    return db.session.scalar(put_off) or 0
