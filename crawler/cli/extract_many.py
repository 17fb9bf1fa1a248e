"""``warta extract-many``: archives of pages into Parquet shards, on all cores or a Ray cluster."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from rich.progress import track
from rich.text import Text

from crawler.archives.opening import is_remote, reaching
from crawler.cli.exits import SOME_FAILED
from crawler.cli.options import json_option, sources_option
from crawler.cli.terminal import at_terminal, complain, error_console, print_object, show, table
from crawler.errors import PageError
from crawler.extract_many.cluster import run_cluster
from crawler.extract_many.directory import make_room
from crawler.extract_many.manifest import total, write_manifest
from crawler.extract_many.pool import Failed, run_pool
from crawler.extract_many.shard import Made, Setup
from crawler.extract_many.shares import Share, cut
from crawler.sources import load_catalogue
from pipelines.extras import import_extra

_MEGABYTE = 1024 * 1024


@click.command("extract-many", no_args_is_help=True)
@click.argument("inputs", nargs=-1, required=True, metavar="{FILE|DIRECTORY|URL}...")
@click.option("--to", required=True, metavar="DIRECTORY|URL", help="Where the shards go.")
@click.option(
    "--jobs", type=click.IntRange(1, 1024), default=None, help="Processes that read; as many as processors."
)
@click.option(
    "--engine",
    type=click.Choice(["pool", "ray"]),
    default="pool",
    show_default=True,
    help="Processes of this machine, or a Ray cluster.",
)
@click.option("--address", default="auto", show_default=True, help="Of the Ray cluster: host:port.")
@click.option(
    "--share",
    "share_megabytes",
    type=click.IntRange(1, 65_536),
    default=64,
    show_default=True,
    help="MB of a WARC file that become one shard.",
)
@click.option("--every-address", is_flag=True, help="Of WARC files also pages without an article's address.")
@sources_option
@json_option
def extract_many(
    inputs: tuple[str, ...],
    *,
    to: str,
    jobs: int | None,
    engine: str,
    address: str,
    share_megabytes: int,
    every_address: bool,
    directories: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Read archives of pages into Parquet shards: one for each share of the inputs.

    Inputs are WARC files, saved pages, zip and tar archives, directories of them, and databases (their kept
    pages). Given again after a stop, it makes the shards that are missing.
    """
    load_catalogue(*directories)  # what a process would stumble over is told here
    import_extra("pyarrow", "parquet")
    make_room(to)
    sources = tuple(str(directory.absolute()) for directory in directories)
    setup = Setup(to if is_remote(to) else os.path.abspath(to), sources, every_address)
    rules = f"{sources} {every_address}"
    shares: list[Share] = []
    missing: list[str] = []
    for share in cut(inputs, share_bytes=share_megabytes * _MEGABYTE, rules=rules):
        if isinstance(share, Share):
            shares.append(share)
        else:
            missing.append(share[0])
            complain(share[1])
    if not shares:
        raise PageError("there is nothing to read.")
    run = run_pool(shares, setup, jobs or os.cpu_count() or 1)
    if engine == "ray":
        run = run_cluster(shares, setup, address)
    made, failed = _run(run, len(shares))
    with reaching(to):
        write_manifest(setup.to, made, {share.input for share in shares} if not failed else ())
    _summarise(made, failed, missing, as_json)
    return _exit_code(made, failed, missing)


def _run(run: Iterable[Made | Failed], number: int) -> tuple[list[Made], list[Failed]]:
    made, failed = [], []
    for one in _with_progress(run, number):
        if isinstance(one, Failed):
            failed.append(one)
            named = one.reason.startswith(one.share.input)
            complain(one.reason if named else f"{one.share.input}: {one.reason}")
            continue
        made.append(one)
        for notice in one.notices:
            complain(f"{one.input}: {notice}")
    return made, failed


def _with_progress(run: Iterable[Made | Failed], number: int) -> Iterator[Made | Failed]:
    if not sys.stderr.isatty():
        yield from run
        return
    yield from track(run, "Shards", total=number, console=error_console(), transient=True)


def _exit_code(made: list[Made], failed: list[Failed], missing: list[str]) -> int:
    if not made:
        return PageError.exit_code
    left_out = total(one.left_out for one in made)
    harmed = "damaged" in left_out or "could not be read" in left_out
    return SOME_FAILED if failed or missing or harmed else 0


def _summarise(made: list[Made], failed: list[Failed], missing: list[str], as_json: bool) -> None:
    articles = sum(one.rows for one in made)
    refused, left_out = total(one.refused for one in made), total(one.left_out for one in made)
    if as_json or not at_terminal():
        print_object(
            {
                "shards": len(made),
                "records": sum(one.records for one in made),
                "articles": articles,
                "refused": refused,
                "left_out": left_out,
                "failed": [{"input": one.share.input, "reason": one.reason} for one in failed],
                "missing": missing,
            }
        )
        return
    rows: list[list[Any]] = [["articles", articles, ""]]
    rows += [["refused", count, reason] for reason, count in refused.items()]
    rows += [["left out", count, reason] for reason, count in left_out.items()]
    show(table(["records", "number", "why"], rows, right=["number"]))
    show(Text(f"{len(made)} shards, {len(failed) + len(missing)} failed", style="dim"))
