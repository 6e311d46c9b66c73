"""Field wins: what a material did on a deal, with the step that the deal took."""

from datetime import date

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent
from contentlib.deals.models import Deal
from contentlib.deals.queries import stage_history
from contentlib.feedback import texts
from contentlib.feedback.models import FieldWin
from contentlib.feedback.once import add_once
from contentlib.feedback.telling import keepers_of, tell_all
from contentlib.library.models import AssetVersion

LONGEST_TEXT = 1000
SAY_WHAT = N_("Say what you used and what it moved.")


def attach(
    version: AssetVersion,
    deal: Deal,
    text: str,
    *,
    by: User,
    today: date,
    key: str = "",
    page: int | None = None,
    quote: str = "",
) -> FieldWin:
    """Tell what a material did on a deal that the person may see; its last step comes along."""
    before, after = last_step(deal)
    row = FieldWin(
        asset_id=version.asset_id,
        version_id=version.id,
        by_id=by.id,
        key=key,
        deal_id=deal.id,
        text=texts.required(text, SAY_WHAT, most=LONGEST_TEXT),
        page=texts.page_of(page),
        quote=texts.quoted(quote),
        stage_before_id=before,
        stage_after_id=after,
    )
    win, is_new = add_once(row)
    if is_new:
        news = {"win.attached": keepers_of(version.asset)}
        tell_all(win, news, by=by, today=today, who=by.name)
    return win


def withdraw(win: FieldWin, *, by: User) -> None:
    """Take one's own win back; doing so again changes nothing."""
    _refuse_others(win, by)
    win.withdrawn_at = win.withdrawn_at or now()
    db.session.flush()


def put_back(win: FieldWin, *, by: User) -> None:
    """Undo taking it back."""
    _refuse_others(win, by)
    win.withdrawn_at = None
    db.session.flush()


def last_step(deal: Deal) -> tuple[int | None, int]:
    """Return the stage a deal came from and the one it is in, as numbers of their rows.

    A deal that was never moved came from nowhere.
    """
    stages = [event.stage_id for event in stage_history(deal)]
    others = [stage for stage in stages if stage != deal.stage_id]
    return (others[-1] if others else None), deal.stage_id


def _refuse_others(win: FieldWin, by: User) -> None:
    if win.by_id != by.id:
        raise Absent
