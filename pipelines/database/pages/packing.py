"""Packing the bytes of a page by zstd, alone or with the bytes of another page as dictionary; pure functions.

Pages of one site share their markup: what an earlier one has is not packed again.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 3
#: Higher ones gain little for much: level 6 packs a tenth smaller at a third of the speed.

DICTIONARY_LEVEL = 6
#: Pages that others are packed with are few, and stay.


class Damaged(Exception):
    """Bytes that do not unpack to what was packed."""


def pack(data: bytes, dictionary: zstd.ZstdDict | None = None, *, often: bool = False) -> bytes:
    """The packed bytes; *often* where the dictionary is used for many pages, and digested once for all."""
    if dictionary is None:
        return zstd.compress(data, LEVEL)
    loaded = dictionary.as_digested_dict if often else dictionary.as_prefix
    return zstd.compress(data, LEVEL, zstd_dict=loaded)


def pack_alone(data: bytes) -> bytes:
    """The packed bytes of a page that will be the dictionary of others: slower, smaller."""
    return zstd.compress(data, DICTIONARY_LEVEL)


def unpack(packed: bytes, size: int, dictionary: zstd.ZstdDict | None = None) -> bytes:
    """The bytes that were packed, *size* of them; Damaged where they cannot be had."""
    try:
        # What a damaged frame claims of its size is not to be believed with memory.
        if zstd.get_frame_info(packed).decompressed_size != size:
            raise Damaged("its packed bytes are of another size")
        return zstd.decompress(packed, zstd_dict=dictionary)
    except (zstd.ZstdError, EOFError, ValueError) as error:
        raise Damaged(f"its packed bytes do not unpack ({error})") from error


class Dictionaries:
    """The dictionaries that were used last, by number of the page; digesting one takes as long as packing."""

    def __init__(self, most: int = 32) -> None:
        self._most = most
        self._loaded: OrderedDict[int, zstd.ZstdDict] = OrderedDict()

    def get(self, page_id: int, read: Callable[[int], bytes]) -> zstd.ZstdDict:
        """The page as a dictionary, *read* where it is not at hand."""
        if page_id in self._loaded:
            self._loaded.move_to_end(page_id)
            return self._loaded[page_id]
        loaded = as_dictionary(read(page_id))
        self._loaded[page_id] = loaded
        if len(self._loaded) > self._most:
            self._loaded.popitem(last=False)
        return loaded


def as_dictionary(data: bytes) -> zstd.ZstdDict:
    """Any bytes as a dictionary; zstd wants eight of them."""
    return zstd.ZstdDict(data, is_raw=True)
