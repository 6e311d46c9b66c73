"""What every search engine promises; a new one joins by a line in `ENGINES`."""

from collections.abc import Callable
from typing import Any

import pytest

from contentlib.search import (
    Boosts,
    Changes,
    Correction,
    Document,
    Engine,
    Meaning,
    Page,
    Query,
    open_engine,
)
from contentlib.search.kernel import FEW
from tests.search.brute_force import BruteForceEngine
from tests.search.hostile import HOSTILE

Fixtures = Callable[[str], Any]
ENGINES: dict[str, Callable[[Fixtures], Engine]] = {
    "whoosh": lambda fixture: open_engine(f"whoosh:{fixture('tmp_path')}/index"),
    "postgres": lambda fixture: fixture("postgres_engine"),
    "brute force": lambda _: BruteForceEngine(),
}
NEEDS = {"postgres": pytest.mark.real_part("postgres")}
EVERYONE = frozenset({"everyone"})


@pytest.fixture(params=[pytest.param(name, marks=NEEDS.get(name, ())) for name in ENGINES])
def engine(request: pytest.FixtureRequest) -> Engine:
    engine = ENGINES[request.param](request.getfixturevalue)
    engine.rebuild([])
    return engine


def document(number: int, title: str = "", body: str = "", **facts: object) -> Document:
    facts = {"access": ("everyone",), "pages": (Page(1, body),), "revision": 1} | facts
    return Document(f"asset:{number}", title=title, **facts)  # type: ignore[arg-type]


def ids(engine: Engine, text: str, **facts: object) -> list[str]:
    facts = {"access": EVERYONE} | facts
    return [hit.id for hit in engine.search(Query(text, **facts)).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("objeções", "objecao"),
        ("objeção", "OBJEÇÕES"),
        ("manutenção", "manutencao"),
        ("homens", "homem"),
        ("negociações", "negociaça\u0303o"),
        ("nego\u00adciação", "negociação"),
        ("\ufb01nanças", "financas"),
        ("papéis", "papel"),
    ],
)
def test_portuguese_words_are_found_whatever_their_accents_and_number(
    engine: Engine, written: str, asked: str
):
    engine.apply(Changes((document(1, body=f"sobre {written} aqui"), document(2, body="outra"))))
    assert ids(engine, asked) == ["asset:1"]


def test_english_plurals_are_found(engine: Engine):
    engine.apply(Changes((document(1, body="two case studies", language="en"),)))
    assert ids(engine, "study") == ["asset:1"]
    assert ids(engine, "cases studies") == ["asset:1"]


def test_a_title_counts_more_than_a_tag_and_a_tag_more_than_a_body(engine: Engine):
    engine.apply(
        Changes(
            (
                document(1, "texto um", "preço"),
                document(2, "texto dois", tags=("preço",)),
                document(3, "texto preço"),
            )
        )
    )
    assert ids(engine, "preço") == ["asset:3", "asset:2", "asset:1"]


def test_documents_with_all_words_suffice_when_there_are_enough(engine: Engine):
    both = [document(number, body="proposta comercial") for number in range(FEW)]
    engine.apply(Changes((*both, document(99, body="proposta técnica"))))
    answer = engine.search(Query("proposta comercial", EVERYONE))
    assert (answer.total, answer.relaxed) == (FEW, False)


def test_documents_with_some_words_follow_when_few_have_all(engine: Engine):
    engine.apply(
        Changes((document(1, body="proposta comercial"), document(2, body="proposta técnica")))
    )
    answer = engine.search(Query("proposta comercial", EVERYONE))
    assert [hit.id for hit in answer.hits] == ["asset:1", "asset:2"]
    assert answer.relaxed


def test_an_exact_phrase_is_found_literally_but_without_accents(engine: Engine):
    engine.apply(
        Changes(
            (
                document(1, body="O preço de tabela não muda."),
                document(2, body="A tabela de preço não muda."),
            )
        )
    )
    assert ids(engine, '"preco de tabela"') == ["asset:1"]
    assert ids(engine, '"tabela preco"') == []


