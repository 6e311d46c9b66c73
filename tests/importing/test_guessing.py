"""What names of folders and files say, and the rules that a person writes beside."""

from typing import Any

import pytest

from contentlib.importing.bundles.guessing import words_of
from contentlib.importing.bundles.likeness import Names
from contentlib.importing.bundles.paths import bare, title_in
from contentlib.importing.bundles.rules import Rule, said_by
from contentlib.library.taxonomy import ALIASES, PERSONAS, STAGES, TYPES


def named(rows: Any) -> list[tuple[str, str]]:
    names = [(name, row[0]) for row in rows for name in row[:3]]
    return names + [
        (other, row[0]) for row in rows for other in ALIASES.get(row[0], "").split(", ") if other
    ]


WORDS = words_of({"type": named(TYPES), "stages": named(STAGES), "personas": named(PERSONAS)})


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("01 - Casos de Sucesso/Acme.pdf", {"type": "case_study"}),
        ("CASES/acme.pdf", {"type": "case_study"}),
        ("Apresentações/x.pdf", {"type": "presentation"}),
        ("NEGOCIACAO/x.pdf", {"stages": ["negotiation"]}),
        ("Negociação e fechamento/x.pdf", {"stages": ["negotiation", "closing"]}),
        ("Material para TI/x.pdf", {"personas": ["technical"]}),
        ("x/deck_CFO_EN.pptx", {"type": "presentation", "personas": ["economic_buyer"]}),
        ("How it works.pdf", {}),
        ("Concorrentes/RotaMax.pdf", {"type": "battlecard"}),
        ("Vídeos/caso.mp4", {"type": "video"}),
        ("Casos/Vídeos/x.mp4", {"type": "video"}),
    ],
)
def test_folders_and_names_say_what_a_file_is(path: str, said: dict[str, Any]) -> None:
    guessed = WORDS.guess(path)
    guessed.pop("title")
    guessed.pop("language", None)
    assert guessed == said


@pytest.mark.parametrize(
    ("path", "language"),
    [("Inglês/a.pdf", "en"), ("deck_EN.pdf", "en"), ("a pt-br.pdf", "pt"), ("pente.pdf", None)],
)
def test_the_language_stands_in_a_name(path: str, language: str | None) -> None:
    assert WORDS.guess(path).get("language") == language


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Case Andrade (FINAL) (1).pdf", "Case Andrade"),
        ("case_moveis_rio_v2_aprovado.pdf", "Case moveis rio"),
        ("01 - Proposta Comercial v3.2 REVISADA.docx", "Proposta Comercial"),
        ("Cópia de relatório.txt", "Relatório"),
        ("10 motivos para comprar.pdf", "10 motivos para comprar"),
        ("final.pdf", "Final"),
        ("Novo cliente.pdf", "Novo cliente"),
        ("pasta/sem ending", "Sem ending"),
    ],
)
def test_a_title_is_a_name_without_its_history(name: str, title: str) -> None:
    assert title_in(name) == title


def test_two_editions_of_a_thing_have_one_bare_name() -> None:
    assert bare("Tabela de preços 2023 v2.xlsx") == bare("tabela_de_precos 2024 (FINAL).xlsx")


def test_names_alike_are_found_and_others_are_not() -> None:
    names = Names([("Guia de implantação para clientes novos", 1), ("Caso Acme", 2)])
    assert names.like("guia_de_implantacao_clientes_novos_v3.pdf") == 1
    assert names.like("Caso Acme FINAL.pdf") == 2
    assert names.like("Caso Beta.pdf") is None
    assert names.like("Guia de preços.pdf") is None


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("negociacao", "Vendas/Negociação/x.pdf", True),
        ("Negociação", "Vendas/Negociação extra/x.pdf", False),
        ("Vendas/2024", "A/vendas/2024/x.pdf", True),
        ("x.pdf", "x.pdf/y.txt", True),
        ("*proposta*", "a/Nova PROPOSTA.docx", True),
        ("*proposta*", "proposta/a.docx", False),
        ("Vendas/*/20??*", "vendas/x/2024 a.pdf", True),
        ("*", "qualquer/coisa.pdf", True),
        ("[a-z]*", "b.pdf", False),
    ],
)
def test_a_rule_matches_folders_names_and_paths(pattern: str, path: str, matches: bool) -> None:
    assert Rule(pattern, {}).matches(path) == matches


def test_the_last_rule_has_the_word_and_lists_grow() -> None:
    rules = [
        Rule("a", {"type": "script", "stages": ["lead"]}),
        Rule("b", {"type": "video", "stages": ["lead", "closing"]}),
        Rule("c", {"type": "article"}),
    ]
    assert said_by(rules, "a/b/x.pdf") == {"type": "video", "stages": ["lead", "closing"]}
