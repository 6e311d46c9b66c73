import pytest

from contentlib.core.commas import items


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" , ;\n,", ()),
        ("CFO, CEO,diretor  financeiro ", ("CFO", "CEO", "diretor financeiro")),
        ("um; dois\r\ntrês", ("um", "dois", "três")),
        ("Ação, acao, AÇÃO, ato", ("Ação", "ato")),
        ("Oferta, proposta, oferta", ("Oferta", "proposta")),
        ("Script (ligação, e-mail), roteiro", ("Script (ligação, e-mail)", "roteiro")),
        ("aberto (sem fim, mais", ("aberto (sem fim", "mais")),
    ],
)
def test_a_typed_list_has_each_item_once_and_none_empty(
    text: str, expected: tuple[str, ...]
) -> None:
    assert items(text) == expected
