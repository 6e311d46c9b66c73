"""Materials as the search index knows them."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from contentlib import search
from contentlib.core.db import db
from contentlib.library.files.formats import format_of
from contentlib.library.indexing import document_id
from contentlib.library.models import Asset, AssetVersion, BlobPage
from contentlib.library.standing import access_labels, standing_label
from contentlib.library.taxonomy import Term
from contentlib.library.written import searchable_words

# Goes up whenever documents are made otherwise than before: the comparison that a worker begins
# with then finds every one of them changed, and the index follows while it keeps answering.
RECIPE = 3


@search.source("asset")
class AssetDocuments:
    """Gives the index every material with the words of the version that people see."""

    def revisions(self) -> Mapping[str, int]:
        """Return id and revision of everything that is to be found."""
        rows = db.session.execute(select(Asset.id, Asset.revision))
        return {document_id(asset_id): _revision(revision) for asset_id, revision in rows}

    def load(self, ids: Sequence[str]) -> Iterator[search.Document]:
        """Return the documents of some materials."""
        numbers = [int(name.partition(":")[2]) for name in ids]
        assets = db.session.scalars(
            select(Asset)
            .where(Asset.id.in_(numbers))
            .options(
                selectinload(Asset.stages),
                selectinload(Asset.personas),
                selectinload(Asset.tags),
                selectinload(Asset.versions),
            )
        ).all()
        texts = _texts(asset.shown_version for asset in assets)
        for asset in assets:
            yield document_of(asset, texts)


Texts = Mapping[str, list[search.Page]]


def document_of(asset: Asset, texts: Texts) -> search.Document:
    """Return a material as the index keeps it, given the page texts by hash."""
    labels: list[Term] = [asset.type, *asset.stages, *asset.personas]
    # Its name in the other language reaches a material as a label that the words of a query name;
    # as one of its words it would outdo materials that are written in that language.
    names = dict.fromkeys(label.name(asset.language) for label in labels)
    names |= dict.fromkeys(name for tag in asset.tags for name in (tag.name_pt, tag.name_en))
    return search.Document(
        id=document_id(asset.id),
        revision=_revision(asset.revision),
        title=asset.title,
        language=asset.language,
        tags=tuple(names),
        pages=tuple(_pages(asset, texts)),
        facets={
            "stage": tuple(stage.key for stage in asset.stages),
            "persona": tuple(persona.key for persona in asset.personas),
            "type": (asset.type.key,),
            "language": (asset.language,),
            "audience": (asset.audience.value,),
            "owner": (str(asset.owner_id),),
            "format": (format_of(asset.shown_version),),
            "standing": (standing_label(asset),),
        },
        access=access_labels(asset),
        moment=(asset.published_at or asset.created_at).timestamp(),
    )


def _revision(changes: int) -> int:
    return changes * 1000 + RECIPE


def _pages(asset: Asset, texts: Texts) -> Iterator[search.Page]:
    version = asset.shown_version
    if asset.summary:
        yield search.Page(0, asset.summary)
    if version is not None and version.body:
        yield search.Page(0, searchable_words(version.body))
    if version is not None and version.blob_sha256:
        yield from texts.get(version.blob_sha256, [])


def _texts(versions: Iterator[AssetVersion | None]) -> Texts:
    hashes = {version.blob_sha256 for version in versions if version and version.blob_sha256}
    rows = db.session.execute(
        select(BlobPage.sha256, BlobPage.number, BlobPage.text)
        .where(BlobPage.sha256.in_(hashes))
        .order_by(BlobPage.sha256, BlobPage.number)
    )
    texts: dict[str, list[search.Page]] = {}
    for sha256, number, text in rows:
        texts.setdefault(sha256, []).append(search.Page(number, text))
    return texts