def test_a_phrase_does_not_run_from_the_title_into_the_text(engine: Engine):
    engine.apply(Changes((document(1, "Tabela de", "preços e prazos"),)))
    assert ids(engine, '"de preços"') == []


def test_excluded_words_and_phrases_are_left_out(engine: Engine):
    engine.apply(
        Changes((document(1, body="preço alto demais"), document(2, body="preço baixo demais")))
    )
    assert ids(engine, "preço -alto") == ["asset:2"]
    assert ids(engine, 'preço -"baixo demais"') == ["asset:1"]
    assert ids(engine, "-alto") == ["asset:2"]


def test_a_star_completes_a_word_and_so_does_typing(engine: Engine):
    engine.apply(Changes((document(1, "Implementação"), document(2, "Impostos"))))
    assert ids(engine, "impl*") == ["asset:1"]
    assert ids(engine, "implementaç", typing=True) == ["asset:1"]
    assert ids(engine, "impl") == []
    assert sorted(ids(engine, "imp", typing=True)) == ["asset:1", "asset:2"]


def test_words_too_common_for_bodies_are_found_in_titles(engine: Engine):
    engine.apply(Changes((document(1, "Com quem?", "nada"), document(2, "Nada", "com quem"))))
    assert ids(engine, "com quem") == ["asset:1"]


def test_no_words_list_everything_newest_first(engine: Engine):
    engine.apply(Changes(tuple(document(n, moment=float(n % 3)) for n in range(5))))
    assert ids(engine, "") == ["asset:2", "asset:1", "asset:4", "asset:0", "asset:3"]


def test_equal_scores_are_ordered_by_age_and_then_by_id(engine: Engine):
    moments = {1: 5.0, 2: 7.0, 3: 5.0, 4: 5.0}
    engine.apply(
        Changes(tuple(document(n, "igual", moment=moment) for n, moment in moments.items()))
    )
    in_order = ["asset:2", "asset:1", "asset:3", "asset:4"]
    assert ids(engine, "igual") == in_order
    assert ids(engine, "igual", offset=1, limit=2) == in_order[1:3]


def test_newest_first_can_be_asked_for(engine: Engine):
    engine.apply(
        Changes((document(1, "preço", moment=1.0), document(2, "outro", "preço", moment=2.0)))
    )
    assert ids(engine, "preço", order="newest") == ["asset:2", "asset:1"]


def test_a_page_beyond_the_last_is_empty_but_knows_the_total(engine: Engine):
    engine.apply(Changes((document(1, "preço"),)))
    answer = engine.search(Query("preço", EVERYONE, offset=20))
    assert (answer.total, answer.hits) == (1, ())
    assert engine.search(Query("preço", EVERYONE, limit=0)).total == 1


def test_nobody_finds_what_they_may_not_see(engine: Engine):
    engine.apply(
        Changes(
            (
                document(1, "segredo", access=("managers",), facets={"type": ("memo",)}),
                document(2, "segredo", access=("managers", "sellers")),
                document(3, "segredo", access=()),
            )
        )
    )
    answer = engine.search(Query("segredo", frozenset({"sellers"}), facets=("type",)))
    assert [hit.id for hit in answer.hits] == ["asset:2"]
    assert answer.facets == {"type": {}}


@pytest.mark.parametrize("text", ["segredo", "", "-outra", '"segredo"', "seg*"])
def test_an_empty_access_set_finds_nothing(engine: Engine, text: str):
    engine.apply(Changes((document(1, "segredo", facets={"type": ("memo",)}),)))
    answer = engine.search(Query(text, frozenset(), facets=("type",)))
    assert (answer.total, answer.hits, answer.facets) == (0, (), {"type": {}})


