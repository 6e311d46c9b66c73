"""Where an S3 store is, read from one text: `s3:BUCKET/PREFIX?endpoint=URL&...`.

One text, since copying from store to store names two of them. Credentials are never a part of it:
they come from where every AWS tool looks for them.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from contentlib.core.errors import N_
from contentlib.storage.errors import StorageError
from contentlib.storage.keys import valid_key

STAGING = Path("var/receiving")
ADDRESSING = ("auto", "path", "virtual")
ENCRYPTION = ("", "AES256", "aws:kms")
DIRECT = ("yes", "no")


@dataclass(frozen=True, slots=True)
class S3Address:
    """A bucket, how to reach it, and how it keeps things.

    ``endpoint`` is empty for Amazon itself; ``ca`` names a file of certificates to trust besides
    the usual ones; ``encryption`` and ``key`` are what the server encrypts with; ``staging`` is the
    folder of this machine where files wait while they are being received. ``direct`` says whether
    browsers are sent to the bucket for bytes, and ``browsers`` where they reach it, if not at the
    endpoint.
    """

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    addressing: str = "auto"
    ca: str = ""
    encryption: str = ""
    key: str = ""
    staging: Path = STAGING
    browsers: str = ""
    direct: str = "yes"

    @classmethod
    def read(cls, url: str) -> Self:
        """Read an address; raises ``StorageError`` with a sentence on what is wrong with it."""
        parts = urlsplit(url)
        bucket, _, prefix = f"{parts.netloc}/{parts.path}".strip("/").partition("/")
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        known = {field.name for field in fields(cls)} - {"bucket", "prefix"}
        if parts.scheme != "s3" or not bucket or parts.fragment or parts.username:
            raise StorageError(MALFORMED, url=url)
        for name in options.keys() - known:
            raise StorageError(
                N_("“%(name)s” is no option of an S3 store. Known are: %(known)s."),
                name=name,
                known=", ".join(sorted(known)),
            )
        staging = Path(options.pop("staging", "") or STAGING)
        address = cls(bucket, prefix.strip("/"), staging=staging, **options)
        address._check()
        return address

    def name_of(self, key: str) -> str:
        """Return the name an object has in the bucket."""
        return f"{self.prefix}/{valid_key(key)}" if self.prefix else valid_key(key)

    def key_of(self, name: str) -> str:
        """Return the key of an object by its name in the bucket."""
        return name.removeprefix(f"{self.prefix}/") if self.prefix else name

    def where(self, key: str) -> dict[str, str]:
        """Return an object as requests name it."""
        return {"Bucket": self.bucket, "Key": self.name_of(key)}

    @property
    def encrypted(self) -> dict[str, str]:
        """Return what requests that make an object say of its encryption."""
        wanted = {"ServerSideEncryption": self.encryption, "SSEKMSKeyId": self.key}
        return {name: value for name, value in wanted.items() if value}

    def _check(self) -> None:
        if self.prefix:
            valid_key(self.prefix)
        for option, allowed in CHOICES.items():
            if getattr(self, option) not in allowed:
                raise StorageError(
                    N_("“%(option)s” of the S3 store must be one of: %(allowed)s."),
                    option=option,
                    allowed=", ".join(filter(None, allowed)),
                )
        for option in ("endpoint", "browsers"):
            server = urlsplit(getattr(self, option))
            if server.geturl() and not (server.scheme in ("http", "https") and server.hostname):
                raise StorageError(
                    N_(
                        "“%(option)s” of the S3 store must be a whole address,"
                        " as https://s3.example.com."
                    ),
                    option=option,
                )
        if self.ca and not Path(self.ca).is_file():
            raise StorageError(N_("There is no file of certificates at %(path)s."), path=self.ca)


CHOICES = {"addressing": ADDRESSING, "encryption": ENCRYPTION, "direct": DIRECT}
MALFORMED = N_("An S3 store looks like s3:BUCKET/PREFIX?endpoint=https://…; “%(url)s” is none.")
