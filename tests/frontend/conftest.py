"""The browser of pytest-playwright is Debian's: nothing is downloaded."""

from typing import Any

import pytest

from tests.frontend import browser


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": browser.CHROMIUM, "args": browser.ARGUMENTS}