def test_filters_are_alternatives_within_and_conditions_between(engine: Engine):
    engine.apply(
        Changes(
            (
                document(1, facets={"stage": ("proof",), "persona": ("cfo",)}),
                document(2, facets={"stage": ("close",), "persona": ("cfo", "cto")}),
                document(3, facets={"stage": ("close",)}),
            )
        )
    )
    filters = {"stage": frozenset({"proof", "close"}), "persona": frozenset({"cfo"})}
    assert sorted(ids(engine, "", filters=filters)) == ["asset:1", "asset:2"]
    assert ids(engine, "", filters={"persona": frozenset({"nobody"})}) == []
    assert len(ids(engine, "", filters={"persona": frozenset()})) == 3


def test_the_counts_of_a_facet_ignore_its_own_filter(engine: Engine):
    engine.apply(
        Changes(
            (
                document(1, facets={"stage": ("proof",), "type": ("deck",)}),
                document(2, facets={"stage": ("close", "proof"), "type": ("deck",)}),
                document(3, facets={"stage": ("close",), "type": ("case",)}),
            )
        )
    )
    filters = {"stage": frozenset({"proof"})}
    answer = engine.search(Query("", EVERYONE, filters=filters, facets=("stage", "type", "none")))
    assert answer.facets == {"stage": {"proof": 2, "close": 2}, "type": {"deck": 2}, "none": {}}
    assert answer.total == 2


def test_a_changed_document_is_found_by_its_new_words_only(engine: Engine):
    engine.apply(Changes((document(1, "antes"), document(2, "antes"))))
    engine.apply(Changes((document(1, "depois", revision=2),)))
    assert ids(engine, "antes") == ["asset:2"]
    assert ids(engine, "depois") == ["asset:1"]
    assert engine.revisions() == {"asset:1": 2, "asset:2": 1}


def test_a_deleted_document_is_gone_from_hits_counts_and_revisions(engine: Engine):
    engine.apply(Changes((document(1, "preço", facets={"type": ("deck",)}),)))
    engine.apply(Changes(deleted=frozenset({"asset:1", "asset:unknown"})))
    answer = engine.search(Query("preço", EVERYONE, facets=("type",)))
    assert (answer.total, answer.facets) == (0, {"type": {}})
    assert engine.revisions() == {}
    assert engine.stats().documents == 0


def test_applying_twice_changes_nothing(engine: Engine):
    changes = Changes((document(1, "preço"),), frozenset({"asset:2"}))
    engine.apply(changes)
    engine.apply(changes)
    assert ids(engine, "preço") == ["asset:1"]
    assert engine.stats().documents == 1


def test_rebuilding_leaves_exactly_what_was_given(engine: Engine):
    engine.apply(Changes((document(1, "antes"),)))
    assert engine.rebuild(document(n, "depois") for n in (2, 3)) == 2
    assert (ids(engine, "antes"), len(ids(engine, "depois"))) == ([], 2)


def test_a_word_is_also_found_by_what_it_means_but_the_word_itself_comes_first(engine: Engine):
    engine.apply(
        Changes(
            (
                document(1, body="o valor combinado"),
                document(2, body="o preço combinado"),
                document(3, body="sem dinheiro agora"),
                document(4, body="dinheiro à vontade, sem pressa"),
                document(5, body="nada disso aqui"),
            )
        )
    )
    price = Meaning(("preco",), alternatives=("valor", "dinheiro agora"))
    assert ids(engine, "preço", meanings=(price,)) == ["asset:2", "asset:1", "asset:3"]
    assert ids(engine, "preço") == ["asset:2"]
    assert ids(engine, "preço -valor", meanings=(price,)) == ["asset:2", "asset:3"]


def test_a_word_that_names_a_label_finds_what_carries_it_before_what_mentions_it(engine: Engine):
    engine.apply(
        Changes(
            (
                document(1, body="para o cfo ler com calma"),
                document(2, body="para a diretoria ler", facets={"persona": ("buyer",)}),
                document(3, body="para ler sem pressa"),
            )
        )
    )
    buyer = Meaning(("cfo",), labels=(("persona", "buyer"),))
    assert ids(engine, "cfo", meanings=(buyer,)) == ["asset:2", "asset:1"]


