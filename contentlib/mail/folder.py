"""A folder that takes letters as files, to try out what would be sent."""

import os
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from contentlib.mail.errors import NO_FOLDER, MailDown


@dataclass(frozen=True)
class Folder:
    """Writes each letter into a file named by its id, so that the same letter is the same file."""

    path: Path

    def ready(self) -> None:
        """Make the folder if need be, and see that it can be written into."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise MailDown(NO_FOLDER, answer=error.strerror or str(error)) from error
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise MailDown(NO_FOLDER, answer=str(self.path))

    def send(self, message: EmailMessage) -> None:
        """Write a letter, whole or not at all."""
        self.ready()
        name = str(message["Message-ID"]).strip("<>").rpartition("@")[0]
        part, whole = self.path / f".{name}.part", self.path / f"{name}.eml"
        try:
            part.write_bytes(message.as_bytes())
            part.replace(whole)
        except OSError as error:
            raise MailDown(NO_FOLDER, answer=error.strerror or str(error)) from error
