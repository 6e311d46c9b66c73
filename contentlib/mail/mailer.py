"""The seam: what everything that takes letters can do."""

from email.message import EmailMessage
from typing import Protocol


class Mailer(Protocol):
    """Takes letters; every method raises only `MailError`s."""

    def ready(self) -> None:
        """Return soon if letters would be taken; raises `MailDown` otherwise."""
        ...

    def send(self, message: EmailMessage) -> None:
        """Return once the letter is taken, so that somebody else answers for it.

        Whoever is not sure that it was taken raises: a letter may come twice, but none is lost.
        """
        ...
