"""The way of a version from a draft to sellers and back: its states, its steps, whose they are.

    draft → submitted → approved → published → superseded → published again
               ↓ ↑                     ↓
             rejected     rolled back, withdrawn → published again

Nothing here knows a database; the steps that were taken are rows of `release_step`.
"""

from dataclasses import dataclass
from enum import StrEnum

from contentlib.core.errors import N_


class Approval(StrEnum):
    """Whose consent a version needs before sellers see it: the setting `CONTENTLIB_APPROVAL`."""

    NONE = "none"
    NAMED = "named"
    OTHER = "other"


class State(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    ROLLED_BACK = "rolled_back"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What somebody did with a version; all but the last leave it in the state of their name."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    ROLLED_BACK = "rolled_back"
    # Nobody did it: a virus was found in what sellers saw.
    WITHDRAWN = "withdrawn"
    # Somebody else approves the material from now on: told in the history, moves no version.
    ENTRUSTED = "entrusted"


ALLOWED: dict[State, frozenset[Step]] = {
    State.DRAFT: frozenset({Step.SUBMITTED, Step.APPROVED, Step.PUBLISHED}),
    State.SUBMITTED: frozenset({Step.APPROVED, Step.REJECTED, Step.PUBLISHED}),
    State.APPROVED: frozenset({Step.APPROVED, Step.REJECTED, Step.PUBLISHED}),
    State.REJECTED: frozenset({Step.SUBMITTED}),
    State.PUBLISHED: frozenset({Step.SUPERSEDED, Step.ROLLED_BACK, Step.WITHDRAWN}),
    State.SUPERSEDED: frozenset({Step.PUBLISHED}),
    State.ROLLED_BACK: frozenset({Step.PUBLISHED}),
    State.WITHDRAWN: frozenset({Step.PUBLISHED}),
}
# What sellers have seen before comes back without being approved once more.
SEEN_BEFORE = frozenset({State.SUPERSEDED, State.ROLLED_BACK, State.WITHDRAWN})
# What the permission table asks of whoever takes a step.
PERMISSION = {
    Step.SUBMITTED: "asset.edit",
    Step.APPROVED: "asset.approve",
    Step.REJECTED: "asset.approve",
    Step.PUBLISHED: "asset.edit",
    Step.SUPERSEDED: "asset.edit",
    Step.ROLLED_BACK: "asset.edit",
    Step.ENTRUSTED: "asset.edit",
}

NOBODY_NAMED = N_("Name who approves this material first.")
NOT_YOURS = N_("This version is approved by %(name)s.")
NOT_THE_AUTHOR = N_("Somebody other than its author must approve this version.")
NOT_APPROVED = N_("This version needs an approval before sellers see it.")


@dataclass(frozen=True)
class Parties:
    """Who has a say in a version, as the numbers of their accounts."""

    author: int | None
    approver: int | None
    # Who approved it last, if it stands approved.
    approved_by: int | None = None


def state_after(last: Step | None, *, live: bool, seen_before: bool) -> State:
    """Return where a version stands after its last step.

    Versions from before there were steps have none: they stand where sellers see or saw them.
    """
    if last is not None and last is not Step.ENTRUSTED:
        return State(last.value)
    if live:
        return State.PUBLISHED
    return State.SUPERSEDED if seen_before else State.DRAFT


def may_approve(policy: Approval, who: int, parties: Parties) -> bool:
    """Tell whether a person who holds the permission approves just this version.

    The approver who is named decides alone, except that where the policy wants other eyes than the
    author's, an approver who wrote the version gives way to everybody else.
    """
    named = parties.approver
    if named is not None and (policy is Approval.NAMED or named != parties.author):
        return who == named
    return policy is not Approval.NAMED and who != parties.author


def is_cleared(policy: Approval, state: State, parties: Parties) -> bool:
    """Tell whether a version may be published as it stands, by today's policy and approver."""
    if Step.PUBLISHED not in ALLOWED[state]:
        return False
    if policy is Approval.NONE or state in SEEN_BEFORE:
        return True
    by = parties.approved_by
    return state is State.APPROVED and by is not None and may_approve(policy, by, parties)


@dataclass(frozen=True)
class Offers:
    """What one person can do next with a version."""

    submit: bool = False
    decide: bool = False
    publish: bool = False
    roll_back: bool = False


def offers(
    policy: Approval, state: State, who: int, parties: Parties, *, approves: bool, on_air: bool
) -> Offers:
    """Return what a keeper of the library can do next with a version.

    `approves` tells whether the person holds the permission to approve at all; `on_air` whether
    sellers see some version of the material.
    """
    steps = ALLOWED[state]
    decides = approves and may_approve(policy, who, parties)
    # Going back takes a reason where sellers see something else; where they see nothing, none.
    back = state in SEEN_BEFORE and on_air
    cleared = is_cleared(policy, state, parties) and not back
    return Offers(
        submit=Step.SUBMITTED in steps,
        decide=decides and Step.REJECTED in steps and not (state is State.APPROVED and cleared),
        publish=cleared or (decides and state is State.DRAFT),
        roll_back=back,
    )
