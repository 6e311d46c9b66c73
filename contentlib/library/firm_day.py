"""Calendar days in the firm's own time zone, where materials expire and reviews fall due."""

from datetime import date
from typing import cast

from flask import current_app

from contentlib.core import clock


def firm_zone() -> str:
    """Return the zone that the installation is set to."""
    return cast(str, current_app.extensions["settings"].timezone)


def firm_today() -> date:
    """Return which day it is for the firm."""
    return clock.today(firm_zone())
