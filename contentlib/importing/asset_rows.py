"""Rows of materials: the library reads them, since it alone knows what a material needs."""

from collections.abc import Mapping

from contentlib.core.clock import local_day
from contentlib.core.errors import N_, Unavailable
from contentlib.importing.context import Context
from contentlib.importing.models import Result
from contentlib.library.care.withheld import waits_for_scan
from contentlib.library.exporting import find_by_name
from contentlib.library.importing import import_row

WAITS = N_("Its file still waits for its virus scan; import the table again to publish it.")
RESULTS = {"created": Result.CREATED, "updated": Result.CHANGED, "unchanged": Result.SAME}


def take(cells: Mapping[str, str], context: Context) -> Result:
    """Take one row in, with the file that it names."""
    terms = context.terms
    if terms.shelf is None:
        raise Unavailable(N_("Materials are imported from the command line, beside their files."))
    outcome = import_row(
        cells,
        terms.shelf.folder,
        create_missing=terms.create_missing,
        storage=terms.shelf.storage,
        limit=terms.shelf.largest,
        today=local_day(context.moment, terms.zone),
    )
    asset = find_by_name(cells["external_id"])
    if outcome == "created" and asset is not None:
        context.steps.append(["asset", asset.id])
    elif outcome == "updated":
        context.steps.append(["kept"])
    if asset is not None and waits_for_scan(asset.latest_version):
        context.warn(WAITS)
    return RESULTS[outcome]
