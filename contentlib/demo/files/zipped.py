"""Office files are zips that record the minute they were saved; the demo's must not."""

import re
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from contentlib.demo import brand

STAMP = f"{brand.MOMENT.isoformat()}Z".encode()
SAVED_AT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def steady(office_file: bytes, instead: Mapping[bytes, bytes] | None = None) -> bytes:
    """The same file with one fixed date everywhere, so that equal content has equal bytes.

    `instead` names pieces of its sheets and what stands there in their place.
    """
    target = BytesIO()
    with ZipFile(BytesIO(office_file)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = SAVED_AT.sub(rb"\g<1>" + STAMP + rb"\g<3>", data)
            if name.startswith("xl/worksheets/"):
                for old_piece, new_piece in (instead or {}).items():
                    data = data.replace(old_piece, new_piece)
            info = ZipInfo(name, brand.MOMENT.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            new.writestr(info, data)
    return target.getvalue()
