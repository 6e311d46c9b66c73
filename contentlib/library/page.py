"""What the page of a material shows, gathered in one place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from contentlib.accounts.models import User
from contentlib.extraction import State
from contentlib.extraction.kinds import Kind
from contentlib.library import queries
from contentlib.library.care.custody import Act, CustodyStep, last_of
from contentlib.library.care.keeping import Keeping, keeping_of
from contentlib.library.channels import Channel, Rendered, previews_of, rendered
from contentlib.library.files.facts import rows_of
from contentlib.library.files.formats import format_of
from contentlib.library.files.reading import is_read
from contentlib.library.models import (
    Asset,
    AssetVersion,
    Blob,
    BlobPage,
    VersionKind,
)
from contentlib.library.readiness import lacks
from contentlib.library.release.page import Release, release_of
from contentlib.library.standing import Standing, standing_of
from contentlib.library.uploads.service import kind_of
from contentlib.library.written import ObjectionCard, Script, card_of, script_of

# A page of text shows as much as one reads; the rest is in the file.
MOST_TEXT_PAGES = 60


@dataclass(frozen=True)
class AssetPage:
    """A material as one person sees it on one day."""

    asset: Asset
    version: AssetVersion | None
    standing: Standing
    format: str
    edits: bool
    lacks: dict[str, str] = field(default_factory=dict)
    script: Script | None = None
    card: ObjectionCard | None = None
    proof: Asset | None = None
    # What is seen and copied of a text written here, by channel.
    previews: Mapping[str, Rendered] = field(default_factory=dict)
    subject: Rendered | None = None
    texts: Sequence[BlobPage] = ()
    # For its keepers: where its versions stand, and what can be done with the one that matters.
    release: Release | None = None
    # And who said that what was found in its file is none.
    release_of_file: CustodyStep | None = None
    # How it is kept, for its keepers and those who may hold it.
    keeping: Keeping | None = None

    @property
    def blob(self) -> Blob | None:
        """Return the file behind the version shown, if it is a file."""
        return self.version.blob if self.version else None

    @property
    def kind(self) -> Kind | None:
        """Return what kind of file it is."""
        return kind_of(self.blob) if self.blob else None

    @property
    def file_facts(self) -> list[tuple[str, str]]:
        """Return what the file tells of itself, in words."""
        return rows_of(self.blob.facts) if self.blob else []

    @property
    def reads(self) -> bool:
        """Tell whether the viewer opens the file."""
        return self.blob is not None and is_read(self.blob)

    @property
    def is_working(self) -> bool:
        """Tell whether the worker has still to scan, read or paint the file."""
        return self.blob is not None and self.blob.is_working

    @property
    def may_retry(self) -> bool:
        """Tell whether reading the file again can help."""
        blob = self.blob
        if blob is None or blob.is_withheld or self.is_working:
            return False
        states = (State(blob.extraction.value), State(blob.preview_state.value))
        return any(state.retryable for state in states)

    @property
    def is_published_version(self) -> bool:
        """Tell whether the version shown is the one that sellers see."""
        return self.version is not None and self.version is self.asset.published_version


def asset_page(user: User, asset: Asset, version: AssetVersion | None, today: date) -> AssetPage:
    """Gather what the page of a material shows to a person."""
    kind = version.kind if version and version.removed_at is None else None
    card = card_of(version.body) if version and kind is VersionKind.OBJECTION else None
    proof_id = card.proof_asset_id if card else None
    proofs = queries.get_assets(user, [proof_id], today) if proof_id else []
    script = script_of(version.body) if version and kind is VersionKind.SCRIPT else None
    blob = version.blob if version else None
    shows_text = blob is not None and not blob.preview_count
    return AssetPage(
        asset=asset,
        version=version,
        standing=standing_of(asset, today),
        format=format_of(version),
        edits=queries.sees_all(user),
        lacks=lacks(asset),
        script=script,
        card=card,
        proof=proofs[0] if proofs else None,
        previews=previews_of(kind, version.body) if version and kind else {},
        subject=rendered(script.subject, Channel.PLAIN) if script and script.subject else None,
        texts=blob.pages[:MOST_TEXT_PAGES] if blob is not None and shows_text else (),
        release=release_of(asset, version, user) if queries.sees_all(user) else None,
        keeping=keeping_of(asset, user, today),
        release_of_file=last_of(blob.sha256, Act.RELEASED) if blob else None,
    )
