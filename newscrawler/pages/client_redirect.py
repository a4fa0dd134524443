"""The target of a small page without a message: by ``meta refresh``, or a script."""

from __future__ import annotations

from newscrawler.pages import dom, encoding, redirects, scripts

SMALL = 4096
"""Maximum bytes of a page that is only a redirect."""


def target(body: bytes, content_type: str | None = None) -> str | None:
    """The address that the page opens as soon as it is loaded, as written in it.

    ``None`` for a page with a message, which has its own meaning, and for one that sets a cookie,
    which tests for robots.
    """
    if len(body) > SMALL:
        return None
    page = dom.parse(encoding.decode(body, content_type).text)
    if page.root is None:
        return None
    loaded = scripts.on_load(page.root)
    if any(scripts.spoken(script) or "document.cookie" in script for script in loaded):
        return None
    targets = (redirects.refresh(page.root), *map(scripts.sent, loaded))
    return next(filter(None, targets), None)
