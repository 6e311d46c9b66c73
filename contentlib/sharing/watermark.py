"""A recipient's address drawn across the picture of a page, as WebP, in lines of faint letters.

Pictures are drawn when they are asked for; the last ones are kept by content and text, and no more
than two are drawn at once, so that a page of sixty pictures does not take the machine.
"""

from collections import OrderedDict
from collections.abc import Callable
from io import BytesIO
from threading import BoundedSemaphore, Lock

from PIL import Image, ImageDraw, ImageFont

# Bytes of pictures that are kept, and how many are drawn at once.
MOST_KEPT = 16 * 2**20
AT_ONCE = 2
_ANGLE = 28
_INK = (70, 74, 92, 46)


def drawn(picture: bytes, text: str) -> bytes:
    """Return a picture with a text drawn across all of it."""
    with Image.open(BytesIO(picture)) as opened:
        page = opened.convert("RGBA")
    marked = Image.alpha_composite(page, _lines(page.size, text)).convert("RGB")
    out = BytesIO()
    marked.save(out, "WEBP", quality=82, method=2)
    return out.getvalue()


def _lines(size: tuple[int, int], text: str) -> Image.Image:
    """Return a clear layer with slanting lines of a text, as large as the picture."""
    width, height = size
    font = ImageFont.load_default(size=max(11, width // 38))
    side = int((width**2 + height**2) ** 0.5) + 2
    layer = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(layer)
    step_x = int(pen.textlength(text, font=font)) + width // 9
    step_y = max(40, width // 6)
    for row, y in enumerate(range(0, side, step_y)):
        for x in range(-(row % 2) * step_x // 2, side, max(1, step_x)):
            pen.text((x, y), text, font=font, fill=_INK)
    turned = layer.rotate(_ANGLE)
    left, top = (side - width) // 2, (side - height) // 2
    return turned.crop((left, top, left + width, top + height))


class Drawer:
    """Draws pictures, and keeps the last ones."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()
        self._turns = BoundedSemaphore(AT_ONCE)

    def picture(self, key: str, text: str, load: Callable[[], bytes]) -> bytes:
        """Return the marked picture that has a key, drawing it if it is not kept."""
        with self._lock:
            known = self._kept.get((key, text))
            if known is not None:
                self._kept.move_to_end((key, text))
                return known
        with self._turns:
            made = drawn(load(), text)
        with self._lock:
            if (key, text) not in self._kept:
                self._kept[key, text] = made
                self._size += len(made)
            while self._size > MOST_KEPT:
                _, dropped = self._kept.popitem(last=False)
                self._size -= len(dropped)
        return made


drawer = Drawer()
