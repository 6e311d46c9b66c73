"""Leaving a server alone that does not answer, so that its silence does not hold up other work."""

from datetime import datetime, timedelta
from email.message import EmailMessage

from contentlib.core.clock import now
from contentlib.mail.errors import LEFT_ALONE, MailDown
from contentlib.mail.mailer import Mailer

SHORTEST, LONGEST = timedelta(seconds=20), timedelta(minutes=10)


class Patient:
    """A mailer that after each silence waits twice as long before it asks again.

    A worker has one thread: were each of a thousand letters to wait for the silent server anew,
    nothing else would be done that day.
    """

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer
        self._silences = 0
        self._until: datetime | None = None
        self._why = ""

    def ready(self) -> None:
        """Ask at once: somebody wants to know."""
        self._mailer.ready()

    def send(self, message: EmailMessage) -> None:
        """Send, unless the server was silent just now."""
        if self._until is not None and now() < self._until:
            raise MailDown(LEFT_ALONE, answer=self._why)
        try:
            self._mailer.send(message)
        except MailDown as error:
            pause = min(SHORTEST * 2 ** min(self._silences, 10), LONGEST)
            self._silences += 1
            self._until, self._why = now() + pause, str(error)
            raise
        self._silences, self._until = 0, None
