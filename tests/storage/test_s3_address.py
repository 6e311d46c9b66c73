from pathlib import Path

import pytest

from contentlib.storage import StorageError, open_storage
from contentlib.storage.s3_address import S3Address


def test_a_bucket_alone_is_enough():
    address = S3Address.read("s3:files")
    assert (address.bucket, address.prefix, address.endpoint) == ("files", "", "")
    assert address.name_of("objects/ab/abc") == "objects/ab/abc"


@pytest.mark.parametrize("url", ["s3:files/firm/one", "s3://files/firm/one/", "s3:/files/firm/one"])
def test_a_prefix_stands_before_every_name_and_in_no_key(url: str):
    address = S3Address.read(url)
    assert (address.bucket, address.prefix) == ("files", "firm/one")
    assert address.name_of("a/b") == "firm/one/a/b"
    assert address.key_of("firm/one/a/b") == "a/b"


def test_everything_about_a_server_is_in_the_address(tmp_path: Path):
    ca = tmp_path / "ca.pem"
    ca.write_text("certificates")
    address = S3Address.read(
        "s3:files?endpoint=https://s3.example.com:9000&region=sa-east-1&addressing=virtual"
        f"&encryption=aws:kms&key=files-key&staging=/srv/receiving&ca={ca}"
        "&browsers=https://files.example.com&direct=no"
    )
    assert address == S3Address(
        bucket="files",
        endpoint="https://s3.example.com:9000",
        region="sa-east-1",
        addressing="virtual",
        encryption="aws:kms",
        key="files-key",
        staging=Path("/srv/receiving"),
        ca=str(ca),
        browsers="https://files.example.com",
        direct="no",
    )


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("s3:?endpoint=https://s3.example.com", "looks like"),
        ("s3:///", "looks like"),
        ("s3://user@files/x", "looks like"),
        ("s3:files?endpont=https://s3.example.com", "endpont"),
        ("s3:files?endpoint=s3.example.com", "whole address"),
        ("s3:files?endpoint=ftp://s3.example.com", "whole address"),
        ("s3:files?addressing=dns", "path, virtual"),
        ("s3:files?encryption=none", "AES256"),
        ("s3:files?browsers=files.example.com", "“browsers”"),
        ("s3:files?direct=maybe", "yes, no"),
        ("s3:files?ca=/nowhere/ca.pem", "/nowhere/ca.pem"),
        ("s3:files/../other", "valid name"),
    ],
)
def test_a_wrong_address_is_told_by_what_is_wrong(url: str, word: str):
    with pytest.raises(StorageError) as told:
        open_storage(url)
    assert word in str(told.value)
