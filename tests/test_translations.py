"""Portuguese is complete: every text of the code has its translation, and none is left over."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask

from contentlib.core.i18n import load_catalogue

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "contentlib" / "translations"
KEYWORDS = DEFAULT_KEYWORDS | {"N_": None, "_l": None, "_n": (1, 2)}


def texts_of_the_code() -> set[str | tuple[str, ...]]:
    with (FOLDER / "extract.cfg").open() as file:
        methods, options = parse_mapping_cfg(file, "extract.cfg")
    found = set()
    for folder in ("contentlib", "templates"):
        rows = extract_from_dir(
            ROOT / folder,
            method_map=[
                (pattern.partition("/")[2], method)
                for pattern, method in methods
                if pattern.startswith(folder)
            ],
            options_map=options,
            keywords=KEYWORDS,
        )
        found |= {message for _file, _line, message, _comments, _context in rows}
    return {text for text in found if text}


def catalogue() -> Catalog:
    with (FOLDER / "pt_BR.po").open("rb") as file:
        return read_po(file, locale="pt_BR")


def is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(texts)


def test_every_text_is_translated_and_none_is_left_over() -> None:
    known = {message.id: message for message in catalogue() if message.id}
    wanted = texts_of_the_code()
    assert {text for text in wanted if text not in known or not is_translated(known[text])} == set()
    assert set(known) - wanted == set()


def test_no_translation_is_uncertain() -> None:
    assert [message.id for message in catalogue() if message.id and message.fuzzy] == []


def fields(text: str) -> set[str]:
    return {part.split(")")[0] for part in text.split("%(")[1:]}


def test_translations_keep_the_parameters_of_their_text() -> None:
    for message in catalogue():
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set().union(*(fields(text) for text in originals))
        for text in texts:
            assert fields(text) <= wanted, message.id


def test_no_translation_holds_the_text_of_another() -> None:
    """A merge of catalogues can join two entries; the reader would see both languages."""
    long_texts = {
        text
        for message in catalogue()
        for text in (message.id if isinstance(message.id, tuple) else (message.id,))
        if len(text) > 25
    }
    for message in catalogue():
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        held = {text for text in long_texts for string in texts if text in string}
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        assert held <= set(originals), message.id


@pytest.mark.parametrize(("count", "form"), [(0, "materiais"), (1, "material"), (2, "materiais")])
def test_only_one_takes_the_singular(count: int, form: str) -> None:
    """Unicode's rule would give zero the singular too, which no Brazilian writes."""
    texts = load_catalogue("pt_BR")
    text = texts.ungettext("%(count)s material", "%(count)s materials", count)
    assert text % {"count": count} == f"{count} {form}"


TEXTS = """{{ _('Open') }}, {{ _('Text: %(words)s', words='<b>') }}, {{ _('100 %% sure') }},
{{ ngettext('%(num)s page', '%(num)s pages', 1) }},
{{ ngettext('%(num)s page', '%(num)s pages', 1234, num='1.234') }}"""


@pytest.mark.parametrize(
    ("tongue", "written"),
    [
        ("pt-BR", "Abrir, Texto: &lt;b&gt;, 100 % sure,\n1 página,\n1.234 páginas"),
        ("en", "Open, Text: &lt;b&gt;, 100 % sure,\n1 page,\n1.234 pages"),
    ],
)
def test_a_template_writes_texts_in_the_readers_language_and_escapes_their_values(
    app: Flask, tongue: str, written: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": tongue}):
        assert app.jinja_env.from_string(TEXTS).render() == written
