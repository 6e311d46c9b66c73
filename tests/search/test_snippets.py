"""The best passage is shown, safe and marked, with the page it stands on."""

import time

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from contentlib.search import Highlight, Meaning, Page, analysis, best_snippet, mark

CFO = Meaning(("cfo",), ("diretora financeira", "controller", "chefe de finanças"))


def snippet(query: str, *texts: str, width: int = 240, tongue: str = "pt") -> tuple[int, str]:
    pages = [Page(number, text) for number, text in enumerate(texts, start=1)]
    found = best_snippet(pages, asked(query), tongue, width=width)
    return found.page, str(found.html)


def asked(query: str) -> Highlight:
    return analysis.highlight(analysis.plan(query, meanings=[CFO]))


def test_accents_and_plurals_are_marked():
    page, html = snippet("objecao preco", "nada", "Objeções sobre PREÇOS e nego\u00adciação")
    assert (page, html) == (
        2,
        "<mark>Objeções</mark> sobre <mark>PREÇOS</mark> e nego\u00adciação",
    )
    assert "<mark>reais</mark>" in snippet("real", "em reais")[1]
    assert "<mark>nego\u00adciação</mark>" in snippet("negociações", "a nego\u00adciação")[1]
    assert "<mark>objec\u0327o\u0303es</mark>" in snippet("objeção", "as objec\u0327o\u0303es")[1]


def test_the_passage_with_most_different_words_wins():
    far = "preço " * 5 + "x " * 300 + "o preço que o cliente viu" + " y" * 300
    page, html = snippet("preço cliente", "preço preço preço preço", far)
    assert page == 2
    assert "<mark>preço</mark> que o <mark>cliente</mark> viu" in html
    assert html.startswith("… ")
    assert html.endswith(" …")


def test_the_page_with_most_words_wins_whichever_of_their_synonyms_it_has():
    many_for_one = "A diretora financeira, a controller e o chefe das finanças: o controller."
    both = "A diretora financeira aprovou depois de ver o preço cair."
    page, html = snippet("objeção preço cfo", many_for_one, "O preço, o preço", both)
    assert page == 3
    assert "A <mark>diretora financeira</mark> aprovou depois de ver o <mark>preço</mark>" in html


def test_words_that_nothing_else_means_may_be_asked_for():
    alone = Highlight(
        frozenset({"prec", "client"}), words=(frozenset({"prec"}), frozenset({"client"}))
    )
    assert (
        "<mark>preço</mark>" in best_snippet([Page(1, "o preço"), Page(2, "x")], alone, "pt").html
    )


def test_the_words_asked_for_count_more_than_others_that_mean_the_same():
    page, html = snippet("cfo", "controller " * 5, "O CFO.")
    assert (page, html) == (2, "O <mark>CFO</mark>.")


def test_all_that_made_a_passage_the_best_is_shown():
    text = "x " * 99 + "preço" + " y" * 110 + " cliente" + " z" * 99
    _, html = snippet("preço cliente", text)
    assert "<mark>preço</mark>" in html
    assert "<mark>cliente</mark>" in html


def test_words_that_mean_something_only_together_are_marked_only_together():
    assert snippet("cfo", "A diretora comercial.", "O CFO.") == (2, "O <mark>CFO</mark>.")
    assert snippet("cfo", "O chefe. Suas finanças são outras.") == (
        1,
        "O chefe. Suas finanças são outras.",
    )
    assert snippet("cfo", "diretora, e o chefe das finanças") == (
        1,
        "diretora, e o <mark>chefe das finanças</mark>",
    )
    assert mark("Preciso falar com a diretoria", asked("cfo"), "pt") == Markup(
        "Preciso falar com a diretoria"
    )


def test_a_word_of_a_synonym_that_was_asked_for_itself_is_marked_alone_as_well():
    page, html = snippet("cfo diretora", "A diretora.", "A diretora financeira e a diretora.")
    assert page == 2
    assert html == "A <mark>diretora financeira</mark> e a <mark>diretora</mark>."


def test_markup_in_a_text_is_shown_and_never_run():
    _, html = snippet("preço", "<script>alert('preço')</script> & \u202ecba\u202c\0")
    assert "<script" not in html
    assert "&lt;script&gt;alert(&#39;<mark>preço</mark>&#39;)&lt;/script&gt; &amp;" in html
    assert "\u202e" not in html
    assert "\0" not in html


def test_a_word_being_typed_is_marked_by_its_beginning():
    assert "<mark>Implementação</mark>" in snippet("impl*", "Implementação rápida")[1]


def test_without_a_hit_the_beginning_is_shown():
    assert snippet("preço", "", "Só isto.") == (2, "Só isto.")
    assert snippet("", "Só isto.") == (1, "Só isto.")
    assert best_snippet([], asked("preço"), "pt").html == ""


def test_a_title_is_marked_whole():
    assert mark("O <preço>", asked("preços"), "pt") == Markup("O &lt;<mark>preço</mark>&gt;")


def test_a_word_that_only_begins_alike_is_not_marked():
    assert "<mark>" not in snippet("preço", "preconceito e precoce")[1]


@given(st.text(max_size=300), st.text(max_size=40), st.integers(10, 100))
def test_a_snippet_is_bounded_and_holds_no_tag_but_mark(text: str, query: str, width: int):
    _, html = snippet(query, text, width=width)
    bare = html.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert ">" not in bare
    assert len(Markup(bare).unescape()) <= width + len("… ") + len(" …")


def test_a_long_document_is_read_in_a_moment():
    started = time.perf_counter()
    snippet("preço cliente", "palavra comercial sem nada mais " * 300_000)
    assert time.perf_counter() - started < 1
