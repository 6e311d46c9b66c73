"""What follows of a release for links at buyers."""

from collections.abc import Sequence

from contentlib import jobs
from contentlib.jobs.registry import Apply, Payload
from contentlib.library.release.telling import RELEASED
from contentlib.sharing import releases


@jobs.handler(RELEASED)
def tell_sellers(payloads: Sequence[Payload]) -> Apply:
    """Tell the sellers whose links hold a material of its new version; once, if run twice."""
    step_id = payloads[-1]["step"]
    return lambda: releases.tell_sellers(step_id)
