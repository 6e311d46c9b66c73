"""A bundle on its way in: what it holds is told first, then its files come in checked parts.

The same bundle chosen again goes on with the import that was interrupted, so that nothing is sent
twice. Parts are added as for any upload; only what becomes of a file that arrived is decided here.
"""

import hashlib
import json
from typing import Any

from flask import current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from contentlib import receiving
from contentlib.accounts.permissions import me, requires
from contentlib.core.config import Settings
from contentlib.core.db import db, reading
from contentlib.core.errors import N_, Absent, ContentlibError, Invalid, TooLarge
from contentlib.core.failpoints import reached
from contentlib.core.numbers import whole
from contentlib.importing.bundles import looking, paths, queries, service, table
from contentlib.importing.bundles.jobs import describer_of, most_bytes, source_of
from contentlib.importing.bundles.models import Look
from contentlib.importing.bundles.sources import Entry
from contentlib.importing.models import ImportRun, State
from contentlib.importing.views import bp
from contentlib.library.uploads import parts_views
from contentlib.receiving.models import Upload, UploadState
from contentlib.storage import receive
from contentlib.storage.current import current_storage

LARGEST_LIST = 8 * 2**20
MOST_FILES = 20_000
NOT_A_LIST = N_("This is not a list of files.")

# A part is a part, whatever becomes of the whole.
bp.patch("/imports/uploads/<upload_id>")(parts_views.add_part)
bp.delete("/imports/uploads/<upload_id>")(parts_views.cancel_upload)
bp.register_error_handler(receiving.AtAnotherPlace, parts_views.at_another_place)


def settings() -> Settings:
    """Return the settings of the application at hand."""
    found: Settings = current_app.extensions["settings"]
    return found


@bp.post("/imports/files")
@requires("asset.edit")
def begin_bundle() -> ResponseReturnValue:
    """Hear which files a folder or archive has, and say which of them are to be sent."""
    told = _told()
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    run = queries.unfinished_of(me().id, digest) or _begin(told, digest)
    db.session.commit()
    wanted = service.files_of(run)
    return jsonify(
        {
            "run": run.id,
            "to": url_for("importing.bundle", run_id=run.id),
            "arrived": url_for("importing.bundle_arrived", run_id=run.id),
            "send": [
                [file.number - 1, file.id]
                for file in wanted
                if file.look is Look.WAITING and file.place is None
            ],
        }
    ), 201


def _told() -> dict[str, Any]:
    """Read the list that a browser sends of what was chosen, or say that it is none."""
    if (request.content_length or 0) > LARGEST_LIST:
        raise TooLarge(N_("At most %(most)s files can be imported at once."), most=MOST_FILES)
    told = request.get_json(silent=True)
    if not isinstance(told, dict) or not isinstance(told.get("name"), str):
        raise Invalid(NOT_A_LIST)
    files = told.get("files")
    if files is not None and not (isinstance(files, list) and all(map(_is_file, files))):
        raise Invalid(NOT_A_LIST)
    if files is not None and not 0 < len(files) <= MOST_FILES:
        raise Invalid(N_("At most %(most)s files can be imported at once."), most=MOST_FILES)
    if files is None and not isinstance(told.get("size"), int):
        raise Invalid(NOT_A_LIST)
    return told


def _is_file(row: object) -> bool:
    return (
        isinstance(row, list)
        and len(row) == 2
        and isinstance(row[0], str)
        and isinstance(row[1], int)
        and 0 <= row[1] < 2**50
    )


def _begin(told: dict[str, Any], digest: str) -> ImportRun:
    files = told.get("files")
    size = sum(size for _path, size in files) if files is not None else told["size"]
    source = {"source": "archive" if files is None else "sent", "digest": digest}
    run = service.begin(name=told["name"], size=size, by_id=me().id, source=source)
    if files is not None:
        entries = (_entry(path, size) for path, size in files)
        looking.write_down(run, entries, most_bytes=most_bytes())
    return run


def _entry(told: str, size: int) -> Entry:
    path = paths.tidy(told)
    return Entry(path[: paths.LONGEST_PATH], size, None, paths.what_is_wrong(path))


