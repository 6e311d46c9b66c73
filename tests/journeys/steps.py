"""What people do, as requests of their browsers."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

from flask.testing import FlaskClient
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.library.models import Asset

FACTS = {
    "type": "case_study",
    "language": "pt",
    "stages": ["negotiation"],
    "personas": ["economic_buyer"],
    "audience": "shareable",
    "deputy": "",
    "then": "publish",
}


def pdf(*pages: str) -> bytes:
    """Make a real PDF with a line of words on each page."""
    buffer = BytesIO()
    canvas = Canvas(buffer)
    for words in pages:
        canvas.drawString(72, 720, words)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def upload(browser: FlaskClient, title: str, *pages: str, **facts: str) -> Asset:
    """Upload a PDF, say what it is and publish it."""
    browser.post(
        "/assets/upload",
        data={"file": (BytesIO(pdf(*pages)), f"{title}.pdf")},
        headers={"HX-Request": "true", "Idempotency-Key": title},
    )
    asset = db.session.scalars(select(Asset).order_by(Asset.id.desc()).limit(1)).one()
    review = (now() + timedelta(days=90)).date().isoformat()
    form = FACTS | {"title": title, "owner": str(asset.owner_id), "review_due": review} | facts
    assert browser.post(f"/assets/{asset.id}/edit", data=form).status_code == 303
    return asset


def search(browser: FlaskClient, words: str) -> str:
    """Search and return what the page says, in plain words."""
    text = browser.get("/search", query_string={"q": words}).get_data(as_text=True)
    main = text.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", "", main)).split())
