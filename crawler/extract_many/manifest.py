"""The manifest beside the shards: which input gave which shard, what was left out of it and why."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from crawler.extract_many import directory
from crawler.extract_many.shard import Made
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
            if "/" not in name and name.endswith(".parquet"):  # or somebody else wrote the manifest
                directory.remove(to, name)
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
    _put(to, said)
    directory.sweep(to, (*current, NAME))
    return said


def _put(to: str, said: Mapping[str, Any]) -> None:
    with tempfile.TemporaryDirectory(prefix="warta-") as room:
        part = directory.part_of(to, NAME, room)
        try:
            part.write_bytes(json.dumps(said, ensure_ascii=False, indent=1).encode("utf-8", "replace"))
            directory.put(part, to, NAME)
        finally:
            part.unlink(missing_ok=True)


def read_manifest(to: str) -> dict[str, dict[str, Any]]:
    """The shards that a manifest names, by their files; none where there is no manifest."""
    try:
        with directory.open_file(to, NAME) as file:
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
