"""Commands about links for buyers."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import click
from flask import current_app, url_for
from flask.cli import AppGroup

from contentlib.accounts.models import User
from contentlib.accounts.queries import find_user
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, Invalid
from contentlib.core.numbers import whole
from contentlib.deals import told
from contentlib.deals.models import Deal
from contentlib.deals.queries import get_deal
from contentlib.library.firm_day import firm_today, firm_zone
from contentlib.library.models import Asset
from contentlib.library.queries import find_by_external_id, get_asset
from contentlib.sharing import sending, service, tokens
from contentlib.sharing.models import ShareLink
from contentlib.sharing.recipients import Recipient

MOST = 1000

share = AppGroup("share", help="Links by which buyers read materials.")


@share.command()
@click.option("--deal", required=True, help="The deal, by its number or external id.")
@click.option("--assets", required=True, help="Materials in order, by number or external id.")
@click.option("--by", "email", required=True, help="The address of the person who sends.")
@click.option("--count", type=click.IntRange(1, MOST), default=1, show_default=True)
@click.option("--sent-at", default="", help="When they were sent, ISO; not sent if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def create(*, deal: str, assets: str, email: str, count: int, sent_at: str, as_json: bool) -> None:
    """Make links and print their tokens, which are shown nowhere else."""
    by = find_user(email)
    if by is None or not by.active:
        raise Invalid(N_("There is no person with the address %(email)s."), email=email[:254])
    chosen = [_asset(by, name.strip()) for name in assets.split(",") if name.strip()]
    moment = _moment(sent_at) if sent_at else None
    terms = service.Terms(
        deal=_deal(by, deal.strip()),
        language=chosen[0].language if chosen else "pt",
        expires_at=now() + service.USUAL_LIFE,
        may_download=True,
    )
    links = [_make(chosen, terms, by, moment) for _ in range(count)]
    rows = [_row(link) for link in links]
    db.session.commit()
    if as_json:
        click.echo(json.dumps(rows))
        return
    click.echo("share_id,token,url")
    for row in rows:
        click.echo(f"{row['share_id']},{row['token']},{row['url']}")


def _make(
    assets: list[Asset], terms: service.Terms, by: User, sent_at: datetime | None
) -> ShareLink:
    key, today = current_app.config["SECRET_KEY"], firm_today()
    (link,) = service.create_links(assets, [Recipient()], terms, by=by, today=today, key=key)
    if sent_at is not None:
        link.created_at = min(link.created_at, sent_at)
        sending.mark_sent(link, by=by, channel="", today=today, occurred_at=sent_at)
    return link


def _row(link: ShareLink) -> dict[str, object]:
    token = tokens.token_of(link.seed, current_app.config["SECRET_KEY"])
    with current_app.test_request_context(base_url=current_app.config["BASE_URL"]):
        url = url_for("shared.page", token=token, _external=True)
    return {"share_id": link.id, "token": token, "url": url}


def _deal(by: User, name: str) -> Deal:
    known = told.find_deal(name)
    try:
        return get_deal(by, known.id if known else whole(name))
    except (Absent, ValueError):
        raise Invalid(N_("There is no deal %(name)s for this person."), name=name[:80]) from None


def _asset(by: User, name: str) -> Asset:
    known = find_by_external_id(name)
    try:
        return get_asset(by, known.id if known else whole(name), firm_today())
    except (Absent, ValueError):
        raise Invalid(
            N_("There is no material %(name)s for this person."), name=name[:80]
        ) from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(N_("“%(text)s” is not a moment."), text=text[:40]) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(firm_zone()))
