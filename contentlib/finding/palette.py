"""What the dialog over any page answers to what a customer just said: the words to say come first.

Proposing writes nothing. Answers and scripts are found by all of their words, so by every way in
which an objection is heard; other materials by their titles, as the search box proposes them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from contentlib.accounts.models import User
from contentlib.deals import queries as deals
from contentlib.deals.models import Deal
from contentlib.finding.answering import Library
from contentlib.finding.criteria import Criteria
from contentlib.finding.found import found_rows
from contentlib.finding.listing import listed
from contentlib.finding.names import begins
from contentlib.finding.suggesting import Material, materials_by_title
from contentlib.finding.understanding import answered
from contentlib.library.models import VersionKind
from contentlib.library.standing import Standing
from contentlib.search import Answer, SearchError, language, mark

FEWEST_LETTERS = 2
MOST_ASKED = 12
MOST = {"objections": 5, "scripts": 3, "materials": 4, "deals": 3}
TYPES: Mapping[str, frozenset[str]] = {"type": frozenset({"objection", "script"})}


@dataclass(frozen=True)
class Words:
    """An answer or a script: its title, in which the typed words are marked, and its face."""

    id: int
    title: Markup
    icon: str
    hue: str
    is_overdue: bool


@dataclass(frozen=True)
class Proposals:
    """What is proposed, in the groups and the order that people see."""

    typed: str = ""
    objections: Sequence[Words] = ()
    scripts: Sequence[Words] = ()
    deals: Sequence[Deal] = ()
    materials: Sequence[Material] = ()
    # Folded, to compare the names of pages with.
    words: Sequence[str] = field(default_factory=tuple)
    # The index did not answer, so that words were compared roughly.
    degraded: bool = False

    @property
    def results(self) -> int:
        """Return how much of the library was found; pages and deals are no part of it."""
        return len(self.objections) + len(self.scripts) + len(self.materials)

    def names(self, label: str) -> bool:
        """Tell whether the typed words begin words of a name, such as that of a page."""
        return bool(self.words) and begins(self.words, list(language.words(label)))


def proposals(typed: str, library: Library, *, user: User, deal: Deal | None) -> Proposals:
    """Return what somebody may need who has typed so far, or for the deal in hand who has not."""
    words = list(language.words(typed))
    if len("".join(words)) < FEWEST_LETTERS:
        return _before_typing(library, user=user, deal=deal)
    said = _said(typed, library)
    spoken = _spoken(said, library)
    shown = {words.id for group in spoken.values() for words in group}
    titled = [row for row in materials_by_title(typed, library) if row.id not in shown]
    return Proposals(
        typed=typed,
        objections=spoken[VersionKind.OBJECTION][: MOST["objections"]],
        scripts=spoken[VersionKind.SCRIPT][: MOST["scripts"]],
        deals=deals.suggestions(user, typed, MOST["deals"]),
        materials=titled[: MOST["materials"]],
        words=words,
        degraded=said.degraded,
    )


def _before_typing(library: Library, *, user: User, deal: Deal | None) -> Proposals:
    """Return the answers kept for the stage of the deal in hand, and one's latest deals."""
    recent = deals.suggestions(user, "", MOST["deals"])
    if deal is None:
        return Proposals(deals=recent)
    stage = {"stage": frozenset({deal.stage.key}), "type": frozenset({"objection"})}
    answer = listed(Criteria(filters=stage), library.searcher, offset=0, limit=MOST["objections"])
    spoken = _spoken(answer, library)
    return Proposals(objections=spoken[VersionKind.OBJECTION], deals=recent)


def _said(typed: str, library: Library) -> Answer:
    """Ask the index, and where it cannot answer, the database roughly: a customer is waiting."""
    query = replace(library.query(typed), filters=TYPES, limit=MOST_ASKED, typing=True)
    try:
        return answered(library.engine, query, library.lexicon)
    except SearchError:
        criteria = Criteria(typed, TYPES)
        answer = listed(criteria, library.searcher, offset=0, limit=MOST_ASKED)
        return replace(answer, degraded=True)


def _spoken(answer: Answer, library: Library) -> dict[VersionKind, list[Words]]:
    """Load what was found by what it is, asking the database once more who may see it."""
    ids = [int(hit.id.removeprefix("asset:")) for hit in answer.hits]
    rows = found_rows(ids, library.searcher) if ids else {}
    spoken: dict[VersionKind, list[Words]] = {VersionKind.OBJECTION: [], VersionKind.SCRIPT: []}
    for row in (rows[asset_id] for asset_id in ids if asset_id in rows):
        standing = row.standing(library.searcher.day)
        if row.kind in spoken and standing in (Standing.VERIFIED, Standing.OVERDUE):
            title = mark(row.title, answer.highlight, row.language)
            overdue = standing is Standing.OVERDUE
            spoken[row.kind].append(Words(row.id, title, row.icon, row.hue, overdue))
    return spoken
