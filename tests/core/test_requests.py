"""No view ever sees a hidden character, wherever it was put."""

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
    path = "/?q=pre%00%C3%A7o%E2%80%AE&a%00b=1"
    assert asked(path)[0] == {"q": "preço", "ab": "1"}


def test_a_form_is_cleaned_even_when_its_files_are_read_first() -> None:
    form = {"name": "A\0na", "file": (BytesIO(b"x\0y"), "a.txt")}
    assert asked(method="POST", data=form)[1] == {"name": "Ana"}


def test_a_form_keeps_lines_and_what_joins_emoji() -> None:
    form = {"text": "Oi \u202e👩\u200d💻,\r\n\ttudo bem?"}
    assert asked(method="POST", data=form)[1] == {"text": "Oi 👩\u200d💻,\n\ttudo bem?"}
