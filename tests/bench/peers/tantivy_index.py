"""tantivy by its Python package, with what its documentation says is fast.

One field of keys with frequencies and without positions, labels as fast fields, one aggregation
request for all facets, filters and access as terms that do not score, one segment from one writer
thread. Its own passages are cut from the texts: the field's tokenizer, which only reading uses once
the index is there, is swapped for one that stems whole words.
"""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from tantivy import (
    Document,
    Filter,
    Index,
    Occur,
    Query,
    SchemaBuilder,
    SnippetGenerator,
    TextAnalyzerBuilder,
    Tokenizer,
)

from contentlib.search.language import any_keys
from tests.bench.corpus import FACETS, MAY_READ
from tests.bench.peers.peer import ALL, OFFERED, PAGE, Found
from tests.bench.questions import Question
from tests.bench.store import Store, keys_of

COUNTS = {name: {"terms": {"field": name, "size": ALL}} for name in FACETS}
EXPANSIONS = 64


def _schema() -> Any:
    builder = SchemaBuilder().add_unsigned_field("number", indexed=True, fast=True)
    builder.add_text_field("keys", tokenizer_name="keys", index_option="freq")
    builder.add_text_field("access", tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


class Engine:
    recipe = "1"

    def __init__(self, store: Store) -> None:
        self.store = store
        self.schema = _schema()

    def build(self) -> None:
        writer = self._index().writer(heap_size=2_000_000_000, num_threads=1)
        for number, keys, facets, access in self.store.analysed():
            writer.add_document(_document(number, keys, facets, access))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        self.index = self._index()
        self.index.config_reader("manual")
        stemmed = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
        stemmed = stemmed.filter(Filter.ascii_fold()).filter(Filter.stemmer("portuguese"))
        self.index.register_tokenizer("keys", stemmed.build())
        self.look()

    def ask(self, question: Question) -> Found:
        offering = question.kind == "type-ahead"
        words = self._words(question)
        conditions = [self._one_of("access", MAY_READ)]
        conditions += [self._one_of(name, [label]) for name, label in question.filters.items()]
        must = [(Occur.Must, Query.const_score_query(condition, 0)) for condition in conditions]
        query = Query.boolean_query([(Occur.Must, words), *must])
        result = self.searcher.search(query, OFFERED if offering else PAGE, count=not offering)
        places = [place for _, place in result.hits]
        numbers = [int(number) for number in self.searcher.fast_field_values("number", places)]
        return Found(
            -1 if offering else result.count,
            numbers,
            self._facets(query) if question.wants_facets else {},
            self._snippets(words, numbers) if question.kind == "full page" else [],
        )

    def change(self, number: int, word: str) -> None:
        document = self.store.document(number)
        facets = {name: list(labels) for name, labels in document.facets.items()}
        keys = f"{keys_of(document)} {word}"
        self.writer.delete_documents_by_term("number", number)
        self.writer.add_document(_document(number, keys, facets, document.access))
        self.writer.commit()

    @cached_property
    def writer(self) -> Any:
        """Give the writer of changes, which stays open as its documentation advises."""
        return self._index().writer(num_threads=1)

    def look(self) -> None:
        self.index.reload()
        self.searcher = self.index.searcher()

    def _index(self) -> Any:
        folder: Path = self.store.folder / "tantivy_index"
        folder.mkdir(exist_ok=True)
        index = Index(self.schema, path=str(folder))
        index.register_tokenizer("keys", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
        return index

    def _words(self, question: Question) -> Any:
        words = [self._scored(keys) for keys in question.keys]
        if question.prefix:
            begun = self.searcher.terms_with_prefix("keys", question.prefix, limit=EXPANSIONS)
            words.append(self._scored([*any_keys(question.prefix), *(key for key, _ in begun)]))
        occur = Occur.Should if question.any_word else Occur.Must
        return Query.boolean_query([(occur, word) for word in words])

    def _scored(self, keys: Iterable[str]) -> Any:
        terms = [Query.term_query(self.schema, "keys", key, "freq") for key in dict.fromkeys(keys)]
        if len(terms) == 1:
            return terms[0]
        return Query.boolean_query([(Occur.Should, term) for term in terms])

    def _one_of(self, field: str, labels: Iterable[str]) -> Any:
        return Query.term_set_query(self.schema, field, list(labels))

    def _facets(self, query: Any) -> dict[str, dict[str, int]]:
        counted = self.searcher.aggregate(query, COUNTS)
        return {
            name: {bucket["key"]: int(bucket["doc_count"]) for bucket in counted[name]["buckets"]}
            for name in FACETS
        }

    def _snippets(self, words: Any, numbers: list[int]) -> list[str]:
        generator = SnippetGenerator.create(self.searcher, words, self.schema, "keys")
        generator.set_max_num_chars(240)
        texts = (" ".join(page.text for page in pages) for _, pages in self.store.texts(numbers))
        return [generator.snippet_from_doc(Document(keys=text)).to_html() for text in texts]


def _document(
    number: int, keys: str, facets: dict[str, list[str]], access: Iterable[str]
) -> Document:
    document = Document()
    document.add_unsigned("number", number)
    document.add_text("keys", keys)
    for name, labels in (*facets.items(), ("access", access)):
        for label in labels:
            document.add_text(name, label)
    return document
