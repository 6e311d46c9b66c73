"""Why a letter was not taken; only the first of these says that it never will be."""

from contentlib.core.errors import N_, Unavailable

REFUSED = N_("The mail server refuses the letter for good: %(answer)s")
NO_ADDRESS = N_("“%(address)s” is not an address that a letter can go to.")
NOT_NOW = N_("The mail server does not take the letter now: %(answer)s")
NO_ANSWER = N_("The mail server does not answer: %(answer)s")
NOT_US = N_("The mail server does not take letters from here: %(answer)s")
NO_FOLDER = N_("Letters cannot be written into the folder: %(answer)s")
LEFT_ALONE = N_("The mail server is left alone for a while: %(answer)s")


class MailError(Unavailable):
    """A letter was not taken."""


class NeverTaken(MailError):
    """It will not be taken however often it is sent: nobody has the address, or it is refused."""


class NotTakenNow(MailError):
    """Just this letter is not taken now, while others may be."""


class MailDown(MailError):
    """No letter is taken at present: nobody answers, or the server does not take us in."""
