"""contentlib as its pages use it: the seam, texts from the database, its own passages."""

from dataclasses import replace

from contentlib.search import Changes, Page, best_snippet, open_engine
from contentlib.search.whoosh.format import VERSION
from tests.bench.peers.peer import Found
from tests.bench.questions import Question, query_of
from tests.bench.store import Store


class Engine:
    recipe = VERSION

    def __init__(self, store: Store) -> None:
        self.store = store
        self.engine = open_engine(f"whoosh:{store.folder / 'ours'}")

    def build(self) -> None:
        self.engine.rebuild(self.store.documents())
        self.engine.tend()  # As the idle worker does afterwards.

    def open(self) -> None:
        # The engine opens by itself when it is asked first.
        pass

    def ask(self, question: Question) -> Found:
        answer = self.engine.search(query_of(question))
        numbers = [int(hit.id.partition(":")[2]) for hit in answer.hits]
        snippets = []
        if question.kind == "full page":
            for tongue, pages in self.store.texts(numbers):
                snippets.append(str(best_snippet(pages, answer.highlight, tongue).html))
        facets = {name: dict(counts) for name, counts in answer.facets.items()}
        return Found(answer.total, numbers, facets, snippets)

    def change(self, number: int, word: str) -> None:
        document = self.store.document(number)
        pages = (*document.pages, Page(len(document.pages) + 1, word))
        self.engine.apply(Changes((replace(document, revision=2, pages=pages),)))

    def look(self) -> None:
        # It looks by itself, at most every LOOK_EVERY seconds.
        pass
