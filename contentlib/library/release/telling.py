"""That sellers see another version, told to whoever sent the material to buyers, if that is wanted.

Who holds links is not known here. The job stands in the transaction of the release and names its
step; a package above does it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request

from contentlib import jobs
from contentlib.library.models import Asset
from contentlib.library.release.history import last_step

RELEASED = "library.released"


@contextmanager
def telling(asset: Asset) -> Iterator[None]:
    """Have what is released inside told, unless the form at hand says not to.

    The choice stands in forms that know of links at buyers. Who was not given it said nothing
    against it.
    """
    before = asset.published_version
    yield
    is_another = asset.published_version is not None and asset.published_version is not before
    if is_another and ("tell_sellers" in request.form or "asked_to_tell" not in request.form):
        announce(asset)


def announce(asset: Asset) -> None:
    """Ask that the version which sellers see now is told to whom it concerns."""
    step = last_step(asset.published_version) if asset.published_version else None
    if step is not None:
        jobs.enqueue(RELEASED, str(step.id), {"step": step.id})
