"""Errors that a person can act on, each a plain sentence that the edge translates."""


def N_(message: str) -> str:  # noqa: N802 - the name that message extraction knows
    """Mark a text for translation where it is written; the edge translates it when shown."""
    return message


class ContentlibError(Exception):
    """Something a person can mend; carries an English message id and its parameters."""

    status = 400
    # Seconds after which the same may succeed, where waiting helps.
    retry_after: int | None = None

    def __init__(self, message: str, /, **parameters: object) -> None:
        super().__init__(message % parameters if parameters else message)
        self.message = message
        self.parameters = parameters


class Invalid(ContentlibError):
    """What was typed or sent cannot be used; `field` names where, if one field is to blame."""

    status = 422

    def __init__(self, message: str, /, field: str | None = None, **parameters: object) -> None:
        super().__init__(message, **parameters)
        self.field = field


class Absent(ContentlibError):
    """There is no such thing for this person: absent and forbidden look alike."""

    status = 404

    def __init__(self, message: str = N_("This page does not exist."), /) -> None:
        super().__init__(message)


class Conflict(ContentlibError):
    """The thing is no longer in the state this change supposes."""

    status = 409


class TooLarge(ContentlibError):
    """What was sent is over a limit."""

    status = 413


class TooMany(ContentlibError):
    """Somebody asked for more at once than anybody can look at."""

    status = 429
    retry_after = 1


class Unavailable(ContentlibError):
    """A part that is needed does not answer at present; trying again later is right."""

    status = 503
