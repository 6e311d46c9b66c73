"""Taking versions to sellers: asked for, approved or rejected, published, rolled back.

Every step is written down in the transaction that takes it, so that the history cannot disagree
with what sellers see.
"""

from sqlalchemy import select

from contentlib import audit
from contentlib.accounts.models import Role, User
from contentlib.accounts.permissions import may
from contentlib.audit import Action
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, Conflict, Invalid
from contentlib.core.lines import visible
from contentlib.library.care.withheld import refuse_unfit
from contentlib.library.indexing import changed
from contentlib.library.models import Asset, AssetVersion, ReleaseStep, Status
from contentlib.library.readiness import refuse_incomplete
from contentlib.library.release import rules
from contentlib.library.release.history import parties_of, state_of, steps_of, taken_back
from contentlib.library.release.policy import approval_policy
from contentlib.library.release.rules import Approval, Step

LONGEST_NOTE = 2000


def hold(asset: Asset) -> None:
    """Let nobody else move the versions of a material until this transaction ends.

    What two people decide at once is thereby decided one after the other.
    """
    db.session.flush()
    db.session.execute(select(Asset.id).where(Asset.id == asset.id).with_for_update())
    db.session.refresh(
        asset, ["status", "published_version_id", "published_version", "approver_id", "approver"]
    )


def submit(version: AssetVersion, *, by: User) -> None:
    """Ask for the approval of a version."""
    asset = version.asset
    hold(asset)
    _refuse_archived(asset)
    refuse_incomplete(asset)
    if approval_policy() is Approval.NAMED and asset.approver_id is None:
        raise Invalid(rules.NOBODY_NAMED, field="approver")
    _take(version, Step.SUBMITTED, by=by)


def approve(version: AssetVersion, *, by: User, note: str = "") -> None:
    """Say yes to a version; sellers see it once it is published."""
    hold(version.asset)
    _refuse_archived(version.asset)
    _refuse_stranger(version, by)
    _take(version, Step.APPROVED, by=by, note=_clean(note))


def reject(version: AssetVersion, *, by: User, reason: str) -> None:
    """Say no to a version, and why."""
    hold(version.asset)
    _refuse_stranger(version, by)
    _take(version, Step.REJECTED, by=by, note=_reason(reason))


def release(asset: Asset, version: AssetVersion | None, *, by: User) -> None:
    """Put a version in the place of the one that sellers see; the caller holds the material.

    Who may approve it approves it by publishing it.
    """
    live = asset.published_version
    if version is None or version is live:
        asset.published_version = version
        number = version.number if version else None
        audit.record(Action.VERSION_PUBLISHED, subject=asset, by=by, version=number)
        return
    policy, parties, state = approval_policy(), parties_of(version), state_of(version)
    if not rules.is_cleared(policy, state, parties):
        if Step.APPROVED not in rules.ALLOWED[state] or not _approves(version, by):
            raise Conflict(rules.NOT_APPROVED)
        _take(version, Step.APPROVED, by=by)
    if live is not None:
        _take(live, Step.SUPERSEDED, by=by)
    _take(version, Step.PUBLISHED, by=by)
    asset.published_version = version


def roll_back(asset: Asset, version: AssetVersion, *, by: User, reason: str) -> None:
    """Let sellers see an earlier version again, and say why."""
    refuse_unfit(version)
    hold(asset)
    live = asset.published_version
    if asset.status is not Status.PUBLISHED or live is None or version.asset_id != asset.id:
        raise Conflict(N_("Only a published material can go back to an earlier version."))
    if version is live:
        raise Conflict(N_("This version is published already."))
    if state_of(version) not in rules.SEEN_BEFORE:
        raise Conflict(N_("Sellers never saw this version; publish it instead."))
    reason = _reason(reason)
    _take(live, Step.ROLLED_BACK, by=by, note=reason)
    _take(version, Step.PUBLISHED, by=by, note=reason)
    asset.published_version = version
    changed(asset)


def undo_roll_back(asset: Asset, *, by: User) -> AssetVersion:
    """Let sellers see again what the last way back took from them, and return it."""
    refuse_unfit(taken_back(steps_of(asset)))
    hold(asset)
    back, live = taken_back(steps_of(asset)), asset.published_version
    if asset.status is not Status.PUBLISHED or back is None or live is None:
        raise Conflict(N_("There is no way back to undo."))
    _take(live, Step.SUPERSEDED, by=by)
    _take(back, Step.PUBLISHED, by=by)
    asset.published_version = back
    changed(asset)
    return back


