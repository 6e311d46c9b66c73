"""A real S3 server: OpenStack Swift with its S3 face, on loopback, in a folder of its own.

It verifies signatures, expiry and checksums, which imitations do not.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.real.s3_server import SECRET, S3Server, free_port, make_bucket

PARTS = ("account", "container", "object")
BINARIES = Path(sys.executable).parent

SWIFT = """
[swift-hash]
swift_hash_path_prefix = tests
swift_hash_path_suffix = tests
[storage-policy:0]
name = only
default = yes
"""
STORAGE_SERVER = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
devices = {folder}/devices
mount_check = false
swift_dir = {folder}
workers = 0
user = {user}
log_level = ERROR
fallocate_reserve = 0
disable_fallocate = true
[pipeline:main]
pipeline = {part}-server
[app:{part}-server]
use = egg:swift#{part}
"""
PROXY = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {folder}
workers = 0
user = {user}
log_level = ERROR
{certificates}
[pipeline:main]
pipeline = catch_errors cache listing_formats s3api tempauth slo proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
check_bucket_owner = no
location = us-east-1
cors_preflight_allow_origin = {lets_in}
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret} .admin
[filter:slo]
use = egg:swift#slo
rate_limit_after_segment = 100000
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
# In its strict way Swift asks the container of parts, which is its own: S3 knows nothing of it.
strict_cors_mode = {strict}
"""


@contextmanager
def swift(
    folder: Path, *, certificate: Path | None = None, lets_in: str = "*"
) -> Iterator[S3Server]:
    """Start a server with one empty bucket; ``certificate`` is a PEM file with its key.

    ``lets_in`` is the site whose pages may send to it: all, or none where it is empty.
    """
    (folder / "devices" / "d1").mkdir(parents=True)
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    (folder / "swift.conf").write_text(SWIFT)
    servers = []
    try:
        for part in PARTS:
            port = free_port()
            _ring(folder, part, port)
            text = STORAGE_SERVER.format(port=port, folder=folder, user=user, part=part)
            servers.append(_start(folder, part, text))
        port = free_port()
        lines = f"cert_file = {certificate}\nkey_file = {certificate}" if certificate else ""
        text = PROXY.format(
            port=port,
            folder=folder,
            user=user,
            secret=SECRET,
            certificates=lines,
            lets_in=lets_in,
            strict=not lets_in,
        )
        servers.append(_start(folder, "proxy", text))
        scheme, ca = ("https", str(certificate)) if certificate else ("http", "")
        server = S3Server(f"{scheme}://127.0.0.1:{port}", ca)
        make_bucket(server)
        yield server
    finally:
        for one in servers:
            one.kill()
            one.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, part: str, text: str) -> subprocess.Popen[bytes]:
    settings = folder / f"{part}-server.conf"
    settings.write_text(text)
    program = [BINARIES / f"swift-{part}-server", settings]
    with (folder / f"{part}.log").open("wb") as log:
        return subprocess.Popen(program, stdout=log, stderr=log, env={"SWIFT_DIR": str(folder)})


def _ring(folder: Path, part: str, port: int) -> None:
    """Say where a part keeps things: on one device, once."""
    builder = folder / f"{part}.builder"
    for words in (["create", "4", "1", "0"], ["add", f"r1z1-127.0.0.1:{port}/d1", "1"]):
        subprocess.run(
            [BINARIES / "swift-ring-builder", builder, *words], capture_output=True, check=True
        )
    # It warns of a single device, by its exit status too.
    subprocess.run(
        [BINARIES / "swift-ring-builder", builder, "rebalance"], capture_output=True, check=False
    )
