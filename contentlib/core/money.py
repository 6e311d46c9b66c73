"""Money as an integer of minor units with its currency, and how people write it."""

import re
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision

from contentlib.core.errors import N_, Invalid

# A 64-bit column holds far more than this; anything above it is a typing error.
LARGEST_MINOR = 10**15
_NOISE = re.compile(r"[^0-9,.\-+]")
_SHAPE = re.compile(r"[+-]?\d+([.,]\d+)*")


def minor_digits(currency: str) -> int:
    """Return how many decimals a currency has (BRL 2, JPY 0)."""
    return get_currency_precision(currency)


def format_money(minor: int, currency: str, locale: str, *, cents: bool = True) -> str:
    """Write minor units as people of a locale do, with or without the cents."""
    digits = minor_digits(currency)
    amount = Decimal(minor).scaleb(-digits)
    if cents or digits == 0:
        return format_currency(amount, currency, locale=locale)
    pattern = "¤\xa0#,##0" if locale.startswith("pt") else "¤#,##0"
    whole = amount.quantize(Decimal(1))
    return format_currency(whole, currency, pattern, locale=locale, currency_digits=False)


def parse_money(text: str, currency: str) -> int:
    """Read an amount such as `R$ 1.234,56`, `1,234.56` or `1234.5` into minor units.

    The last of `.` and `,` is the decimal mark unless exactly three digits follow it and the
    other mark is absent. Raises Invalid for anything that is not one amount within bounds.
    """
    bare = _NOISE.sub("", text.replace("\u2212", "-"))
    if not _SHAPE.fullmatch(bare):
        raise Invalid(N_("“%(text)s” is not an amount of money."), text=text[:40])
    value = Decimal(_normal_decimal(bare))
    scaled = value.scaleb(minor_digits(currency))
    if abs(scaled) > LARGEST_MINOR:
        raise Invalid(N_("The amount “%(text)s” is too large."), text=text[:40])
    return int(scaled.to_integral_value(rounding="ROUND_HALF_EVEN"))


def _normal_decimal(bare: str) -> str:
    comma, point = bare.rfind(","), bare.rfind(".")
    mark = max(comma, point)
    if mark < 0:
        return bare
    both = comma >= 0 and point >= 0
    repeated = bare.count(bare[mark]) > 1
    if not both and (repeated or len(bare) - mark - 1 == 3):
        return bare.replace(",", "").replace(".", "")
    head = bare[:mark].replace(",", "").replace(".", "")
    return f"{head}.{bare[mark + 1 :]}"
