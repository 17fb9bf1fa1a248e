"""Where requests may go: to the outlets of the crawl, and to no private address that nobody declared.

Redirects pass here again, since Scrapy sends each as a request of its own.
"""

from __future__ import annotations

from importlib import import_module
from ipaddress import IPv6Address, ip_address
from typing import Any, Self, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached

from crawler.middlewares.refusals import Refused


class OutletBoundary:
    """Refuses article requests that left the outlets of the crawl.

    Looks at requests with the meta key ``outlet_only`` and asks the spider's ``is_ours(url)``. Scrapy's
    own OffsiteMiddleware lets pass whatever is exempt from the duplicate filter, as every retry is.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        spider: Any = self._crawler.spider
        if request.meta.get("outlet_only") and not spider.is_ours(request.url):
            raise Refused("redirect to another site" if request.meta.get("redirect_urls") else "another site")


class AddressBoundary:
    """Refuses requests to addresses that are not public.

    Hosts that the operator declared there (the spider's ``declared_hosts``: ``host`` or ``host:port``)
    are exempt, and so is everything where WARTA_ALLOW_PRIVATE is set. Names are looked up through the
    reactor's caching resolver, which answers the connection from the same cache, so a name cannot
    point elsewhere in between. Behind a proxy the proxy looks names up, and only literals are checked.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._open = crawler.settings.getbool("WARTA_ALLOW_PRIVATE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        parts = urlparse_cached(request)
        if parts.scheme not in ("http", "https"):
            raise Refused(f"{parts.scheme}: address")
        spider: Any = self._crawler.spider
        host = parts.hostname or ""
        if self._open or not spider.declared_hosts.isdisjoint((host, parts.netloc)):
            return
        address = host if is_address(host) or request.meta.get("proxy") else await _look_up(host)
        if address is not None and is_private(address):
            raise Refused("private address")


def is_address(host: str) -> bool:
    """Whether a host is an IP address rather than a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_local(netloc: str) -> bool:
    """Whether a ``host`` or ``host:port`` is by its look a place of one's own: an address, or a bare name.

    >>> is_local("127.0.0.11:8765"), is_local("localhost"), is_local("kompas.example")
    (True, True, False)
    """
    host = urlsplit(f"//{netloc}").hostname or ""
    return is_address(host) or "." not in host


def is_private(host: str) -> bool:
    """Whether an IP address is anything but a public unicast one; False for names.

    >>> is_private("10.0.0.1"), is_private("::ffff:127.0.0.1"), is_private("8.8.8.8")
    (True, True, False)
    """
    if not is_address(host):
        return False
    address = ip_address(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return not address.is_global or address.is_multicast


async def _look_up(host: str) -> str | None:
    """The address of a name, or None where there is none; the download will say so itself."""
    reactor = import_module("twisted.internet.reactor")  # imported with the module it would be the wrong one
    try:
        return cast(str, await maybe_deferred_to_future(reactor.resolve(host)))
    except Exception:
        return None
