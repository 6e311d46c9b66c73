"""The look of the fictional firm whose library the demo shows."""

from datetime import datetime

FIRM = "Nortear"
SITE = "nortear.example"

INK = "#1f2933"
MUTED = "#62707d"
LINE = "#d9e0e3"
PALE = "#eef4f3"
TEAL = "#103b3c"
GREEN = "#2a8c82"
AMBER = "#d9902f"
WHITE = "#ffffff"

# Every file carries this date, so that the same source always gives the same bytes.
# Office formats know no time zone.
MOMENT = datetime(2026, 3, 2, 9)  # noqa: DTZ001
