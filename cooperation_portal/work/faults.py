"""Places where a test may stop the worker, to prove that half-done work is healed. Dead code outside test mode."""

import os
import time
from pathlib import Path

from django.conf import settings


def fault_point(name: str) -> None:
    """With FAULT_POINT=name and FAULT_MARKER=path set, writes the marker once and waits to be killed."""
    if settings.PORTAL_MODE != "test" or os.environ.get("FAULT_POINT") != name:
        return
    marker = Path(os.environ["FAULT_MARKER"])
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return
    time.sleep(120)
