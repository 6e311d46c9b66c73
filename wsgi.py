"""The entry for WSGI servers: `granian --interface wsgi wsgi:app` or any other."""

from contentlib.app import create_app

app = create_app()
