"""Files on their way in: nothing that was answered is lost, nothing half-made is seen.

Knows bytes and who sends them, not what becomes of them. The steps, each of which may be the last
before the power fails:

1. `begin` writes down who will send what, under the sender's own key.
2. `append` takes one checked part after the other, and an answered part is on the disk; or parts
   are `announced`, and the browser puts them into the store by addresses that take nothing else.
3. `inspect` reads the whole, wherever it came down: its hash, and what it is.
4. `storing` writes that down (the first transaction).
5. `store` puts the bytes under the key of their hash.
6. Who knows what becomes of them makes their rows, and `done` (the second transaction).
7. The same again is answered the same.
"""

from contentlib.receiving.landing import Landing, in_store, landing_of
from contentlib.receiving.models import Way
from contentlib.receiving.protocol import (
    OTHER_THING,
    PART,
    Arrived,
    AtAnotherPlace,
    alone,
    announced,
    append,
    begin,
    begin_anew,
    came,
    cancel,
    done,
    get_upload,
    inspect,
    offset_of,
    refuse,
    store,
    storing,
    to_store,
    unfinished,
)
from contentlib.receiving.unsorted import begin_unsorted, keep_unsorted

__all__ = [
    "OTHER_THING",
    "PART",
    "Arrived",
    "AtAnotherPlace",
    "Landing",
    "Way",
    "alone",
    "announced",
    "append",
    "begin",
    "begin_anew",
    "begin_unsorted",
    "came",
    "cancel",
    "done",
    "get_upload",
    "in_store",
    "inspect",
    "keep_unsorted",
    "landing_of",
    "offset_of",
    "refuse",
    "store",
    "storing",
    "to_store",
    "unfinished",
]
