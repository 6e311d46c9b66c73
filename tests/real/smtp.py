"""A mail server of our own on a socket, that takes letters, and does wrong what it is told to.

It speaks SMTP as RFC 5321 has it, to whatever client comes: ours is the standard library's.
"""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.real.background import in_background

USER, PASSWORD = "firm", "s3nha de envio:@/"
SAYS_NOTHING = None
HANGS_UP = ""


@dataclass
class Letter:
    """A letter whose last line came, and whether the server answered that it has it."""

    sender: str
    recipient: str
    message: EmailMessage
    content: bytes
    was_taken: bool


@dataclass
class Ways:
    """How it answers to a command, where not as usual: with a line, with silence, by hanging up.

    `HELLO` is its first word to who connects, `END` its answer to the last line of a letter.
    """

    says: dict[str, str | None] = field(default_factory=dict)
    came: list[Letter] = field(default_factory=list)
    connections: int = 0
    # What was said on lines that were not encrypted.
    overheard: list[str] = field(default_factory=list)

    @property
    def taken(self) -> list[EmailMessage]:
        """Return the letters that it answers for."""
        return [letter.message for letter in self.came if letter.was_taken]


USUAL = {
    "HELLO": "220 mail.firm.example",
    "HELO": "250 mail.firm.example",
    "STARTTLS": "220 go on",
    "MAIL": "250 fine",
    "RCPT": "250 fine",
    "DATA": "354 go on",
    "END": "250 taken",
    "NOOP": "250 fine",
    "RSET": "250 fine",
    "QUIT": "221 bye",
}


class Conversation(socketserver.StreamRequestHandler):
    """One client, from its first word to its last."""

    server: "Server"

    def handle(self) -> None:
        self.server.ways.connections += 1
        self.encrypted = self.server.implicit
        self.sender = self.recipient = ""
        with suppress(OSError):
            if self.encrypted:
                self._encrypt()
            if not self.answer("HELLO"):
                return
            while line := self.rfile.readline():
                if not self.obey(line.decode().rstrip("\r\n")):
                    return

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        # What was wrapped is no longer what the server closes by itself.
        self.request.close()

    def _encrypt(self) -> None:
        assert self.server.tls is not None
        self.rfile.close()
        self.wfile.close()
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
        self.encrypted = True

    def answer(self, name: str, usual: str | None = None) -> bool:
        """Say what is to be said; tell whether the conversation goes on."""
        says = self.server.ways.says
        words = says[name] if name in says else usual or USUAL[name]
        if words is SAYS_NOTHING:
            self.server.over.wait()
            return False
        if words == HANGS_UP:
            return False
        self.wfile.write(f"{words}\r\n".encode())
        return True

    def obey(self, line: str) -> bool:
        """Do as a client says; tell whether the conversation goes on."""
        if not self.encrypted:
            self.server.ways.overheard.append(line)
        name, _, rest = line.partition(" ")
        name = name.upper()
        if name == "EHLO":
            return self.answer(name, self._abilities())
        if name == "AUTH":
            return self.answer(name, self._judged(rest))
        if name == "MAIL":
            self.sender = rest
        elif name == "RCPT":
            self.recipient = rest
        return self.answer(name) and self._follow(name)

    def _judged(self, proof: str) -> str:
        given = base64.b64decode(proof.partition(" ")[2]).decode().split("\0")[1:]
        return "235 come in" if given == [USER, PASSWORD] else "535 5.7.8 wrong password"

    def _follow(self, name: str) -> bool:
        if name == "STARTTLS":
            self._encrypt()
        said = self.server.ways.says.get(name, USUAL[name]) or ""
        if name == "DATA" and said.startswith("354"):
            return self._take()
        return name != "QUIT"

    def _abilities(self) -> str:
        lines = ["mail.firm.example", "8BITMIME", "AUTH PLAIN"]
        if self.server.tls is not None and not self.encrypted:
            lines.append("STARTTLS")
        return "\r\n".join([*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}"])

    def _take(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line[1:] if line.startswith(b".") else line)
        content = b"".join(lines)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        says = self.server.ways.says.get("END", USUAL["END"]) or ""
        letter = Letter(self.sender, self.recipient, message, content, says.startswith("250"))
        self.server.ways.came.append(letter)
        return self.answer("END")


class Server(socketserver.ThreadingTCPServer):
    """Listens on loopback; `implicit` speaks TLS from the first byte."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, tls: ssl.SSLContext | None, *, implicit: bool) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.ways, self.over = Ways(), threading.Event()
        self.tls, self.implicit = tls, implicit


@contextmanager
def smtp(
    tls: ssl.SSLContext | None = None, *, implicit: bool = False
) -> Iterator[tuple[int, Ways]]:
    """Start a server, and give its port and its ways."""
    with Server(tls, implicit=implicit) as server, in_background(server):
        yield server.server_address[1], server.ways
        server.over.set()