@bp.post("/imports/uploads")
@requires("asset.edit")
def begin_bundled() -> ResponseReturnValue:
    """Begin to send an archive, or one file of a folder, or learn how far it came before."""
    run = queries.get_run(request.form.get("run", 0, type=whole))
    if run.state is not State.MAPPING:
        raise Absent
    file_id, size = request.form.get("file", type=whole), request.form.get("size", 0, type=whole)
    if file_id and queries.get_file(run, file_id).size != size:
        raise Invalid(receiving.OTHER_THING)
    upload = receiving.begin_unsorted(
        current_storage(),
        settings(),
        by=me(),
        key=f"run-{run.id}-{file_id or 'archive'}",
        file_name=request.form.get("name", ""),
        size=size,
        aim={"run": run.id, "file": file_id},
        most_mb=settings().max_upload_mb if file_id else settings().max_bundle_mb,
    )
    db.session.commit()
    return jsonify(
        {
            "id": upload.id,
            "state": upload.state,
            "size": upload.size,
            "offset": receiving.offset_of(current_storage(), upload),
            "part": receiving.PART,
        }
    ), 201


@bp.post("/imports/uploads/<upload_id>/finish")
@requires("asset.edit")
def finish_bundled(upload_id: str) -> ResponseReturnValue:
    """Keep what arrived; of an archive, write down which files it has."""
    with reading():
        known = receiving.get_upload(me(), upload_id)
        run_id, file_id = known.aim.get("run", 0), known.aim.get("file")
        done = known.state is UploadState.DONE
    db.session.rollback()
    if not done:
        _finish(upload_id, run_id, file_id)
    return jsonify({"to": url_for("importing.bundle", run_id=run_id)}), 201


def _finish(upload_id: str, run_id: int, file_id: int | None) -> None:
    """Bring the bytes into the store while no transaction is open, then write down that they are.

    Should this process die in between, the next one that is asked finds them under their key.
    """
    storage = current_storage()
    with receiving.alone(storage, upload_id):
        with reading():
            upload = receiving.get_upload(me(), upload_id)
            key = receiving.keep_unsorted(storage, upload)
            size = upload.size
        reached("bundle.kept")
        db.session.rollback()
        upload, run = receiving.get_upload(me(), upload_id), queries.get_run(run_id)
        if file_id is not None:
            queries.get_file(run, file_id).place = key
        else:
            _take_archive(run, upload, key, size)
        landing = receiving.landing_of(storage, upload)
        receiving.done(upload)
        reached("bundle.told")
        db.session.commit()
        landing.forget()


def _take_archive(run: ImportRun, upload: Upload, key: str, size: int) -> None:
    """Write down the files of an archive and have them looked at; one that is none is refused."""
    run.storage_key, run.size = key, size
    try:
        _open_up(run)
    except ContentlibError:
        db.session.rollback()
        _refuse(run.id, upload.id, key)
        raise


def _open_up(run: ImportRun) -> None:
    with source_of(run) as source:
        looking.write_down(run, source.entries(), most_bytes=most_bytes())
        table.apply(run, source, describer_of(run))
    service.look_over(run)


def _refuse(run_id: int, upload_id: str, key: str) -> None:
    storage = current_storage()
    upload = receiving.get_upload(me(), upload_id)
    landing = receiving.landing_of(storage, upload)
    receiving.refuse(upload)
    service.forget(queries.get_run(run_id))
    db.session.commit()
    landing.forget()
    storage.delete(key)


@bp.post("/imports/files/<int:run_id>/arrived")
@requires("asset.edit")
def bundle_arrived(run_id: int) -> ResponseReturnValue:
    """Have the files looked at that a browser has sent; those that did not come are named."""
    run = queries.get_run(run_id)
    if run.state is State.MAPPING and run.storage_key is None:
        with source_of(run) as source:
            table.apply(run, source, describer_of(run))
        service.look_over(run)
        db.session.commit()
    return jsonify({"to": url_for("importing.bundle", run_id=run.id)})


@bp.post("/imports/files/archive")
@requires("asset.edit")
def send_archive() -> ResponseReturnValue:
    """Take an archive from a plain form, where no script sends it in parts."""
    file = request.files.get("archive")
    if file is None or not file.filename:
        raise Invalid(N_("Choose a file."), field="archive")
    by_id, storage = me().id, current_storage()
    # No transaction is open while bytes arrive: on SQLite it would keep all others waiting.
    db.session.rollback()
    received = receive(storage, file.stream, limit=most_bytes())
    run = service.begin(
        name=file.filename, size=received.size, by_id=by_id, source={"source": "archive"}
    )
    run.storage_key = f"imports/run-{run.id}-{received.sha256[:16]}"
    storage.put(run.storage_key, received.path)
    _open_up(run)
    db.session.commit()
    return redirect(url_for("importing.bundle", run_id=run.id), 303)
