"""The catalogue: all declared outlets, found by slug or by the URL of one of their pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from crawler.configuration import Configuration, current
from crawler.errors import SourceError
from crawler.sources.declaration import Source, read_source

__all__ = ["BUNDLED", "Catalogue", "Source", "load_catalogue"]

BUNDLED = Path(__file__).parent / "outlets"


class Catalogue:
    """Outlets by slug, in alphabetical order; no two claim the same domain."""

    def __init__(self, sources: Iterable[Source]) -> None:
        """Raises SourceError where two sources share a slug or a domain."""
        by_slug: dict[str, Source] = {}
        self._by_domain: dict[str, Source] = {}
        for source in sorted(sources, key=lambda source: source.slug):
            if source.slug in by_slug:
                raise SourceError(f"Two sources are called {source.slug}; rename one of them.")
            by_slug[source.slug] = source
            for domain in source.domains:
                other = self._by_domain.setdefault(domain, source)
                if other is not source:
                    raise SourceError(
                        f"{other.slug} and {source.slug} both claim {domain}; remove it from one."
                    )
        self.sources: Mapping[str, Source] = MappingProxyType(by_slug)

    def __iter__(self) -> Iterator[Source]:
        return iter(self.sources.values())

    def __len__(self) -> int:
        return len(self.sources)

    def get(self, slug: str) -> Source:
        """The source of that slug. Raises SourceError, naming what is spelled alike, where none is."""
        if slug in self.sources:
            return self.sources[slug]
        if "://" in slug:
            raise SourceError(
                f"{slug} is an address; outlets are named by their slugs (`warta sources`), and "
                "`warta extract` reads single pages."
            )
        near = get_close_matches(slug, self.sources, n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else " See `warta sources`."
        raise SourceError(f'There is no source "{slug}".{hint}')

    def match(self, url: str) -> Source | None:
        """The outlet that a URL belongs to: the one with the longest domain that its host ends with."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            return None
        if port is None:
            port = {"http": 80, "https": 443}.get(parts.scheme)
        if (exact := self._by_domain.get(f"{host}:{port}")) is not None:
            return exact
        while host:
            if (source := self._by_domain.get(host)) is not None:
                return source
            host = host.partition(".")[2]
        return None


def load_catalogue(*directories: Path) -> Catalogue:
    """Every ``*.toml`` in the directories; of two files with one name the later directory's holds.

    Without directories: the bundled outlets, then those of the setting ``sources.directories``, so an
    operator's file can replace a bundled one. What the settings switch on or off is so in either case.

    Raises SourceError when a directory is missing, a file does not hold, or a setting names no outlet.
    """
    configuration = current()
    usual = not directories
    if usual:
        own = configuration["sources.directories"]
        directories = (BUNDLED, *(Path(directory) for directory in own))
    files: dict[str, Path] = {}
    for directory in directories:
        if not directory.is_dir():
            raise SourceError(f"{directory}: is no directory of source files.")
        files.update((path.stem, path) for path in sorted(directory.glob("*.toml")))
    read = [read_source(path) for path in files.values()]
    catalogue = Catalogue(_switched(source, configuration) for source in read)
    if usual:
        _check_named(catalogue, configuration)
    return catalogue


def _switched(source: Source, configuration: Configuration) -> Source:
    """The source as the settings switch it on or off."""
    slug, only = source.slug, configuration["sources.only"]
    if slug in configuration["sources.off"]:
        return replace(source, enabled=False, reason="sources.off names it")
    if only and slug not in only:
        return replace(source, enabled=False, reason="sources.only does not name it")
    if slug in configuration["sources.on"]:
        return replace(source, enabled=True, reason=None)
    return source


def _check_named(catalogue: Catalogue, configuration: Configuration) -> None:
    for key in ("sources.only", "sources.off", "sources.on", "watch.paces"):
        for slug in configuration[key]:
            try:
                catalogue.get(slug)
            except SourceError as error:
                raise SourceError(f"{configuration.origin(key)}: {key}: {error}") from error
