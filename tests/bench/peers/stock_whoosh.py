"""Whoosh 2.7.4 as its documentation uses it: TEXT field, its searcher, groupedby, its highlighter.

Its field has no positions, since nothing asked here needs them, and labels that a document has
one of are sortable columns, which its documentation says to facet by. Its batch writer has one
process a core and 256 MB, as its page on indexing in batches recommends.
"""

import os
from collections.abc import Iterator
from itertools import islice
from typing import Any

from whoosh import analysis, fields, highlight, index, query, sorting
from whoosh.analysis.acore import Token

from contentlib.search import language
from tests.bench.corpus import FACETS, MAY_READ
from tests.bench.peers.peer import OFFERED, PAGE, Found
from tests.bench.questions import Question
from tests.bench.store import Store, keys_of


def _schema() -> Any:
    labels = {name: fields.ID(sortable=True) for name in FACETS if name != "persona"}
    return fields.Schema(
        number=fields.ID(stored=True, unique=True),
        keys=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer(), phrase=False),
        persona=fields.KEYWORD(),
        access=fields.KEYWORD(),
        **labels,
    )


class Words(analysis.Tokenizer):
    """Cuts a text into words for the highlighter, and gives those that may be wanted as keys."""

    def __init__(self, tongue: str, starts: tuple[str, ...]) -> None:
        self.tongue = tongue
        self.starts = starts

    def __call__(self, value: str, **_: Any) -> Iterator[Token]:
        token = Token(positions=False, chars=True, mode="query")
        for match in language.WORD.finditer(value):
            token.text = word = language.fold(match.group())
            # Stemming every word would cost more than all that Whoosh itself does.
            if word.startswith(self.starts):
                (token.text, *_) = language.keys_in(self.tongue)(word)
            token.startchar, token.endchar = match.span()
            yield token


class Engine:
    recipe = "1"

    def __init__(self, store: Store) -> None:
        self.store = store
        self.folder = store.folder / "stock_whoosh"

    def build(self) -> None:
        self.folder.mkdir()
        made = index.create_in(self.folder, _schema())
        writer = made.writer(procs=os.cpu_count(), limitmb=256, multisegment=True)
        for number, keys, facets, access in self.store.analysed():
            writer.add_document(**_values(number, keys, facets, access))
        writer.commit()

    def open(self) -> None:
        self.searcher = index.open_dir(self.folder).searcher()

    def ask(self, question: Question) -> Found:
        offering = question.kind == "type-ahead"
        limit = OFFERED if offering else PAGE
        conditions = [query.Or([query.Term("access", label) for label in sorted(MAY_READ)])]
        conditions += [query.Term(name, label) for name, label in question.filters.items()]
        groups = sorting.Facets()
        for name in FACETS if question.wants_facets else ():
            several = name == "persona"
            groups.add_field(name, allow_overlap=several, maptype=sorting.Count)
        results = self.searcher.search(
            _words(question),
            limit=limit,
            filter=query.And(conditions),
            groupedby=groups if question.wants_facets else None,
        )
        # With groups it gives every hit, whatever the limit.
        numbers = [int(hit["number"]) for hit in islice(results, limit)]
        facets = {name: results.groups(name) for name in results.facet_names()}
        snippets = self._snippets(question, numbers) if question.kind == "full page" else []
        return Found(-1 if offering else len(results), numbers, facets, snippets)

    def change(self, number: int, word: str) -> None:
        document = self.store.document(number)
        facets = {name: list(labels) for name, labels in document.facets.items()}
        keys = f"{keys_of(document)} {word}"
        with index.open_dir(self.folder).writer() as writer:
            writer.update_document(**_values(number, keys, facets, list(document.access)))

    def look(self) -> None:
        self.searcher = self.searcher.refresh()

    def _snippets(self, question: Question, numbers: list[int]) -> list[str]:
        keys = [key for keys in question.keys for key in keys]
        starts = tuple(key[: max(1, min(4, len(key) - 1))] for key in keys)
        fragmenter = highlight.ContextFragmenter(maxchars=240)
        formatter = highlight.HtmlFormatter()
        passages = []
        for tongue, pages in self.store.texts(numbers):
            text = " ".join(page.text for page in pages)
            words = Words(tongue, starts)
            passages.append(highlight.highlight(text, keys, words, fragmenter, formatter, top=1))
        return passages


def _words(question: Question) -> Any:
    words = [query.Or([query.Term("keys", key) for key in keys]) for keys in question.keys]
    if question.prefix:
        words.append(query.Prefix("keys", question.prefix))
    return query.Or(words) if question.any_word else query.And(words)


def _values(
    number: int, keys: str, facets: dict[str, list[str]], access: list[str]
) -> dict[str, str]:
    labels = {name: " ".join(names) for name, names in facets.items()}
    return {"number": str(number), "keys": keys, "access": " ".join(access), **labels}
