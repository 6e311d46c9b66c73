"""Noting what materials did for a deal: what the ledger is told, and by which rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contentlib.accounts.models import User
from contentlib.core.clock import local_day, now, start_of_day
from contentlib.core.errors import N_, Invalid
from contentlib.deals.models import Deal
from contentlib.deals.queries import on_deal
from contentlib.library.models import Asset
from contentlib.library.release.history import version_seen_at
from contentlib.usage import service as usage
from contentlib.usage.models import Action, UsageEvent

BACKDATING = timedelta(days=30)
# What was written or spoken over these was sent; the rest was shown face to face.
SENT_BY = frozenset({"email", "whatsapp"})
# Where people note uses: in the product itself, and in the small window over any other page.
SURFACES = frozenset({"web", "bookmarklet"})


@dataclass(frozen=True)
class Use:
    """What a person says about one use: the channel, the day if not now, and a note.

    `search_id` and `position` tell which result of which search it came from, if it did.
    """

    channel: str
    day: date | None = None
    note: str = ""
    search_id: str | None = None
    position: int | None = None
    surface: str = "web"

    def is_long_ago(self, zone: str) -> bool:
        """Tell whether it needs a word why it is told so late."""
        moment = now()
        return moment - _moment_of(self.day, moment, zone) > BACKDATING


def note_use(
    deal: Deal, assets: Sequence[Asset], use: Use, *, by: User, key: str, zone: str
) -> list[UsageEvent]:
    """Write down that a person used materials on a deal; doing it twice writes it once.

    A day further back than thirty days needs a note that says why it is told so late.
    """
    if not assets:
        raise Invalid(N_("Choose at least one material."), field="assets")
    moment = now()
    occurred = _moment_of(use.day, moment, zone)
    if use.surface not in SURFACES:
        raise Invalid(N_("Nothing notes uses from there."), field="surface")
    if moment - occurred > BACKDATING and not use.note.strip():
        raise Invalid(
            N_("For a use more than 30 days ago, say in the note why it is told now."),
            field="note",
        )
    action = Action.SENT_OUTSIDE if use.channel in SENT_BY else Action.SHOWN
    facts = on_deal(deal, occurred_at=occurred, recorded_at=moment)
    return [
        usage.record(
            action,
            asset_id=asset.id,
            version_id=_version_id(asset, occurred),
            actor_id=by.id,
            idempotency_key=_key(key, asset.id),
            on=facts,
            occurred_at=occurred,
            channel=use.channel,
            note=use.note.strip() or None,
            search_id=use.search_id,
            position=use.position,
            surface=use.surface,
        )
        for asset in assets
    ]


def told_before(events: Sequence[UsageEvent], key: str) -> list[UsageEvent]:
    """Return those of the events that were noted moments before, under another key than this."""
    return [event for event in events if event.idempotency_key != _key(key, event.asset_id)]


def _key(key: str, asset_id: int) -> str:
    return f"use:{key}:{asset_id}"


def note_taking(
    action: Action,
    asset: Asset,
    deal: Deal | None,
    *,
    by: User,
    key: str,
    part: str | None = None,
    search_id: str | None = None,
    position: int | None = None,
) -> UsageEvent:
    """Write down that a person opened or took a material just now, perhaps for a deal."""
    moment, version = now(), asset.shown_version
    return usage.record(
        action,
        asset_id=asset.id,
        version_id=version.id if version else None,
        actor_id=by.id,
        idempotency_key=f"{action}:{by.id}:{key}"[:80],
        on=on_deal(deal, occurred_at=moment, recorded_at=moment) if deal else None,
        occurred_at=moment,
        part=part,
        search_id=search_id,
        position=position,
    )


def _version_id(asset: Asset, moment: datetime) -> int | None:
    """Return which version was used: what is told later speaks of what was seen then."""
    version = version_seen_at(asset, moment)
    return version.id if version else None


def _moment_of(day: date | None, moment: datetime, zone: str) -> datetime:
    """Return now for today, and the middle of an earlier day."""
    if day is None or day == local_day(moment, zone):
        return moment
    if day > local_day(moment, zone):
        raise Invalid(N_("A use cannot lie in the future."), field="occurred_on")
    return start_of_day(day, zone) + timedelta(hours=12)


def read_day(text: str) -> date | None:
    """Read the day of a form; nothing means now."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(N_("“%(text)s” is not a day."), field="occurred_on", text=text[:20]) from None
