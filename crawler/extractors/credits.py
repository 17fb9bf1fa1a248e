"""placeholder"""
from dataclasses import dataclass, field
@dataclass
class Credits:
    byline: str | None = None
    authors: list = field(default_factory=list)
    editors: list = field(default_factory=list)
    evidence: str = ""
    closing: str = ""
def read_credits(reading): return Credits()