def withdraw(asset: Asset, *, note: str) -> None:
    """Take a material from sellers because of what was found in the version that they see.

    Nobody decides it. The material is a draft again, until another version is published, or this
    one after somebody released its file.
    """
    hold(asset)
    live = asset.published_version
    if live is None or asset.status is not Status.PUBLISHED:
        return
    _take(live, Step.WITHDRAWN, by=None, note=note)
    asset.published_version, asset.status = None, Status.DRAFT
    changed(asset)


def may_publish_own(asset: Asset, person: User) -> bool:
    """Tell whether a version that a person is about to make needs nobody else's approval."""
    policy = approval_policy()
    own = rules.Parties(author=person.id, approver=asset.approver_id)
    return policy is Approval.NONE or (
        may(person, "asset.approve") and rules.may_approve(policy, person.id, own)
    )


def name_approver(asset: Asset, approver: User | None, *, by: User) -> None:
    """Say who approves the versions of a material from now on.

    Where the named approver's word is needed, it takes the approver or an admin to hand that over:
    otherwise an author would name themselves and be done.
    """
    hold(asset)
    if approver is asset.approver:
        return
    if approver is not None and not (approver.active and may(approver, "asset.approve")):
        raise Invalid(N_("This person may not approve materials."), field="approver")
    present, hands_over = asset.approver, by.role is Role.ADMIN or by is asset.approver
    if approval_policy() is Approval.NAMED and present is not None and not hands_over:
        raise Invalid(
            N_("Only %(name)s or an admin can hand the approval over."),
            field="approver",
            name=present.name,
        )
    asset.approver = approver
    _write(asset, None, Step.ENTRUSTED, by=by, note=approver.name if approver else "")


def _approves(version: AssetVersion, by: User) -> bool:
    parties = parties_of(version)
    return may(by, "asset.approve") and rules.may_approve(approval_policy(), by.id, parties)


def _refuse_stranger(version: AssetVersion, by: User) -> None:
    if not may(by, "asset.approve"):
        raise Absent
    if _approves(version, by):
        return
    approver = version.asset.approver
    if approver is not None and approver is not by:
        raise Conflict(rules.NOT_YOURS, name=approver.name)
    if approver is None and approval_policy() is Approval.NAMED:
        raise Invalid(rules.NOBODY_NAMED, field="approver")
    raise Conflict(rules.NOT_THE_AUTHOR)


def _refuse_archived(asset: Asset) -> None:
    if asset.status is Status.ARCHIVED:
        raise Conflict(N_("This material is archived. Restore it first."))


def _take(version: AssetVersion, step: Step, *, by: User | None, note: str = "") -> None:
    """Take a step that is allowed where the version stands."""
    if step not in rules.ALLOWED[state_of(version)]:
        raise Conflict(N_("This version is no longer where it was; look at it again."))
    _write(version.asset, version, step, by=by, note=note)


def _write(
    asset: Asset, version: AssetVersion | None, step: Step, *, by: User | None, note: str
) -> None:
    row = ReleaseStep(asset_id=asset.id, step=step, by=by, note=note, version=version)
    db.session.add(row)
    db.session.flush()
    told: dict[str, object] = {"version": version.number, "note": note} if version else {}
    if step is Step.ENTRUSTED:
        told = {"approver": asset.approver}
    audit.record(_WRITTEN[step], subject=asset, by=by, step=row.id, **told)


_WRITTEN = {
    Step.SUBMITTED: Action.VERSION_SUBMITTED,
    Step.APPROVED: Action.VERSION_APPROVED,
    Step.REJECTED: Action.VERSION_REJECTED,
    Step.PUBLISHED: Action.VERSION_PUBLISHED,
    Step.SUPERSEDED: Action.VERSION_SUPERSEDED,
    Step.ROLLED_BACK: Action.VERSION_ROLLED_BACK,
    Step.WITHDRAWN: Action.VERSION_WITHDRAWN,
    Step.ENTRUSTED: Action.ASSET_ENTRUSTED,
}


def _reason(text: str) -> str:
    reason = _clean(text)
    if not reason:
        raise Invalid(N_("Say why: whoever made the version reads it."), field="reason")
    return reason


def _clean(text: str) -> str:
    return visible(text).strip()[:LONGEST_NOTE]
