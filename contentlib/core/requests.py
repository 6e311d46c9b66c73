"""What arrives from a browser, without the one character that no text may hold."""

from functools import cached_property

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

NUL = "\0"


def without_nul(values: ImmutableMultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """Return the same names and values without NUL, which PostgreSQL refuses in any text."""
    return ImmutableMultiDict(
        (name.replace(NUL, ""), value.replace(NUL, "")) for name, value in values.items(multi=True)
    )


class CleanRequest(Request):
    """A request whose address and form are cleaned once, for every view alike."""

    @cached_property
    def args(self) -> ImmutableMultiDict[str, str]:
        """Return what stands in the address after the question mark."""
        return without_nul(super().args)  # type: ignore[arg-type]

    def _load_form_data(self) -> None:
        super()._load_form_data()
        if "form" in self.__dict__:
            self.__dict__["form"] = without_nul(self.__dict__["form"])
