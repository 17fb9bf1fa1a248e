"""The manifest beside the shards: which input gave which shard, what was left out of it and why."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from crawler.archives.opening import file_system, is_remote
from crawler.extract_many.shard import Made, put_json
from crawler.extractors.article import EXTRACTOR

NAME = "_manifest.json"
#: Engines that read a directory of Parquet files pass over what begins so.


def write_manifest(to: str, made: Iterable[Made], inputs: Iterable[str]) -> dict[str, Any]:
    """Write the manifest; what it says.

    Shards of other inputs that an earlier manifest names stay in it. Those of *inputs* that were made by
    other rules, or of what these held before, are removed: their pages would be there twice.
    """
    current = {one.file: asdict(one) for one in made}
    ours = set(inputs)
    shards = dict(current)
    for name, entry in read_manifest(to).items():
        if name in current:
            continue
        if entry["input"] in ours:
            _remove(to, name)
        else:
            shards[name] = entry
    said = {
        "extractor": EXTRACTOR,
        "rows": sum(entry["rows"] for entry in shards.values()),
        "records": sum(entry["records"] for entry in shards.values()),
        "left_out": total(entry["left_out"] for entry in shards.values()),
        "refused": total(entry["refused"] for entry in shards.values()),
        "shards": [shards[name] for name in sorted(shards)],
    }
    put_json(to, NAME, said)
    return said


def read_manifest(to: str) -> dict[str, dict[str, Any]]:
    """The shards that a manifest names, by their files; none where there is no manifest."""
    try:
        if is_remote(to):
            fs, path = file_system(f"{to.rstrip('/')}/{NAME}")
            text = fs.cat_file(path)
        else:
            with open(os.path.join(to, NAME), "rb") as file:
                text = file.read()
        return {entry["file"]: entry for entry in json.loads(text)["shards"]}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}


def total(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    """The sums, most first."""
    summed: Counter[str] = Counter()
    for one in counts:
        summed.update(one)
    return dict(summed.most_common())


def _remove(to: str, name: str) -> None:
    if "/" in name or not name.endswith(".parquet"):  # a manifest that somebody else wrote
        return
    with suppress(FileNotFoundError):
        if is_remote(to):
            fs, path = file_system(f"{to.rstrip('/')}/{name}")
            fs.rm_file(path)
        else:
            os.unlink(os.path.join(to, name))
