"""What a text written here becomes where it is pasted: spoken words, WhatsApp, an e-mail.

Texts are stored with few marks, those of Markdown: `**bold**`, `*italic*` or `_italic_`, lines that
begin with `-` or `*`, and merge fields. What one sees before copying and what is copied are made
by the same function here, so that neither can say anything else than the other.

WhatsApp knows no way to write a mark that means itself: there, one that would begin or end
something becomes the sign that looks like it. Inside of words and addresses it stays what it is.
Source: WhatsApp's help on formatting (`*bold*`, `_italic_`, `~struck~`, three or one backtick).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from markupsafe import Markup, escape

from contentlib.library.models import VersionKind
from contentlib.library.written import MERGE_FIELD, Body, script_of, with_named_fields


class Channel(StrEnum):
    """Where a text is pasted."""

    PLAIN = "plain"
    WHATSAPP = "whatsapp"
    EMAIL = "email"


@dataclass(frozen=True)
class Rendered:
    """A text for a channel: `text` goes to the clipboard, `html` is what one sees of it.

    On the plain and WhatsApp clipboards `text` is all there is, and it is the words of `html`, sign
    for sign. An e-mail program takes `html` itself; `text` is there for programs without HTML.
    """

    text: str
    html: Markup


@dataclass(frozen=True)
class _Piece:
    """Some letters and what they are: `mark` is strong, em, link, field or nothing."""

    text: str
    mark: str = ""
    inner: tuple["_Piece", ...] = ()


_MARKED = re.compile(
    r"(?P<link>https?://[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]*_~`])"
    rf"|(?P<field>{MERGE_FIELD.pattern.replace('(', '(?:', 1)})"
    r"|\*\*(?P<strong>[^\s*](?:(?:[^*\n]|\*(?!\*))*[^\s*])?)\*\*"
    r"|(?<![^\W_]|[*])\*(?P<em>[^\s*](?:[^*\n]*[^\s*])?)\*(?![^\W_]|[*])"
    r"|(?<![^\W_])(?<!_)_(?P<em_low>[^\s_](?:[^_\n]*[^\s_])?)_(?!_)(?![^\W_])"
)
_BULLET = re.compile(r"[ \t]{0,3}[-*•][ \t]+(?=\S)")
# A mark between two letters or digits is part of a word, as in `custo_total`.
_STRAY = re.compile(r"(?<![^\W_])[*_~`]|[*_~`](?![^\W_])")
LOOKALIKES = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202d\u202e\ufffe\uffff]")
_ENDS = re.compile(r"\r\n?|\u2028|\u2029")
_IN_WHATSAPP = {"strong": "*", "em": "_"}


def rendered(text: str, channel: Channel, values: Mapping[str, str] | None = None) -> Rendered:
    """Return a text as it is seen and copied for a channel.

    `values` fill merge fields by name; what stays open is written with its braces, and marked in
    `html` as `<span class="merge-field" data-field>`.
    """
    lines = _ENDS.sub("\n", text)
    lines = _NO_TEXT.sub("", lines).strip("\n")
    known = values or {}
    if channel is Channel.EMAIL:
        plain = rendered(text, Channel.PLAIN, values)
        return Rendered(plain.text, Markup("").join(_blocks(lines, known)))
    parts = [part for line in lines.split("\n") for part in [*_line(line, channel, known), "\n"]]
    html = Markup("").join(_seen(part) for part in parts[:-1])
    return Rendered("".join(_said(part) for part in parts[:-1]), html)


def previews_of(kind: VersionKind, body: Body | None) -> dict[str, Rendered]:
    """Return what is seen and copied of a text, by channel; nothing where there is no text."""
    if kind is VersionKind.OBJECTION:
        return {channel.value: answer_for(body, channel) for channel in Channel}
    if kind is VersionKind.SCRIPT:
        text = script_of(body).text
        return {channel.value: rendered(text, channel) for channel in Channel}
    return {}


def answer_for(body: Body | None, channel: Channel) -> Rendered:
    """Return the answer to an objection: what is written ends with the question asked back.

    Spoken words carry no question, since who speaks waits for the answer to the first sentence.
    """
    said = body or {}
    parts = [str(said.get("answer", "")), str(said.get("question", ""))]
    written = parts[:1] if channel is Channel.PLAIN else [part for part in parts if part.strip()]
    return rendered(with_named_fields("\n\n".join(written)), channel)


@dataclass(frozen=True)
class _Field:
    """A merge field: the name that stays open, or what fills it."""

    name: str
    value: str


_Part = str | _Field


def _line(line: str, channel: Channel, values: Mapping[str, str]) -> Iterator[_Part]:
    """Give a line in parts, whose words in a row are what is copied."""
    bullet = _BULLET.match(line)
    if bullet:
        yield "- "
    yield from _marked(_pieces(line[bullet.end() if bullet else 0 :]), channel, values)


def _marked(
    pieces: tuple[_Piece, ...], channel: Channel, values: Mapping[str, str]
) -> Iterator[_Part]:
    for piece in pieces:
        if piece.mark == "field":
            yield _filled(piece.text, channel, values)
        elif piece.inner:
            mark = _IN_WHATSAPP[piece.mark] if channel is Channel.WHATSAPP else ""
            yield mark
            yield from _marked(piece.inner, channel, values)
            yield mark
        else:
            yield piece.text if piece.mark == "link" else without_stray_marks(piece.text, channel)


def _filled(name: str, channel: Channel, values: Mapping[str, str]) -> _Field:
    value = " ".join(_NO_TEXT.sub("", values.get(name, "")).split())
    return _Field(name, without_stray_marks(value, channel))


def without_stray_marks(text: str, channel: Channel) -> str:
    """Return words in which WhatsApp finds no mark; other channels know none."""
    if channel is not Channel.WHATSAPP:
        return text
    return _STRAY.sub(lambda found: LOOKALIKES[found[0]], text)


def _pieces(line: str) -> tuple[_Piece, ...]:
    found, end = [], 0
    for match in _MARKED.finditer(line):
        found.append(_Piece(line[end : match.start()]))
        found.append(_piece_of(match))
        end = match.end()
    return tuple(piece for piece in [*found, _Piece(line[end:])] if piece.text)


def _piece_of(match: re.Match[str]) -> _Piece:
    mark, inner = str(match.lastgroup), match[str(match.lastgroup)]
    if mark == "link":
        return _Piece(inner, "link")
    if mark == "field":
        return _Piece(inner.strip("{} \t"), "field")
    return _Piece(inner, mark.removesuffix("_low"), _pieces(inner))


def _said(part: _Part) -> str:
    return part if isinstance(part, str) else part.value or f"{{{{{part.name}}}}}"


def _seen(part: _Part) -> Markup:
    """Return a part as HTML whose words are those that `_said` gives."""
    if isinstance(part, str):
        return escape(part)
    state = " is-filled" if part.value else ""
    field = Markup('<span class="merge-field{}" data-field="{}">{}</span>')
    return field.format(state, part.name, _said(part))


def _blocks(text: str, values: Mapping[str, str]) -> Iterator[Markup]:
    """Give the paragraphs and lists of an e-mail, with no style and no class of our pages."""
    for is_list, group in groupby(text.split("\n"), lambda line: bool(_BULLET.match(line))):
        lines = list(group)
        if is_list:
            items = [_rich(_pieces(_BULLET.sub("", line, count=1)), values) for line in lines]
            yield Markup("<ul>{}</ul>").format(
                Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
            )
            continue
        for paragraph in re.split(r"\n[ \t]*\n+", "\n".join(lines)):
            if paragraph.strip():
                rows = [_rich(_pieces(line), values) for line in paragraph.strip().split("\n")]
                yield Markup("<p>{}</p>").format(Markup("<br>").join(rows))


def _rich(pieces: tuple[_Piece, ...], values: Mapping[str, str]) -> Markup:
    return Markup("").join(_rich_piece(piece, values) for piece in pieces)


def _rich_piece(piece: _Piece, values: Mapping[str, str]) -> Markup:
    if piece.mark == "field":
        return _seen(_filled(piece.text, Channel.EMAIL, values))
    if piece.mark == "link":
        return Markup('<a href="{0}">{0}</a>').format(piece.text)
    if piece.inner:
        tag = Markup("strong") if piece.mark == "strong" else Markup("em")
        return Markup("<{0}>{1}</{0}>").format(tag, _rich(piece.inner, values))
    return escape(piece.text)
