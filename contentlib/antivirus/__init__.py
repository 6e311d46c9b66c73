"""Asking a virus scanner about bytes: knows streams, not materials.

One URL-like setting chooses the scanner (`clamd:SOCKET`), and nothing chooses none; every
implementation passes `tests/contracts/test_scanner.py`.
"""

from contentlib.antivirus.errors import NotScanned, ScannerDown, ScannerError
from contentlib.antivirus.opening import open_scanner
from contentlib.antivirus.scanner import Scanner, Signatures, Verdict

__all__ = [
    "NotScanned",
    "Scanner",
    "ScannerDown",
    "ScannerError",
    "Signatures",
    "Verdict",
    "open_scanner",
]