def test_several_words_may_mean_one_thing(engine: Engine):
    engine.apply(Changes((document(1, "Proposta", facets={"persona": ("buyer",)}),)))
    buyer = Meaning(("diretor", "financeiro"), labels=(("persona", "buyer"),))
    assert ids(engine, "proposta diretor financeiro", meanings=(buyer,)) == ["asset:1"]
    assert not engine.search(
        Query("proposta diretor financeiro", EVERYONE, meanings=(buyer,))
    ).relaxed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("negocição", "negociacao"),
        ("negociaçaõ", "negociacao"),
        ("negosiação", "negociacao"),
        ("implantaçao", "implantacao"),
        ("impalntação", "implantacao"),
        ("contartos", "contratos"),
    ],
)
def test_a_mistyped_word_is_read_as_the_one_that_was_meant(engine: Engine, typed: str, meant: str):
    engine.apply(
        Changes((document(1, "Negociação e contratos"), document(2, body="implantação rápida")))
    )
    answer = engine.search(Query(typed, EVERYONE))
    assert answer.total == 1
    assert {one.meant for one in answer.corrections} <= {meant}
    assert ids(engine, typed) != []


def test_what_was_typed_stays_where_somebody_has_it_or_insists(engine: Engine):
    engine.apply(Changes((document(1, "Preço"), document(2, "Prezo"))))
    answer = engine.search(Query("prezo", EVERYONE))
    assert [hit.id for hit in answer.hits] == ["asset:2"]
    assert answer.corrections == ()
    assert ids(engine, "presso", literally=True) == []


def test_a_beginning_with_a_slip_finds_what_it_would_have_become(engine: Engine):
    engine.apply(Changes((document(1, "Negociação"), document(2, "Implantação"))))
    answer = engine.search(Query("negoica", EVERYONE, typing=True))
    assert [hit.id for hit in answer.hits] == ["asset:1"]
    assert answer.corrections == (Correction("negoica", "negociacao"),)


def test_no_correction_tells_of_what_the_searcher_may_not_see(engine: Engine):
    engine.apply(Changes((document(1, "Aquisição", access=("staff",)), document(2, "Aquarela"))))
    answer = engine.search(Query("aquisiçao secreta aquizição", EVERYONE))
    assert answer.corrections == ()
    assert answer.total == 0


def test_withheld_documents_do_not_exist(engine: Engine):
    secret = document(1, "Segredo", facets={"type": ("memo",)})
    engine.apply(Changes((secret, document(2, "Segundo"))))
    withheld = frozenset({"asset:1", "asset:99"})
    answer = engine.search(Query("segredo", EVERYONE, facets=("type",), withheld=withheld))
    assert (answer.total, answer.facets, answer.corrections) == (0, {"type": {}}, ())
    assert ids(engine, "", withheld=withheld) == ["asset:2"]
    assert ids(engine, "segr", typing=True, scope="titles", withheld=withheld) == []
    assert ids(engine, "outra", pinned=("asset:1",), withheld=withheld) == []


def test_pinned_documents_come_first_where_searcher_and_filters_allow(engine: Engine):
    engine.apply(
        Changes(
            (
                document(1, "preço preço", facets={"type": ("deck",)}),
                document(2, "outra coisa", facets={"type": ("deck",)}),
                document(3, "fechado", access=("staff",)),
                document(4, "preço", facets={"type": ("case",)}),
            )
        )
    )
    pins = ("asset:4", "asset:3", "asset:2", "asset:99")
    answer = engine.search(Query("preço", EVERYONE, pinned=pins, facets=("type",)))
    assert [hit.id for hit in answer.hits] == ["asset:4", "asset:2", "asset:1"]
    assert [hit.pinned for hit in answer.hits] == [True, True, False]
    assert (answer.total, answer.facets) == (3, {"type": {"deck": 2, "case": 1}})
    decks = {"type": frozenset({"deck"})}
    assert ids(engine, "preço", pinned=pins, filters=decks) == ["asset:2", "asset:1"]
    assert ids(engine, "preço", pinned=pins, offset=1, limit=1) == ["asset:2"]
    assert ids(engine, "preço", pinned=pins, order="newest") == ids(engine, "preço", order="newest")


