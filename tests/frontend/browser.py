"""A rendered page in a real browser without a server: every request is answered from the files of the project.

The answers carry the portal's Content-Security-Policy, so that whatever it would block shows up as an error here too.
"""

import mimetypes
from pathlib import Path
from weakref import WeakKeyDictionary

from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

ORIGIN = "http://portal.test"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"

_PROBLEMS: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


def problems(page: Page) -> list[str]:
    return _PROBLEMS[page]


def show(browser: Browser | BrowserContext, html: str, *, width: int, path: str = "/") -> Page:
    """A page that shows `html`; what the console and the policy complain about is kept for `problems`."""
    if isinstance(browser, Browser):
        page = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce", locale="ko-KR")
    else:
        page = browser.new_page()
    found: list[str] = []
    _PROBLEMS[page] = found

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            found.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: found.append(str(error)))

    def answer(route: Route) -> None:
        address = route.request.url.removeprefix(ORIGIN).split("?")[0].split("#")[0]
        if not address.startswith(settings.STATIC_URL):
            route.fulfill(
                body=html, content_type="text/html; charset=utf-8", headers={"content-security-policy": POLICY}
            )
            return
        file = finders.find(address.removeprefix(settings.STATIC_URL))
        if not file:
            route.fulfill(status=404, body="")
            return
        kind = mimetypes.guess_type(str(file))[0] or "application/octet-stream"
        route.fulfill(body=Path(str(file)).read_bytes(), content_type=kind)

    page.route("**/*", answer)
    page.goto(f"{ORIGIN}{path}")
    return page


def violations(page: Page) -> list[str]:
    """What axe finds, one line each with the place."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((result) => result.violations)")
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]
