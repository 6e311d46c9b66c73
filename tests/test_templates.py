"""The interface keeps its rules: one macro and one style a component, all shown, nothing inline."""

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from contentlib.core.statics import assemble

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
COMPONENTS = TEMPLATES / "components"
STYLES = STATIC / "css/components"

EVERY_TEMPLATE = sorted(TEMPLATES.rglob("*.html"))
EVERY_COMPONENT = sorted(path.stem for path in COMPONENTS.glob("*.html"))
EVERY_STYLE = sorted(path.stem for path in STYLES.glob("*.css"))

# Drawn entirely by other components, or by the layout whose part they are.
WITHOUT_A_STYLE = {"cell", "copy_button", "nav_item", "new_menu", "type_badge", "use_button"}
# On every page as part of its frame.
SHOWN_BY_THE_FRAME = {
    "bell",
    "flash_messages",
    "keys_help",
    "nav_item",
    "new_menu",
    "palette",
    "search_box",
    "toasts",
    "user_menu",
}
# Written by the browser, by scripts or for classes that Python chooses.
STATE_CLASSES = re.compile(r"^(is-|has-|htmx-|grade-\d$)")
# A first page costs no more than this over the wire (design: 250 kB).
FIRST_PAGE = 250_000
# What reading a file page by page needs besides, on the one page that does.
VIEWER, PDFJS = STATIC / "js/reader", next((STATIC / "vendor").glob("pdfjs-*"))
VIEWER_PAGE = 750_000


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports_in(text: str) -> set[str]:
    return set(re.findall(r'"components/(\w+)\.html"', text))


@pytest.mark.parametrize("component", EVERY_COMPONENT)
def test_a_component_is_one_macro_of_its_own_name_and_says_how_it_is_called(component: str) -> None:
    text = (COMPONENTS / f"{component}.html").read_text()
    macros = re.findall(r"{% macro (\w+)", text)
    assert component in macros
    assert [macro for macro in macros if not macro.startswith(component)] == []
    assert text.startswith(f"{{#- {component}(")


@pytest.mark.parametrize("component", EVERY_COMPONENT)
def test_a_component_has_its_style_under_the_same_name(component: str) -> None:
    assert (component in EVERY_STYLE) != (component in WITHOUT_A_STYLE)


def test_every_style_belongs_to_a_component_and_is_imported_once_in_order() -> None:
    imported = re.findall(r'"components/(\w+)\.css"', (STATIC / "css/app.css").read_text())
    assert imported == EVERY_STYLE
    assert set(EVERY_STYLE) <= set(EVERY_COMPONENT)


def test_the_living_page_shows_every_component() -> None:
    shown = set(SHOWN_BY_THE_FRAME)
    parts = [TEMPLATES / "admin/components.html", *(TEMPLATES / "admin/components").glob("*.html")]
    waiting = set().union(*(imports_in(part.read_text()) for part in parts))
    while waiting:
        component = waiting.pop()
        shown.add(component)
        waiting |= imports_in((COMPONENTS / f"{component}.html").read_text()) - shown
    assert set(EVERY_COMPONENT) - shown == set()


def test_every_class_that_a_component_styles_is_used() -> None:
    styled = set()
    for style in STYLES.glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", style.read_text(), flags=re.DOTALL)
        selectors = " ".join(re.findall(r"([^{};]+){", text))
        styled |= set(re.findall(r"\.(-?[a-zA-Z][\w-]*)", selectors))
    scripts = [path.read_text() for path in (STATIC / "js").rglob("*.js")]
    used = " ".join([*(path.read_text() for path in EVERY_TEMPLATE), *scripts])
    words = set(re.findall(r"[\w-]+", used))
    assert {name for name in styled - words if not STATE_CLASSES.match(name)} - COMPOSED == set()


# Classes that a macro puts together from a word and a parameter.
COMPOSED = {"btn-danger", "btn-quiet", "btn-primary", "btn-lg", "btn-sm"}