def test_boosts_decide_between_equal_words_and_never_against_better_ones(engine: Engine):
    engine.apply(
        Changes(
            (
                document(1, "preço", moment=0.0),
                document(2, "preço", moment=0.0, facets={"state": ("verified",)}),
                document(3, "preço", moment=0.0),
                document(4, "preço preço preço", moment=0.0),
            )
        )
    )
    used = Boosts(used={"asset:3": 1.0, "asset:1": 7.0, "asset:99": 1.0})
    assert ids(engine, "preço", boosts=used) == ["asset:4", "asset:1", "asset:3", "asset:2"]
    trusted = Boosts(trusted=frozenset({("state", "verified"), ("none", "such")}))
    assert ids(engine, "preço", boosts=trusted) == ["asset:4", "asset:2", "asset:1", "asset:3"]


def test_fresh_documents_are_preferred_a_little(engine: Engine):
    year = 365 * 86_400.0
    engine.apply(
        Changes(
            (
                document(1, "preço preço preço", moment=0.0),
                document(2, "preço", moment=0.0),
                document(3, "preço", moment=10 * year),
            )
        )
    )
    fresh = Boosts(fresh_at=10 * year)
    scores = {
        hit.id: hit.score for hit in engine.search(Query("preço", EVERYONE, boosts=fresh)).hits
    }
    assert list(scores) == ["asset:1", "asset:3", "asset:2"]
    assert scores["asset:3"] == pytest.approx(1.015 * scores["asset:2"], rel=1e-3)


def test_only_newer_documents_can_be_asked_for(engine: Engine):
    facets = {"type": ("deck",)}
    engine.apply(
        Changes(tuple(document(n, "preço", moment=float(n), facets=facets) for n in range(5)))
    )
    answer = engine.search(Query("preço", EVERYONE, newer_than=2.0, facets=("type",)))
    assert (answer.total, answer.facets) == (2, {"type": {"deck": 2}})
    assert ids(engine, "", newer_than=3.0) == ["asset:4"]


def test_titles_are_searched_alone_from_the_second_letter_on(engine: Engine):
    engine.apply(
        Changes(
            (
                document(1, "Preço por valor", "nada"),
                document(2, "Outra", "o preço por valor", tags=("preço",)),
                document(3, "A prova de preço", ""),
                document(4, "Preparar a conversa", ""),
            )
        )
    )
    titles = {"typing": True, "scope": "titles"}
    assert sorted(ids(engine, "pr", **titles)) == ["asset:1", "asset:3", "asset:4"]
    assert sorted(ids(engine, "preco", **titles)) == ["asset:1", "asset:3"]
    assert ids(engine, "preço por", **titles) == ["asset:1"]
    assert ids(engine, "prova preco valor", **titles) == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("typing", [False, True])
def test_any_text_is_a_query(engine: Engine, text: str, typing: bool):
    engine.apply(Changes((document(1, "preço", text), document(2, text))))
    answer = engine.search(Query(text, EVERYONE, facets=("type",), typing=typing))
    assert 0 <= answer.total <= 2


def test_nothing_but_words_phrases_signs_and_stars_has_a_meaning(engine: Engine):
    engine.apply(Changes((document(1, "preço"), document(2, "valor"))))
    assert ids(engine, "title:preço") == ["asset:1"]
    assert ids(engine, "(preço)") == ["asset:1"]
    assert ids(engine, "pr?ço") == []


@pytest.mark.parametrize("text", ["preço", "", '"o preço"', "-preço", "pre*"])
def test_an_empty_index_answers_with_nothing(engine: Engine, text: str):
    answer = engine.search(Query(text, EVERYONE, facets=("type",), typing=True))
    assert (answer.total, answer.facets) == (0, {"type": {}})
