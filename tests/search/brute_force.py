"""Search without an index, in the simplest way that can be right: the measure of the engines."""

import math
from collections import Counter
from collections.abc import Iterable

from contentlib.search import analysis, language
from contentlib.search.analysis import Analysed, Clause, Phrase, Plan
from contentlib.search.engine import Answer, Changes, Document, Hit, Progress, Query, Stats
from contentlib.search.kernel import FEW, K1, B


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
        plan = analysis.plan(query.text, typing=query.typing)
        visible = [id_ for id_, (doc, _) in self.documents.items() if query.access & {*doc.access}]
        found, relaxed = self._found(plan, visible)
        passing = [id_ for id_ in found if self._passes(id_, query, but=None)]
        score = {id_: self._score(id_, plan) for id_ in passing}
        moment = {id_: self.documents[id_][0].moment for id_ in passing}
        newest_first = plan.is_empty or query.order == "newest"

        def place(id_: str) -> tuple[float, float, str]:
            if newest_first:
                return (-moment[id_], -score[id_], id_)
            return (-score[id_], -moment[id_], id_)

        ranked = sorted(passing, key=place)
        shown = ranked[query.offset : query.offset + query.limit]
        return Answer(
            total=len(passing),
            hits=tuple(Hit(id_, score[id_]) for id_ in shown),
            facets={facet: self._count(found, query, facet) for facet in query.facets},
            highlight=analysis.highlight(plan),
            relaxed=relaxed,
        )

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
        if len(complete) >= FEW or len(plan.words) < 2:
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
        begun = {key for one in everything for key in one.weights if key.startswith(clause.prefix)}
        for one in everything:
            for head in one.heads:
                if head.startswith(clause.prefix):
                    begun.update(language.any_keys(head))
        return begun | set(clause.keys)

    def _weight(self, id_: str, clause: Clause) -> float:
        analysed = self.documents[id_][1]
        in_title = clause.in_title and not clause.prefix
        weights = analysed.title_keys if in_title else analysed.weights
        return sum(weights.get(key, 0.0) for key in self._keys(clause))

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
                holders = sum(bool(self._weight(other, clause)) for other in self.documents)
                rarity = math.log(len(self.documents) / (holders + 1)) + 1
                total += rarity * weight * (K1 + 1) / (weight + norm)
        return total
