"""What became of the versions of a material: their steps, and where each stands by them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.library.models import Asset, AssetVersion, ReleaseStep
from contentlib.library.release.rules import Parties, State, Step, state_after

# The steps that change what sellers see.
MOVES = frozenset({Step.PUBLISHED, Step.SUPERSEDED, Step.ROLLED_BACK, Step.WITHDRAWN})


def steps_of(asset: Asset) -> Sequence[ReleaseStep]:
    """Return every step of a material, in the order in which they were taken."""
    rows = select(ReleaseStep).where(ReleaseStep.asset_id == asset.id).order_by(ReleaseStep.id)
    return db.session.scalars(rows).all()


def last_step(version: AssetVersion) -> ReleaseStep | None:
    """Return the step by which a version came to where it stands."""
    rows = select(ReleaseStep).where(ReleaseStep.asset_version_id == version.id)
    return db.session.scalars(rows.order_by(ReleaseStep.id.desc()).limit(1)).first()


def state_of(version: AssetVersion) -> State:
    """Return where a version stands."""
    return _state(version, last_step(version))


def states_of(asset: Asset, steps: Sequence[ReleaseStep]) -> Mapping[int, State]:
    """Return where each version of a material stands, given its steps."""
    last = {step.asset_version_id: step for step in steps}
    return {version.id: _state(version, last.get(version.id)) for version in asset.versions}


def parties_of(version: AssetVersion) -> Parties:
    """Return who has a say in a version."""
    last = last_step(version)
    return Parties(
        author=version.created_by_id,
        approver=version.asset.approver_id,
        approved_by=last.by_id if last and last.step is Step.APPROVED else None,
    )


def taken_back(steps: Sequence[ReleaseStep]) -> AssetVersion | None:
    """Return the version that the last move took back from sellers, if it was a way back."""
    moves = [step for step in steps if step.step in MOVES]
    if len(moves) < 2 or moves[-1].step is not Step.PUBLISHED:
        return None
    return moves[-2].version if moves[-2].step is Step.ROLLED_BACK else None


def version_seen_at(asset: Asset, moment: datetime) -> AssetVersion | None:
    """Return the version that sellers saw at a moment, or would have seen.

    Before the history began that is the latest there was by then, but none later than the one they
    see today; before the first version, the first.
    """
    published = (
        select(ReleaseStep)
        .where(ReleaseStep.asset_id == asset.id, ReleaseStep.step == Step.PUBLISHED)
        .where(ReleaseStep.at <= moment)
        .order_by(ReleaseStep.id.desc())
        .limit(1)
    )
    step = db.session.scalars(published).first()
    if step is not None:
        return step.version
    live = asset.published_version
    there = [one for one in asset.versions if live is None or one.number <= live.number]
    known = [one for one in there if one.created_at <= moment]
    return known[-1] if known else next(iter(there), None)


def _state(version: AssetVersion, last: ReleaseStep | None) -> State:
    live = version.asset.published_version
    return state_after(
        last.step if last else None,
        live=live is version,
        seen_before=live is not None and version.number < live.number,
    )
