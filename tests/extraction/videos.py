"""Videos without a single picture: only the headers that tell of them."""

import struct

UPRIGHT = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
TURNED = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)


def box(kind: bytes, *content: bytes, size: int | None = None) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", size if size is not None else len(body) + 8, kind) + body


def mvhd(scale: int = 1000, length: int = 155_000) -> bytes:
    return box(b"mvhd", bytes(12), struct.pack(">2I", scale, length), bytes(80))


def tkhd(width: int, height: int, matrix: bytes = UPRIGHT) -> bytes:
    return box(b"tkhd", bytes(40), matrix, struct.pack(">4H", width, 0, height, 0))


def film(*moov: bytes) -> bytes:
    """An MP4 whose headers come last, as cameras write it."""
    return box(b"ftyp", b"isom\0\0\2\0") + box(b"mdat", bytes(5_000)) + box(b"moov", *moov)


def element(name: int, *content: bytes) -> bytes:
    body = b"".join(content)
    return name.to_bytes((name.bit_length() + 7) // 8) + (0x01 << 56 | len(body)).to_bytes(8) + body


def web_film(*info: bytes, live: bool = False) -> bytes:
    video = element(0xE0, element(0xB0, b"\x07\x80"), element(0xBA, b"\x04\x38"))
    body = (
        element(0xEC, bytes(300))
        + element(0x1549A966, *info)
        + element(0x1654AE6B, element(0xAE, element(0xD7, b"\1"), video))
        + element(0x1F43B675, bytes(4_000))
    )
    segment = b"\x18\x53\x80\x67\xff" + body if live else element(0x18538067, body)
    return element(0x1A45DFA3, b"\x42\x82\x84webm") + segment
