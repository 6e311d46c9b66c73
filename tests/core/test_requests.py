"""No view ever sees a NUL, wherever it was put."""

from io import BytesIO

from flask import Flask, request

from contentlib.core.requests import CleanRequest


def asked(path: str = "/", **more: object) -> tuple[dict[str, str], dict[str, str]]:
    app = Flask("clean")
    app.request_class = CleanRequest
    with app.test_request_context(path, **more):
        assert list(request.files) in ([], ["file"])
        return request.args.to_dict(), request.form.to_dict()


def test_an_address_is_cleaned() -> None:
    assert asked("/?q=pre%00%C3%A7o&a%00b=1")[0] == {"q": "preço", "ab": "1"}


def test_a_form_is_cleaned_even_when_its_files_are_read_first() -> None:
    form = {"name": "A\0na", "file": (BytesIO(b"x\0y"), "a.txt")}
    assert asked(method="POST", data=form)[1] == {"name": "Ana"}
