"""Another real S3 server, MinIO, where its program is at hand: nothing of the project needs it.

go install github.com/minio/minio@latest
CONTENTLIB_TEST_MINIO=$(go env GOPATH)/bin/minio make bench-uploads
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.real.s3_server import ACCESS_KEY, SECRET, S3Server, free_port, make_bucket

PROGRAM = os.environ.get("CONTENTLIB_TEST_MINIO", "")


@contextmanager
def minio(folder: Path) -> Iterator[S3Server]:
    """Start a server with one empty bucket, in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    words = [PROGRAM, "server", "--address", f"127.0.0.1:{port}", folder / "drive"]
    env = {"MINIO_ROOT_USER": ACCESS_KEY, "MINIO_ROOT_PASSWORD": SECRET, "MINIO_BROWSER": "off"}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*words, "--console-address", f"127.0.0.1:{free_port()}"],
            stdout=log,
            stderr=log,
            env=env | {"HOME": str(folder)},
        )
    try:
        answering = S3Server(f"http://127.0.0.1:{port}")
        make_bucket(answering)
        yield answering
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)
