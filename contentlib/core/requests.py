"""What arrives from a browser, without the characters that nobody sees."""

from functools import cached_property

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

from contentlib.core.lines import visible


def cleaned(values: ImmutableMultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """Return the same names and values without hidden characters.

    PostgreSQL refuses NUL in any text, and marks that turn the reading direction let a name pass
    for another one.
    """
    return ImmutableMultiDict(
        (visible(name), visible(value)) for name, value in values.items(multi=True)
    )


class CleanRequest(Request):
    """A request whose address and form are cleaned once, for every view alike."""

    @cached_property
    def args(self) -> ImmutableMultiDict[str, str]:
        """Return what stands in the address after the question mark."""
        return cleaned(super().args)  # type: ignore[arg-type]

    def _load_form_data(self) -> None:
        super()._load_form_data()
        if "form" in self.__dict__:
            self.__dict__["form"] = cleaned(self.__dict__["form"])
