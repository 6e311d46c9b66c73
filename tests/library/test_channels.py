"""What is copied is what is seen, on every channel, whatever was written."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.library.channels import LOOKALIKES, Channel, answer_for, rendered

ALONE = (Channel.PLAIN, Channel.WHATSAPP)


def words_of(html: str) -> str:
    """Return the words of HTML as a browser's textContent has them."""
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_marks_become_those_of_the_channel() -> None:
    text = "Oi, **bom dia**.\nIsto é *importante* e _isto_ também."
    assert rendered(text, Channel.PLAIN).text == "Oi, bom dia.\nIsto é importante e isto também."
    assert rendered(text, Channel.WHATSAPP).text == (
        "Oi, *bom dia*.\nIsto é _importante_ e _isto_ também."
    )
    assert rendered(text, Channel.EMAIL).html == (
        "<p>Oi, <strong>bom dia</strong>.<br>Isto é <em>importante</em> e <em>isto</em> também.</p>"
    )


def test_marks_within_marks_are_kept() -> None:
    text = "**Bom *dia* a {{empresa}}**"
    assert rendered(text, Channel.WHATSAPP, {"empresa": "Orla"}).text == "*Bom _dia_ a Orla*"
    assert rendered(text, Channel.PLAIN, {"empresa": "Orla"}).text == "Bom dia a Orla"


def test_lists_are_lists_everywhere() -> None:
    text = "Veja:\n- um\n* dois\n\nFim"
    assert rendered(text, Channel.PLAIN).text == "Veja:\n- um\n- dois\n\nFim"
    assert rendered(text, Channel.WHATSAPP).text == "Veja:\n- um\n- dois\n\nFim"
    assert rendered(text, Channel.EMAIL).html == (
        "<p>Veja:</p><ul><li>um</li><li>dois</li></ul><p>Fim</p>"
    )


@pytest.mark.parametrize(
    ("written", "copied"),
    [
        ("5*3*2 e custo_total_ano", "5*3*2 e custo_total_ano"),
        ("* nota", "- nota"),
        ("preço* e *obs", f"preço{LOOKALIKES['*']} e {LOOKALIKES['*']}obs"),
        ("~riscado~", f"{LOOKALIKES['~']}riscado{LOOKALIKES['~']}"),
        ("`codigo`", f"{LOOKALIKES['`']}codigo{LOOKALIKES['`']}"),
        ("https://a.example/_x_/~y?z=*1", "https://a.example/_x_/~y?z=*1"),
    ],
)
def test_a_mark_that_means_itself_marks_nothing_in_whatsapp(written: str, copied: str) -> None:
    assert rendered(written, Channel.WHATSAPP).text == copied
    plain = rendered(written, Channel.PLAIN).text
    assert plain == (copied if written.startswith("* ") else written)


def test_what_fills_a_field_marks_nothing_and_breaks_no_line() -> None:
    hostile = {"empresa": "*Vértice*\n_Log_ <b>"}
    whatsapp = rendered("Olá, {{empresa}}", Channel.WHATSAPP, hostile)
    assert whatsapp.text == "Olá, ∗Vértice∗ ˍLogˍ <b>"
    assert rendered("Olá, {{empresa}}", Channel.PLAIN, hostile).text == "Olá, *Vértice* _Log_ <b>"
    assert "&lt;b&gt;" in rendered("Olá, {{empresa}}", Channel.EMAIL, hostile).html


def test_an_open_field_is_marked_and_copied_with_its_braces() -> None:
    for channel in Channel:
        told = rendered("Oi, {{ contato.nome }}!", channel)
        assert told.text == "Oi, {{contato.nome}}!"
        assert 'class="merge-field" data-field="contato.nome">{{contato.nome}}</span>' in told.html


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "**<b>** {{a}} </span>",
    "[clique](javascript:alert(1))",
    "https://a.example/\"onmouseover='x'",
    "שלום **עולם** 🚚 \u202eoiráuqed",
    "a\r\nb\rc\u2028d\x00e",
    "_" * 50 + "*" * 50 + "{{" * 20,
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("channel", ALONE)
def test_hostile_words_are_only_words(text: str, channel: Channel) -> None:
    told = rendered(text, channel)
    assert words_of(told.html) == told.text
    assert set(re.findall(r"<(\w+)", told.html)) <= {"span"}
    assert "\u202e" not in told.text
    assert "\x00" not in told.text
    assert "\r" not in told.text


@pytest.mark.parametrize("text", HOSTILE)
def test_an_email_has_only_our_tags_and_plain_addresses(text: str) -> None:
    html = rendered(text, Channel.EMAIL).html
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "br", "ul", "li", "strong", "em", "a", "span"}
    for attribute, value in re.findall(r'\s(\w[\w-]*)="([^"]*)"', re.sub(r">[^<]*<", "><", html)):
        assert attribute in ("href", "class", "data-field")
        assert attribute != "href" or value.startswith(("http://", "https://"))


@given(st.text(alphabet="ab *_~`{}.\n-<>&😀ש", max_size=60), st.text(max_size=20))
def test_what_is_copied_is_what_is_seen(text: str, value: str) -> None:
    for channel in ALONE:
        told = rendered(text, channel, {"a": value})
        assert words_of(told.html) == told.text
        again = rendered(text, channel, {"a": value})
        assert again == told


def test_the_plain_words_of_an_email_are_those_of_the_plain_channel() -> None:
    text = "**Oi**, {{a}}\n\n- um"
    assert rendered(text, Channel.EMAIL).text == rendered(text, Channel.PLAIN).text


def test_a_written_answer_ends_with_the_question_and_a_spoken_one_does_not() -> None:
    body = {"answer": "**Quanto** custa?", "question": "E se coubesse?", "heard_as": ["caro"]}
    assert answer_for(body, Channel.PLAIN).text == "Quanto custa?"
    assert answer_for(body, Channel.WHATSAPP).text == "*Quanto* custa?\n\nE se coubesse?"
    assert answer_for(body, Channel.EMAIL).html == (
        "<p><strong>Quanto</strong> custa?</p><p>E se coubesse?</p>"
    )
    assert answer_for(None, Channel.WHATSAPP).text == ""
