"""Making links for buyers, sending them, and taking them back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.core.ids import new_token
from contentlib.core.lines import one_line, visible
from contentlib.deals import consents
from contentlib.deals.models import Consent, Deal
from contentlib.library.models import Asset
from contentlib.sharing import tokens
from contentlib.sharing.fitness import is_behind, why_not
from contentlib.sharing.models import Follows, Gate, ShareItem, ShareLink
from contentlib.sharing.recipients import Recipient, each_once

USUAL_LIFE = timedelta(days=90)
LONGEST_LIFE = timedelta(days=3 * 366)
MOST_ASSETS = 20
LONGEST_NOTE = 1000
MOST_OPENS = 10_000
GONE = N_("A material you chose is no longer there. Choose another.")


@dataclass(frozen=True)
class Terms:
    """What holds for every link made at once; `password_hash` is argon2's, `allowed` normalised."""

    language: str
    expires_at: datetime
    deal: Deal | None = None
    title: str = ""
    channel: str = ""
    note: str = ""
    follows: Follows = Follows.LATEST
    gate: Gate = Gate.NONE
    allowed: Sequence[str] = field(default_factory=tuple)
    password_hash: str | None = None
    may_download: bool = False
    is_watermarked: bool = False
    most_opens: int | None = None


def create_links(
    assets: Sequence[Asset],
    recipients: Sequence[Recipient],
    terms: Terms,
    *,
    by: User,
    today: date,
    key: str,
) -> list[ShareLink]:
    """Make one link for each recipient, all with the same materials in the same order."""
    refuse_unfit(assets, today)
    _refuse_impossible(terms)
    wanted = each_once(recipients)
    if terms.is_watermarked and terms.gate in (Gate.NONE, Gate.ASK):
        _refuse_nameless(wanted)
    return [_create(assets, one, terms, by, key) for one in wanted]


def refuse_unfit(assets: Sequence[Asset], today: date) -> None:
    """Say which of some materials cannot be sent, and why."""
    if not assets:
        raise Invalid(N_("Choose at least one material."), field="assets")
    if len(assets) > MOST_ASSETS:
        raise Invalid(N_("At most %(most)s materials."), field="assets", most=MOST_ASSETS)
    for asset in assets:
        reason = why_not(asset, today)
        if reason is not None:
            raise Invalid(reason, field="assets", title=asset.title)


def revoke(link: ShareLink, *, by: User) -> None:
    """End a link at once; every request asks its row, so nothing has to be told."""
    if link.revoked_at is not None:
        return
    link.revoked_at, link.revoked_by_id = now(), by.id
    # Who it was for stays with the link, where it can be erased.
    audit.record(Action.SHARE_REVOKED, subject=link, by=by, deal=link.deal, made_by=link.by)
    db.session.flush()


def change_expiry(link: ShareLink, expires_at: datetime, *, by: User) -> None:
    """Let a link live longer or shorter; one that was revoked stays so."""
    refuse_revoked(link)
    _refuse_impossible_life(expires_at)
    before, link.expires_at = link.expires_at, expires_at
    audit.record(
        Action.SHARE_CHANGED, subject=link, by=by, changes={"expires_at": [before, expires_at]}
    )
    db.session.flush()


def replace_item(item: ShareItem, asset: Asset, *, link: ShareLink, by: User, today: date) -> None:
    """Put another material in the place of one; the buyer's address stays the same."""
    refuse_revoked(link)
    refuse_unfit([asset], today)
    if any(asset.id == other.asset_id for other in link.items if other is not item):
        raise Invalid(N_("“%(title)s” is in this link already."), title=asset.title)
    audit.record(
        Action.SHARE_CHANGED, subject=link, by=by, changes={"material": [item.asset, asset]}
    )
    item.asset, item.version = asset, asset.published_version  # type: ignore[assignment]
    db.session.flush()


def renew_item(item: ShareItem, *, link: ShareLink, by: User, today: date) -> None:
    """Let a link that stays with a version show the one published now, and stay with that."""
    refuse_revoked(link)
    refuse_unfit([item.asset], today)
    if not is_behind(link, item):
        raise Conflict(N_("This link shows the published version already."))
    before, after = item.version, item.asset.published_version
    audit.record(
        Action.SHARE_CHANGED,
        subject=link,
        by=by,
        changes={"version": [before.number, after.number if after else None]},
    )
    item.version = after  # type: ignore[assignment]
    db.session.flush()


def refuse_revoked(link: ShareLink) -> None:
    """Say that nothing can be done any more with a link that was revoked."""
    if link.revoked_at is not None:
        raise Conflict(N_("This link was revoked. Make a new one."))


def _create(
    assets: Sequence[Asset], recipient: Recipient, terms: Terms, by: User, key: str
) -> ShareLink:
    seed = new_token()
    link = ShareLink(
        seed=seed,
        token_hash=tokens.hash_of(tokens.token_of(seed, key)),
        title=one_line(terms.title)[:200] if len(assets) > 1 else "",
        deal=terms.deal,
        contact=recipient.contact,
        recipient_name=recipient.name[:200],
        recipient_email=recipient.email,
        by=by,
        channel=terms.channel,
        language=terms.language,
        note=visible(terms.note).strip(),
        follows=terms.follows,
        gate=terms.gate,
        allowed=list(terms.allowed),
        password_hash=terms.password_hash,
        # A marked file cannot be made of every kind, and an unmarked one would undo the marks.
        may_download=terms.may_download and not terms.is_watermarked,
        is_watermarked=terms.is_watermarked,
        is_unrecorded=_is_opposed(recipient),
        expires_at=terms.expires_at,
        most_opens=terms.most_opens,
        items=_items(assets),
    )
    db.session.add(link)
    db.session.flush()
    return link


def _items(assets: Sequence[Asset]) -> list[ShareItem]:
    return [
        ShareItem(position=place, asset=asset, version=asset.published_version)
        for place, asset in enumerate(assets, start=1)
    ]


def _is_opposed(recipient: Recipient) -> bool:
    """Tell whether somebody objects to being told apart as a reader."""
    contact = recipient.contact
    known = contact is not None and contact.consent is Consent.OPPOSED
    return known or consents.is_opposed(recipient.email)


def _refuse_impossible(terms: Terms) -> None:
    _refuse_impossible_life(terms.expires_at)
    if len(terms.note) > LONGEST_NOTE:
        raise Invalid(
            N_("This text has more than %(most)s characters."), field="note", most=LONGEST_NOTE
        )
    if terms.gate is Gate.LISTED and not terms.allowed:
        raise Invalid(N_("Write who may open it: addresses or domains."), field="allowed")
    if terms.most_opens is not None and not 1 <= terms.most_opens <= MOST_OPENS:
        raise Invalid(N_("Write a number from 1 to %(most)s."), field="most_opens", most=MOST_OPENS)


def _refuse_impossible_life(expires_at: datetime) -> None:
    if expires_at <= now():
        raise Invalid(N_("Choose a day that is still to come."), field="expires_on")
    if expires_at > now() + LONGEST_LIFE:
        raise Invalid(N_("A link lives for three years at most."), field="expires_on")


def _refuse_nameless(recipients: Sequence[Recipient]) -> None:
    if any(one.email is None for one in recipients):
        raise Invalid(
            N_("A watermark shows the recipient's e-mail address; write one for everybody."),
            field="others",
        )
