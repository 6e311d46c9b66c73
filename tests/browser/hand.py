"""A phone in the hand: one thumb that taps, pushes pages and counts."""

import time
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import settle

SIZE = {"width": 390, "height": 844}
PHONE: dict[str, Any] = {
    "viewport": SIZE,
    "has_touch": True,
    "is_mobile": True,
    "reduced_motion": "reduce",
}


class Hand:
    """A thumb on one page: taps and counts them, and tells how long each part of the day took."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.began = page, 0, time.monotonic()

    def tap(self, target: Locator) -> None:
        """Tap on something on a page that is no wider than the phone."""
        expect(target).to_be_visible()
        self.fits()
        target.tap()
        self.taps += 1

    def fits(self) -> None:
        """See that nothing sticks out at the side; a phone would zoom out for it."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= SIZE["width"]

    def ends(self, part: str) -> int:
        """Tell how long a part took; return how many taps, and begin to count anew."""
        settle(self.page)
        self.fits()
        taps, seconds = self.taps, time.monotonic() - self.began
        print(f"{part}: {taps} taps, {seconds:.1f} s")  # noqa: T201 - times are told, and decide nothing
        self.taps, self.began = 0, time.monotonic()
        return taps

    def push(self, pixels: int) -> None:
        """Push the page up with the finger, which rests before it lifts: the page stays there."""
        finger = self.page.context.new_cdp_session(self.page)
        for kind, moved in [("Start", 0), *(("Move", pixels * n // 6) for n in range(1, 7))]:
            points = [{"x": 195, "y": 700 - moved}]
            finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
            self.page.wait_for_timeout(20)
        self.page.wait_for_timeout(100)
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        finger.detach()
