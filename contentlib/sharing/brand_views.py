"""The firm's colour and picture on buyers' pages: a style sheet of one rule, and a file."""

from flask import Response, current_app, send_file
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import requires
from contentlib.core.config import Settings
from contentlib.core.errors import Absent
from contentlib.sharing.public import bp

# A browser keeps them for an hour; a new colour is no emergency.
KEPT = "public, max-age=3600"


@bp.get("/brand/brand.css")
@requires("public")
def brand_css() -> ResponseReturnValue:
    """Give the colour, and the ink that can be read on it."""
    color = _settings().brand_color
    rules = f":root {{ --brand: {color}; --on-brand: {ink_on(color)}; }}\n"
    return _kept(Response(rules, mimetype="text/css"))


@bp.get("/brand/logo.png")
@requires("public")
def brand_logo() -> ResponseReturnValue:
    """Give the picture beside the name, if there is one."""
    logo = _settings().brand_logo
    if logo is None:
        raise Absent
    return _kept(send_file(logo.absolute(), mimetype="image/png"))


def ink_on(color: str) -> str:
    """Return white or near-black, whichever has the higher contrast on `#rrggbb` (WCAG 2.2)."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#fff" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.057 else "#11151f"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = KEPT
    return answer
