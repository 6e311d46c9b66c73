"""What any real S3 server of the tests is: an address, one bucket, and who may use it."""

import socket
import time
from dataclasses import dataclass

import boto3
from botocore.config import Config

ACCESS_KEY, SECRET = "test:tester", "testing-only"
BUCKET = "contentlib-files"
STARTS_WITHIN = 30.0


@dataclass(frozen=True)
class S3Server:
    """A server that answers; ``ca`` is the file of its certificate, where it speaks TLS."""

    endpoint: str
    ca: str = ""

    def url(self, prefix: str = "", **options: str) -> str:
        """Return what names a store on this server."""
        options = {"endpoint": self.endpoint, "ca": self.ca, **options}
        return f"s3:{BUCKET}/{prefix}?" + "&".join(f"{k}={v}" for k, v in options.items() if v)


def make_bucket(server: S3Server) -> None:
    """Wait until the server answers, and make its one bucket."""
    client = boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET,
        verify=server.ca or None,
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
