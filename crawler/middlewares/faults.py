"""What went wrong with a download, in the few words that the summary of a crawl groups by."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

_FAULTS: dict[type[Exception], str] = {
    CannotResolveHostError: "host not found",
    DownloadConnectionRefusedError: "connection refused",
    DownloadTimeoutError: "timeout",
    DownloadCancelledError: "too large",
    ResponseDataLossError: "connection lost",
    DownloadFailedError: "connection failed",
    UnsupportedURLSchemeError: "unknown scheme",
}

SILENCE = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    DownloadFailedError,
)
#: What a host does that does not answer, or not to the end.


def fault_of(error: BaseException) -> str:
    """The fault's name; for one that is not foreseen the exception's."""
    for kind, name in _FAULTS.items():
        if isinstance(error, kind):
            return name
    if "DOWNLOAD_MAXSIZE" in str(error):  # the decompression limit, which Scrapy raises as IgnoreRequest
        return "too large"
    return type(error).__name__
