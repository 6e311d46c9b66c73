"""How often one address may guess: at links that do not exist, and at passwords of those that do.

What is right is never held up: only misses are counted, each by itself. The counts are this
process's own, as those of failed sign-ins are.
"""

from flask import Blueprint, Flask, current_app
from flask.blueprints import BlueprintSetupState
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from contentlib.core.errors import N_, TooMany

_NAME = "contentlib.share_throttle"
MISSES = RateLimitItemPerMinute(30, 15, namespace="share-miss")
PASSWORDS = RateLimitItemPerMinute(10, 15, namespace="share-password")


class TooManyGuesses(TooMany):
    """Somebody guesses."""

    retry_after = 900


def attach(blueprint: Blueprint) -> None:
    """Give each application that has these pages counts of its own."""

    def begin(state: BlueprintSetupState) -> None:
        state.app.extensions[_NAME] = MovingWindowRateLimiter(MemoryStorage())

    blueprint.record_once(begin)


def count_miss(limit: RateLimitItem, *who: str) -> None:
    """Count a wrong guess, or refuse to answer any more of them for a while."""
    app: Flask = current_app
    if app.config.get("RATELIMIT_ENABLED", True) and not app.extensions[_NAME].hit(limit, *who):
        raise TooManyGuesses(N_("Too many attempts. Wait a few minutes and try again."))


def refuse_guessers(limit: RateLimitItem, *who: str) -> None:
    """Refuse who has guessed too often already, before anything is compared."""
    app: Flask = current_app
    if app.config.get("RATELIMIT_ENABLED", True) and not app.extensions[_NAME].test(limit, *who):
        raise TooManyGuesses(N_("Too many attempts. Wait a few minutes and try again."))
