"""Signed notes of what was answered, which a page hands back once somebody read it.

Reading never writes: the answer carries the note, only a person who stays on it sends it back, and
nobody but the server can have written it.
"""

from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from itsdangerous import BadData, URLSafeTimedSerializer

from contentlib.core.errors import Invalid

VALID_SECONDS = 24 * 3600


class Noted(Protocol):
    """What a note may hold: a plain record that says whose it is."""

    @property
    def user_id(self) -> int:
        """Return for whom it was answered."""


R = TypeVar("R", bound=Noted)


@dataclass(frozen=True)
class Notes(Generic[R]):
    """Notes of one kind, told apart from others by their salt; `too_old` is said of a bad one."""

    kind: type[R]
    salt: str
    too_old: str

    def sign(self, noted: R, keys: list[str]) -> str:
        """Turn a note into a text that nobody can change; the last key signs, all verify."""
        return str(self._serializer(keys).dumps(vars(noted)))

    def read(self, token: str, keys: list[str], *, user_id: int) -> R:
        """Read a note back; one that was changed, is old or someone else's is refused."""
        try:
            fields: dict[str, Any] = self._serializer(keys).loads(token, max_age=VALID_SECONDS)
        except BadData:
            raise Invalid(self.too_old) from None
        if fields["user_id"] != user_id:
            raise Invalid(self.too_old)
        return self.kind(**fields)

    def _serializer(self, keys: list[str]) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(keys, salt=self.salt)
