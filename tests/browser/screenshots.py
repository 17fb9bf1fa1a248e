"""Pictures of every page of the reading room: light, dark, and on a phone, into a folder."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1])]
from looked_at import PHONE, WIDE, browsing, dress, open_shelf, picture, resize

LOOKS = {"light": ("light", WIDE), "dark": ("dark", WIDE), "phone": ("light", PHONE)}


def main() -> None:
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix="warta-shelf-", ignore_cleanup_errors=True) as name,
        open_shelf(Path(name)) as (base, pages),
        browsing(Path(name) / "profile") as browser,
    ):
        for look, (scheme, size) in LOOKS.items():
            resize(browser, size)
            dress(browser, scheme)
            for page, path in pages.items():
                browser.get(base + path)
                (out / f"{page}-{look}.png").write_bytes(picture(browser))
    print(f"{len(LOOKS) * len(pages)} pictures are in {out}")


if __name__ == "__main__":
    main()