INLINE = {
    "a script without a file": r"<script(?![^>]*\bsrc=)",
    "a style element": r"<style\b",
    "a style attribute": r"\sstyle\s*=",
    "a handler attribute": r"\son[a-z]+\s*=\s*[\"']",
    "a handler of htmx": r"\bhx-on\b|\bhx-vals=[\"']js:|\bhx-trigger=[\"'][^\"']*\[",
    "a link that is a script": r"javascript:",
}


# No sheet of ours reaches a mail program, so a letter carries its styles with it.
LETTERS = TEMPLATES / "email"


@pytest.mark.parametrize("template", EVERY_TEMPLATE, ids=name_of)
def test_nothing_is_inline(template: Path) -> None:
    text = template.read_text()
    if LETTERS in template.parents:
        text = re.sub(r' style="[^"]*"', "", text)
    assert [what for what, pattern in INLINE.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize("letter", sorted(LETTERS.iterdir()), ids=name_of)
def test_a_letter_brings_nothing_in_from_elsewhere(letter: Path) -> None:
    text = letter.read_text()
    assert not re.search(r"<(img|link|iframe|script|object|video)\b|url\(|\bsrc=", text)


@pytest.mark.parametrize("template", EVERY_TEMPLATE, ids=name_of)
def test_every_form_that_changes_something_carries_its_token(template: Path) -> None:
    forms = re.findall(r"<form\b.*?</form>", template.read_text(), re.DOTALL)
    changing = [form for form in forms if re.search(r'method="post"', form, re.IGNORECASE)]
    assert [form[:80] for form in changing if "csrf" not in form and "hidden_tag" not in form] == []


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img/icons.svg").read_text()))
    named = set()
    for path in [*EVERY_TEMPLATE, *(ROOT / "contentlib").rglob("*.py")]:
        named |= set(
            re.findall(r"""\bicon(?:_name)?["']?\s*[=:(]\s*["']([\w-]+)["']""", path.read_text())
        )
    assert named - sprite == set(), "add them by `make vendor`"


def test_what_is_vendored_is_what_the_lock_names() -> None:
    lock = json.loads((ROOT / "tools/vendor.lock.json").read_text())
    for package in lock.values():
        for name, integrity in package["files"].items():
            content = (ROOT / name).read_bytes()
            found = base64.b64encode(hashlib.sha512(content).digest()).decode()
            assert integrity == f"sha512-{found}", name
            assert b"sourceMappingURL" not in content
    for folder in (STATIC / "vendor").iterdir():
        assert (folder / "LICENSE").is_file(), folder.name


def test_a_first_page_stays_light() -> None:
    sheet = assemble(STATIC / "css/app.css").encode()
    scripts = {*(STATIC / "js").rglob("*.js"), *(STATIC / "vendor").rglob("*.js")}
    scripts -= {*VIEWER.rglob("*.js"), *PDFJS.rglob("*")}
    packed = [sheet, *(path.read_bytes() for path in [*scripts, STATIC / "img/icons.svg"])]
    weight = sum(len(gzip.compress(content)) for content in packed)
    # A font is packed already; a Portuguese page needs the Latin one only.
    weight += (next(STATIC.rglob("inter-latin-wght-normal.woff2"))).stat().st_size
    assert weight < FIRST_PAGE


def test_the_viewer_weighs_on_its_own_page_alone() -> None:
    scripts = [path for path in PDFJS.iterdir() if path.suffix in (".mjs", ".css")]
    packed = [*scripts, *VIEWER.iterdir(), STATIC / "css/reader.css"]
    assert sum(len(gzip.compress(path.read_bytes())) for path in packed) < VIEWER_PAGE
    named = {path: path.read_text() for path in EVERY_TEMPLATE}
    words = re.compile("pdfjs|js/reader|reader\\.css")
    assert [path.name for path, text in named.items() if words.search(text)] == ["read.html"]
    others = [*(STATIC / "js/behaviours").iterdir(), STATIC / "js/app.js", STATIC / "css/app.css"]
    assert [path.name for path in others if words.search(path.read_text())] == []
