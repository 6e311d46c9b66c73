"""Handing e-mail to a server: knows messages and addresses, not what they tell.

One URL-like setting chooses how (`smtp://host`, `smtps://host`, `file:FOLDER`), and nothing chooses
none; every implementation passes `tests/contracts/test_mailer.py`.
"""

from contentlib.mail.errors import MailDown, MailError, NeverTaken, NotTakenNow
from contentlib.mail.letter import Letter
from contentlib.mail.mailer import Mailer
from contentlib.mail.opening import open_mailer

__all__ = [
    "Letter",
    "MailDown",
    "MailError",
    "Mailer",
    "NeverTaken",
    "NotTakenNow",
    "open_mailer",
]
