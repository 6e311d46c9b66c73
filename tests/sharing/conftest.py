"""A case of two pages that sellers may send."""

import pytest

from contentlib.accounts.models import User
from contentlib.library.models import Asset
from tests.library.prepared import prepare
from tests.library.test_jobs import blob_of, pdf
from tests.sharing.buyers import sendable

PAGES = "A conta dos atrasos", "O projeto se pagou em sete meses"


@pytest.fixture
def case(marketer: User) -> Asset:
    """A PDF with pictures and words of its pages."""
    asset = sendable(pdf(*PAGES, title="Caso"), "caso.pdf", marketer)
    asset.title = "Vértice Logística"
    prepare(blob_of(asset).sha256)
    return asset
