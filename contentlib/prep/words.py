"""What the sections of a brief are called, why a card may not fit, and the names of rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from contentlib.core.db import db
from contentlib.core.i18n import language
from contentlib.library.taxonomy import Term
from contentlib.prep.brief import Brief, Shown
from contentlib.prep.ranking import BATTLECARD, EXPECT, OPEN, PROOF, SCRIPT, SECTIONS, TRY, Gap
from contentlib.prep.talk import Talk

SECTION_NAMES = {
    OPEN: _l("Open with"),
    EXPECT: _l("Expect to hear"),
    PROOF: _l("Proof"),
    SCRIPT: _l("Next step"),
    BATTLECARD: _l("Against the competitor"),
    TRY: _l("New to try"),
}
# In the order of the menu; the keys are those that the service takes.
DISMISSALS = {
    "not_relevant": _l("Not about this deal"),
    "known": _l("They know it already"),
    "outdated": _l("Out of date"),
    "wrong_tone": _l("Wrong tone for them"),
    "other": _l("Another reason"),
}


@dataclass(frozen=True)
class Section:
    """One section of a brief: its cards, or why there are none."""

    name: str
    cards: Sequence[Shown]
    gap: Gap | None
    # What one would ask marketing for, where there is none.
    wish: str = ""


def sections_of(brief: Brief) -> list[Section]:
    """Return the sections that say something, in their order."""
    gaps = {gap.section: gap for gap in brief.gaps}
    found = [
        Section(
            name,
            [one for one in brief.cards if one.section == name],
            gaps.get(name),
            _wish(name, brief.talk),
        )
        for name in SECTIONS
    ]
    return [section for section in found if section.cards or section.gap]


def _wish(section: str, talk: Talk) -> str:
    """Return what is missing as one would say it to a colleague."""
    stage = talk.stage.name(language())
    return {
        OPEN: _("A case to open with, for %(about)s", about=talk.industry or stage),
        EXPECT: talk.heard or _("An answer to what we hear at the stage %(stage)s", stage=stage),
        PROOF: _("Proof for %(about)s", about=talk.industry or stage),
        SCRIPT: _("A script for the step after %(stage)s", stage=stage),
        BATTLECARD: _("A battlecard on %(competitor)s", competitor=talk.competitor),
        TRY: _("Something new for the stage %(stage)s", stage=stage),
    }[section]


def names_of(kind: type[Term], tongue: str) -> dict[str, str]:
    """Return the names of the rows of a kind by key, retired ones as well."""
    return {row.key: row.name(tongue) for row in db.session.scalars(select(kind))}
