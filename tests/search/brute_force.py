"""Search without an index, in the simplest way that can be right: the measure of the engines."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from contentlib.search import analysis, boosts, language
from contentlib.search.analysis import (
    ALTERNATIVE_WEIGHT,
    LABEL_WEIGHT,
    Analysed,
    Clause,
    Phrase,
    Plan,
)
from contentlib.search.engine import (
    Answer,
    Changes,
    Correction,
    Document,
    Hit,
    Progress,
    Query,
    Stats,
)
from contentlib.search.kernel import FEW, K1, B
from contentlib.search.mending import MOST_TRIED
from contentlib.search.vocabulary import Vocabulary


class BruteForceEngine:
    """Looks at every document for every query."""

    def __init__(self) -> None:
        self.documents: dict[str, tuple[Document, Analysed]] = {}

    def apply(self, changes: Changes) -> None:
        for document_id in changes.deleted:
            self.documents.pop(document_id, None)
        for document in changes.documents:
            self.documents[document.id] = (document, analysis.analyse(document))

    def revisions(self) -> dict[str, int]:
        return {document.id: document.revision for document, _ in self.documents.values()}

    def rebuild(self, documents: Iterable[Document], progress: Progress | None = None) -> int:
        self.documents = {}
        self.apply(Changes(tuple(documents)))
        if progress is not None:
            progress(len(self.documents))
        return len(self.documents)

    def tend(self) -> bool:
        return False

    def stats(self) -> Stats:
        return Stats(len(self.documents), 1, 0, "brute force")

    def search(self, query: Query) -> Answer:
        plan = analysis.plan(
            query.text,
            typing=query.typing,
            titles=query.scope == "titles",
            meanings=query.meanings,
        )
        visible = [
            id_
            for id_, (doc, _) in self.documents.items()
            if query.access & {*doc.access} and id_ not in query.withheld
        ]
        corrections: tuple[Correction, ...] = ()
        if not query.literally:
            plan, corrections = self._mended(plan, visible)
        found, relaxed = self._found(plan, visible)
        newest_first = plan.is_empty or query.order == "newest"
        pins = [] if newest_first else [id_ for id_ in query.pinned if id_ in visible]
        found += [id_ for id_ in pins if id_ not in found]
        if query.newer_than is not None:
            found = [id_ for id_ in found if self.documents[id_][0].moment > query.newer_than]
        passing = [id_ for id_ in found if self._passes(id_, query, but=None)]
        score = {id_: self._score(id_, plan) * self._factor(id_, query) for id_ in passing}
        moment = {id_: self.documents[id_][0].moment for id_ in passing}

        def place(id_: str) -> tuple[float, float, float, str]:
            pin = pins.index(id_) if id_ in pins else len(pins)
            if newest_first:
                return (0, -moment[id_], -score[id_], id_)
            return (pin, -score[id_], -moment[id_], id_)

        ranked = sorted(passing, key=place)
        shown = ranked[query.offset : query.offset + query.limit]
        return Answer(
            total=len(passing),
            hits=tuple(Hit(id_, score[id_], pinned=id_ in pins) for id_ in shown),
            facets={facet: self._count(found, query, facet) for facet in query.facets},
            highlight=analysis.highlight(plan),
            relaxed=relaxed,
            corrections=corrections,
        )

    def _factor(self, id_: str, query: Query) -> float:
        if query.boosts is None:
            return 1.0
        document = self.documents[id_][0]
        labels = {(name, label) for name, of in document.facets.items() for label in of}
        return boosts.factor(query.boosts, id_, document.moment, frozenset(labels))

    def _mended(self, plan: Plan, visible: list[str]) -> tuple[Plan, tuple[Correction, ...]]:
        words = tuple(self._mended_clause(clause, visible) for clause in plan.words)
        corrections = tuple(
            Correction(before.word, after.word)
            for before, after in zip(plan.words, words, strict=True)
            if before is not after
        )
        return replace(plan, words=words), corrections

    def _mended_clause(self, clause: Clause, visible: list[str]) -> Clause:
        if any(self._weight(id_, clause) for id_ in visible):
            return clause
        everything = [analysed for _, analysed in self.documents.values()]
        heads = Counter(head for one in everything for head in one.heads)
        words = {word for one in everything for word in one.words}
        known = Vocabulary.of(words, heads)
        near = known.nearest(clause.word, unfinished=bool(clause.prefix))
        likely = sorted((word for _, word in near), key=lambda w: (-heads[w], len(w), w))
        candidates = [
            (sum(bool(self._weight(id_, one)) for id_ in visible), one)
            for word in likely[:MOST_TRIED]
            for one in [replace(clause, word=word, keys=language.any_keys(word), prefix="")]
        ]
        best = [one for n, one in sorted(candidates, key=lambda pair: -pair[0]) if n]
        if not best:
            return clause
        if not clause.prefix:
            return best[0]
        keys = tuple(dict.fromkeys(key for one in best for key in one.keys))
        return replace(best[0], keys=keys)

    def _found(self, plan: Plan, visible: list[str]) -> tuple[list[str], bool]:
        strict = [
            id_
            for id_ in visible
            if all(self._has_phrase(id_, phrase) for phrase in plan.phrases)
            and not any(self._has_phrase(id_, phrase) for phrase in plan.without_phrases)
            and not any(self._weight(id_, clause) for clause in plan.without_words)
        ]
        complete = [
            id_ for id_ in strict if all(self._weight(id_, clause) for clause in plan.words)
        ]
        only_titles = bool(plan.words) and all(clause.in_title for clause in plan.words)
        if len(complete) >= FEW or len(plan.words) < 2 or only_titles:
            return complete, False
        some = [
            id_
            for id_ in strict
            if plan.phrases or any(self._weight(id_, clause) for clause in plan.words)
        ]
        return some, len(some) > len(complete)

    def _passes(self, id_: str, query: Query, but: str | None) -> bool:
        facets = self.documents[id_][0].facets
        return all(
            set(facets.get(name, ())) & labels
            for name, labels in query.filters.items()
            if labels and name != but
        )

    def _count(self, found: list[str], query: Query, facet: str) -> dict[str, int]:
        return dict(
            Counter(
                label
                for id_ in found
                if self._passes(id_, query, but=facet)
                for label in set(self.documents[id_][0].facets.get(facet, ()))
            )
        )

    def _keys(self, clause: Clause) -> set[str]:
        if not clause.prefix:
            return set(clause.keys)
        everything = [analysed for _, analysed in self.documents.values()]
        known = {
            word for one in everything for word in (one.heads if clause.in_title else one.words)
        }
        begun = [word for word in known if word.startswith(clause.prefix)]
        return {*clause.keys, *(key for word in begun for key in language.any_keys(word))}

    def _own_weight(self, id_: str, clause: Clause) -> float:
        analysed = self.documents[id_][1]
        weights = analysed.title_keys if clause.in_title else analysed.weights
        return sum(weights.get(key, 0.0) for key in self._keys(clause))

    def _weight(self, id_: str, clause: Clause) -> float:
        document, analysed = self.documents[id_]
        weight = self._own_weight(id_, clause)
        for words in clause.alternatives:
            weight += ALTERNATIVE_WEIGHT * min(
                sum(analysed.weights.get(key, 0.0) for key in keys) for keys in words
            )
        for facet, label in clause.labels:
            weight += LABEL_WEIGHT * (label in document.facets.get(facet, ()))
        return weight

    def _has_phrase(self, id_: str, phrase: Phrase) -> bool:
        return phrase.text in self.documents[id_][1].text and all(
            self._weight(id_, clause) for clause in phrase.clauses
        )

    def _score(self, id_: str, plan: Plan) -> float:
        lengths = [one.length for _, one in self.documents.values()]
        average = sum(lengths) / len(lengths) or 1.0
        length = self.documents[id_][1].length
        norm = K1 * (1 - B + B * length / average)
        total = 0.0
        for clause in (*plan.words, *(clause for p in plan.phrases for clause in p.clauses)):
            weight = self._weight(id_, clause)
            if weight:
                own = sum(bool(self._own_weight(other, clause)) for other in self.documents)
                all_ = sum(bool(self._weight(other, clause)) for other in self.documents)
                rarity = math.log(len(self.documents) / ((own or all_) + 1)) + 1
                total += rarity * weight * (K1 + 1) / (weight + norm)
        return total
