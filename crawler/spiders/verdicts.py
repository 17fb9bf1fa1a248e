"""What a request that gave no page means for its URL, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.middlewares.faults import fault_of
from crawler.middlewares.refusals import Postponed, Refused

_GONE_STATUSES = frozenset({404, 410})
_BLOCKING_STATUSES = frozenset({401, 402, 403, 408, 425, 429, 451})
#: What hosts answer to a crawler that they do not want now, whatever the page.

_FINAL_FAULTS = frozenset({"too large", "unknown scheme"})


@dataclass(slots=True, frozen=True)
class Verdict:
    """Where a URL stands after a request that gave no page."""

    state: Literal["refused", "failed", "gone", "later", "pending"]
    #: ``later``: was asked for in vain, and may be had another time; ``pending``: was not asked for.

    reason: str | None
    #: In a few words, for the summary; null where the run is being stopped, which is nobody's fault.

    response: Response | None = None
    #: The server's answer, where it gave one.


def request_of(failure: Failure) -> Request:
    """The request that failed, which Scrapy attaches to the failure."""
    return cast(Request, cast(Any, failure).request)


def judge(failure: Failure) -> Verdict:
    """The verdict on a failure as Scrapy hands it to an errback."""
    error = failure.value
    match error:
        case Refused():
            return Verdict("refused", error.reason)
        case Postponed():
            return Verdict("pending", error.reason)
        case HttpError():
            return _judge_status(error.response)
        case IgnoreRequest() if "redirections" in str(error):
            return Verdict("later", "redirect loop")
    fault = fault_of(error) if error is not None else "unknown"
    return Verdict("failed" if fault in _FINAL_FAULTS else "later", fault)


def _judge_status(response: Response) -> Verdict:
    status = response.status
    reason = f"http {status}"
    if status in _GONE_STATUSES:
        return Verdict("gone", reason, response)
    if 300 <= status < 400:
        return Verdict("refused", "redirect to no web page", response)
    return Verdict("later" if status in _BLOCKING_STATUSES or status >= 500 else "failed", reason, response)
