"""Finding words in the database's own texts, without regard to case, accents and endings.

Slow and rough beside an index; it stands in for the index while that cannot be read.
"""

import re
from itertools import takewhile
from typing import Any

from sqlalchemy import or_, select

from contentlib.core.db import db
from contentlib.finding.shown import shown_version
from contentlib.library.models import Asset, AssetVersion, BlobPage
from contentlib.library.taxonomy import Tag
from contentlib.library.written import Body, searchable_words
from contentlib.search import language

SHORTEST_STEM = 4
_FORMS = {
    "a": "aàáâãä",
    "c": "cç",
    "e": "eèéêë",
    "i": "iìíîï",
    "n": "nñ",
    "o": "oòóôõö",
    "u": "uùúûü",
}


def stem_of(word: str) -> str:
    """Return what the forms of a folded word begin with: `objecoes` and `objecao` share `objec`."""
    forms = [word, *language.any_keys(word)]
    shared = takewhile(lambda letters: len(set(letters)) == 1, zip(*forms, strict=False))
    stem = "".join(letters[0] for letters in shared).rstrip("aeio")
    return stem if len(stem) >= SHORTEST_STEM else word


def assets_with(word: str) -> set[int]:
    """Return the assets, visible or not, in whose words a folded word occurs in any form."""
    stem = stem_of(word)
    wanted = re.compile(
        r"\b" + "".join(f"[{_FORMS[letter]}]" if letter in _FORMS else letter for letter in stem),
        re.IGNORECASE,
    )
    # The database sorts out most rows by letters that have no accents; Python looks exactly.
    roughly = f"%{re.sub('[aceinou]', '_', stem)}%"
    return {
        asset_id
        for query in _texts(roughly)
        for asset_id, *texts in db.session.execute(query)
        if any(wanted.search(_words_of(text)) for text in texts)
    }


def _words_of(found: str | Body) -> str:
    return found if isinstance(found, str) else searchable_words(found)


def _texts(pattern: str) -> tuple[Any, ...]:
    tags = select(Asset.id, Tag.name_pt, Tag.name_en).join(Asset.tags)
    shown = select(Asset.id).join(AssetVersion, shown_version())
    pages = shown.join(BlobPage, BlobPage.sha256 == AssetVersion.blob_sha256)
    return (
        select(Asset.id, Asset.title, Asset.summary).where(
            or_(Asset.title.ilike(pattern), Asset.summary.ilike(pattern))
        ),
        tags.where(or_(Tag.name_pt.ilike(pattern), Tag.name_en.ilike(pattern))),
        pages.add_columns(BlobPage.text).where(BlobPage.text.ilike(pattern)),
        # Written texts are few, and stored as JSON, which spells accented letters its own way.
        select(Asset.id, AssetVersion.body)
        .join(AssetVersion, shown_version())
        .where(AssetVersion.body.is_not(None)),
    )
