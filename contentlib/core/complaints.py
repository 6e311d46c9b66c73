"""What keeps a command from running, as one plain sentence for the person at the terminal."""

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy.exc import DBAPIError

from contentlib.core.errors import ContentlibError

# Each is something a person can mend; whatever else is raised is a bug and shows its trace.
MENDABLE = (ContentlibError, ValidationError, SettingsError, DBAPIError, OSError)


def sentences(error: Exception) -> Iterator[str]:
    """Say what is wrong, one sentence for each thing to mend."""
    if isinstance(error, ValidationError):
        for problem in error.errors():
            # A rule that concerns several settings names them itself.
            name = "_".join(("CONTENTLIB", *map(str, problem["loc"]))).upper()
            message = problem["msg"].removeprefix("Value error, ")
            yield f"{name}: {message}" if problem["loc"] else message
    elif isinstance(error, SettingsError):
        field = str(error).partition('"')[2].partition('"')[0]
        yield f'CONTENTLIB_{field.upper()}: this must be a JSON list, such as ["example.com"].'
    elif isinstance(error, DBAPIError):
        yield _database(str(error.orig).strip().partition("\n")[0])
    elif isinstance(error, OSError) and error.strerror:
        yield f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    else:
        yield str(error)


def _database(reason: str) -> str:
    if "no such table" in reason or "no such column" in reason or "does not exist" in reason:
        return "The database is not at this version's state. Run: contentlib db upgrade"
    return f"The database named by CONTENTLIB_DATABASE_URL refuses: {reason}"
