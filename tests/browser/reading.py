"""A page of a link as small as can be, with the same attributes as the product's own."""

import hashlib
from datetime import timedelta

from flask import Flask, render_template_string, request
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import begin_read_only, db
from contentlib.library.models import Asset
from contentlib.sharing.models import ShareItem, ShareLink
from contentlib.sharing.visits.arriving import arrive, visitor_of
from contentlib.sharing.visits.caller import address_of, facts_of
from contentlib.sharing.visits.models import Visit, What
from contentlib.sharing.visits.noting import note_hit

TOKEN = "a-token-of-tests"
SMALL = """<!doctype html><html lang="pt"><meta charset="utf-8"><title>Leitura</title>
<link rel="stylesheet" href="{{ url_for('static', filename='css/app.css') }}">
<body data-visit="{{ visit.key }}" data-beacon="/s/{{ token }}/seen">
{% for page in range(1, 7) %}<svg width="300" height="700" data-position="1" data-page="{{ page }}"
 role="img" aria-label="{{ page }}"></svg><br>{% endfor %}
<script type="module" src="{{ url_for('static', filename='js/reading.js') }}"></script>
</body></html>"""


def serve_small_page(app: Flask) -> None:
    """Let an application answer with the small page at /small."""

    def small() -> str:
        begin_read_only(False)
        link = db.session.scalars(select(ShareLink).where(ShareLink.token_hash == hashed())).one()
        address, agent = address_of(request), request.headers.get("User-Agent", "")
        visit = arrive(link, visitor=visitor_of(address, agent, key=str(now())))
        note_hit(link, What.PAGE, visit=visit, facts=facts_of(request))
        db.session.commit()
        return render_template_string(SMALL, visit=visit, token=TOKEN)

    small.permission = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/small", "small", small)


def hashed() -> str:
    """Return what the link keeps of its token."""
    return hashlib.sha256(TOKEN.encode()).hexdigest()


def add_link(by: User, asset: Asset) -> ShareLink:
    """Add the link of the small page, sent an hour ago."""
    link = ShareLink(
        seed="x",
        token_hash=hashed(),
        by_id=by.id,
        language="pt",
        sent_at=now() - timedelta(hours=1),
    )
    link.items = [ShareItem(position=1, asset_id=asset.id, version_id=asset.published_version_id)]
    db.session.add(link)
    db.session.commit()
    return link


def last_visit() -> Visit:
    """Return the visit that was begun last."""
    return db.session.scalars(select(Visit).order_by(Visit.id.desc()).limit(1)).one()
