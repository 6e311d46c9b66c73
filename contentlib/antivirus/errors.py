"""Why there is no verdict on a file; none of these ever means that it is clean."""

from contentlib.core.errors import N_, Unavailable

TOO_LARGE = N_("It is larger than the scanner takes.")
NO_VERDICT = N_("The scanner gave no verdict on it.")
NO_ANSWER = N_("The virus scanner does not answer.")


class ScannerError(Unavailable):
    """The scanner could not do what was asked."""


class ScannerDown(ScannerError):
    """There is nobody to ask: the scanner is not reached, or says nothing."""


class NotScanned(ScannerError):
    """The scanner is there, but says nothing of just this file."""
