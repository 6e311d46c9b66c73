"""Whose approval this installation asks for before sellers see a version."""

from flask import current_app

from contentlib.library.release.rules import Approval


def approval_policy() -> Approval:
    """Return the policy that the settings name."""
    return Approval(current_app.extensions["settings"].approval)
