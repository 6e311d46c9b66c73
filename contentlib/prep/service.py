"""Keeping what stood on a brief, and what people made of its cards."""

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.library.models import Asset
from contentlib.prep import queries
from contentlib.prep.models import (
    Chose,
    How,
    PrepBrief,
    PrepChoice,
    PrepFollowed,
    PrepImpression,
)
from contentlib.prep.ranking import SECTIONS
from contentlib.prep.receipts import Receipt
from contentlib.prep.talk import Talk

REASONS = ("not_relevant", "known", "outdated", "wrong_tone", "other")


def keep_brief(receipt: Receipt) -> PrepBrief:
    """Keep a brief as it was shown, with the chance of each card; a repetition changes nothing."""
    known = queries.find_brief(receipt.user_id, receipt.key)
    if known is not None:
        return known
    brief = PrepBrief(
        key=receipt.key,
        deal_id=receipt.deal_id,
        stage_id=receipt.stage_id,
        situation=receipt.situation,
        seed=receipt.seed,
        by_id=receipt.user_id,
    )
    for slot, (section, asset_id, version_id, propensity, reasons) in enumerate(receipt.cards, 1):
        brief.impressions.append(
            PrepImpression(
                slot=slot,
                section=section,
                asset_id=asset_id,
                asset_version_id=version_id,
                propensity=propensity,
                reasons=reasons,
            )
        )
    db.session.add(brief)
    db.session.flush()
    return brief


def follow(brief: PrepBrief, asset_id: int, how: How) -> None:
    """Keep that a card was followed, once; what is on no card of the brief is nothing of it."""
    shown = any(one.asset_id == asset_id for one in brief.impressions)
    if shown and db.session.get(PrepFollowed, (brief.id, asset_id, how)) is None:
        db.session.add(PrepFollowed(brief_id=brief.id, asset_id=asset_id, how=how))
        db.session.flush()


def pin(talk: Talk, asset: Asset, section: str, *, by: User, brief: PrepBrief | None) -> PrepChoice:
    """Keep a card in its section for this conversation; pinning it twice is pinning it once."""
    known = queries.find_choice(by.id, talk.place, asset.id, Chose.PIN)
    return known or _choose(talk, asset, section, Chose.PIN, by=by, brief=brief)


def dismiss(
    talk: Talk,
    asset: Asset,
    section: str,
    *,
    reason: str,
    by: User,
    brief: PrepBrief | None,
) -> PrepChoice:
    """Leave a card out of this conversation from now on, and say why; a pin on it ends."""
    if reason not in REASONS:
        raise Invalid(N_("Say why it does not fit."), field="reason")
    known = queries.find_choice(by.id, talk.place, asset.id, Chose.DISMISSED)
    if known is not None:
        return known
    pinned = queries.find_choice(by.id, talk.place, asset.id, Chose.PIN)
    if pinned is not None:
        take_back(pinned)
    return _choose(talk, asset, section, Chose.DISMISSED, by=by, brief=brief, reason=reason)


def take_back(choice: PrepChoice) -> None:
    """Say that a choice was a slip, or holds no longer; its row stays."""
    if choice.undone_at is None:
        choice.undone_at = now()
        db.session.flush()


def _choose(
    talk: Talk,
    asset: Asset,
    section: str,
    chose: Chose,
    *,
    by: User,
    brief: PrepBrief | None,
    reason: str = "",
) -> PrepChoice:
    if section not in SECTIONS:
        raise Invalid(N_("The request could not be understood."))
    choice = PrepChoice(
        place=talk.place,
        deal_id=talk.deal.id if talk.deal else None,
        brief_id=brief.id if brief else None,
        asset_id=asset.id,
        section=section,
        chose=chose,
        reason=reason,
        by_id=by.id,
    )
    db.session.add(choice)
    db.session.flush()
    return choice
