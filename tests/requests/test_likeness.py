import pytest

from contentlib.requests.likeness import keys_of, likeness, most_alike

SAME = [
    ("caso de sucesso em logística", "casos de sucesso logistica"),
    ("tabela de preço para o CFO", "Preços para CFO"),
    ("objeção: está caro", "resposta para a objeção está caro"),
    ("integração com SAP", "como é a integração com o SAP?"),
    ("case study for logistics", "Logistics case studies"),
    ("vídeo curto do produto", "um video do produto"),
    ("comparativo com a Rodonorte", "Rodonorte comparativo"),
    ("prova de segurança da informação", "segurança da informação LGPD"),
    ("calculadora de retorno", "planilha calculadora do retorno"),
    ("proposta para indústria de alimentos", "alimentos: proposta"),
]
OTHER = [
    ("caso de sucesso em logística", "tabela de preço"),
    ("objeção de prazo", "objetivo do trimestre"),
    ("vídeo do produto", "contrato padrão"),
    ("de o para", "de o para"),
    ("", "caso"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_wish_in_other_words_is_seen(one: str, other: str) -> None:
    assert most_alike(one, [("x", other)], 3) == ["x"]
    assert most_alike(other, [("x", one)], 3) == ["x"]


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_wish_is_not(one: str, other: str) -> None:
    assert most_alike(one, [("x", other)], 3) == []


def test_the_most_alike_come_first_and_only_some() -> None:
    texts = ["frete", "preço do frete no sul", "preço", "frete no sul", "nada disso"]
    assert most_alike("frete no sul", [(text, text) for text in texts], 2) == [
        "frete",
        "preço do frete no sul",
    ]


def test_likeness_lies_between_none_and_all() -> None:
    assert likeness(keys_of("preço do frete"), keys_of("frete no sul")) == 0.5
    assert likeness(keys_of("frete fretes"), keys_of("frete")) == 1
    assert likeness(keys_of(""), keys_of("")) == 0
