"""``warta schedule``: unit files and crontab lines, ready to be put where they belong."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from crawler.cli.options import database_option, sources_option
from crawler.configuration import current
from crawler.errors import SettingError
from crawler.sources import load_catalogue
from crawler.spiders.news import choose_outlets
from crawler.watching.lock import lock_path

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@click.command()
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--systemd", "form", flag_value="systemd", help="Units: the watch, and a nightly backup.")
@click.option("--cron", "form", flag_value="cron", help="Crontab lines: crawl, health, backup.")
@click.option(
    "--every", type=click.IntRange(1, 59), default=15, show_default=True, help="Minutes; with --cron."
)
@click.option(
    "--backup", "saved", type=click.Path(path_type=Path), help="Also copy the database there nightly."
)
@database_option
@sources_option
def schedule(
    *,
    sources: tuple[str, ...],
    form: str | None,
    every: int,
    saved: Path | None,
    database: Path,
    directories: tuple[Path, ...],
) -> None:
    """Print what systemd or cron needs to crawl outlets for good: those named by slug, or all that are on.

    Nothing is installed; each part says where it belongs.
    """
    if form is None:
        raise click.UsageError("Say for what: --systemd or --cron.")
    choose_outlets(load_catalogue(*directories), sources, even_if_off=False)
    chosen = [*sources, *(word for place in directories for word in ("--sources", str(place.absolute())))]
    place = ["--db", str(database.absolute())]
    warta = _program()
    backup = [*warta, "backup", str(saved.absolute()), "--force", *place] if saved else None
    if form == "systemd":
        written = [d for d in (database.absolute().parent, saved and saved.absolute().parent) if d]
        click.echo(_units([*warta, "watch", *chosen, *place], backup, list(dict.fromkeys(written))))
    else:
        lock = str(lock_path(database.absolute()))
        crawl = ["flock", "-n", lock, *warta, "crawl", *chosen, *place]
        click.echo(_crontab(crawl, [*warta, "health", *place], backup, every))


def _program() -> list[str]:
    """``warta`` by its path, beside this interpreter or where the shell finds it, and its settings."""
    beside = Path(sys.executable).with_name("warta")
    found = str(beside) if beside.exists() else shutil.which("warta")
    if found is None:
        raise SettingError(
            "there is no program warta beside this Python or on the PATH; install Warta first."
        )
    file = current().file
    return [found, "--config", str(file.absolute())] if file else [found]


def _units(watch: Sequence[str], backup: Sequence[str] | None, written: Sequence[Path]) -> str:
    hardened = f"""NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths={_systemd_line(map(str, written))}"""
    parts = [
        f"""# /etc/systemd/system/warta-watch.service
# Set User= to the owner of the database; secrets belong in /etc/warta.env.
[Unit]
Description=Warta watches news outlets
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
EnvironmentFile=-/etc/warta.env
ExecStart={_systemd_line(watch)}
Restart=on-failure
RestartSec=30
# Outlets or settings that do not hold are for a person to mend.
RestartPreventExitStatus=2
KillMode=mixed
TimeoutStopSec=15
{hardened}

[Install]
WantedBy=multi-user.target"""
    ]
    if backup is not None:
        parts += [
            f"""# /etc/systemd/system/warta-backup.service
[Unit]
Description=Warta copies its database

[Service]
Type=oneshot
ExecStart={_systemd_line(backup)}
{hardened}""",
            """# /etc/systemd/system/warta-backup.timer
[Unit]
Description=Warta copies its database every night

[Timer]
OnCalendar=*-*-* 03:20:00
RandomizedDelaySec=600
Persistent=true

[Install]
WantedBy=timers.target""",
        ]
    return "\n\n".join(parts)


def _crontab(crawl: Sequence[str], health: Sequence[str], backup: Sequence[str] | None, every: int) -> str:
    lines = [
        "# crontab -e; cron mails what is printed. Set contact in warta.toml, or here, to a page of yours:",
        "#WARTA_CONTACT=https://",
        f"*/{every} * * * * {_cron_line(crawl)} >/dev/null",
        f'7 * * * * found=$({_cron_line(health)}) || echo "$found"',
    ]
    if backup is not None:
        lines.append(f"20 3 * * * {_cron_line(backup)} >/dev/null")
    return "\n".join(lines)


def _systemd_line(words: Iterable[str]) -> str:
    """Words as systemd reads them back: quoted, without its variables (``$``) and specifiers (``%``).

    >>> print(_systemd_line(["/opt/warta", "100% $HOME"]))
    "/opt/warta" "100%% $$HOME"
    """
    return " ".join(f'"{_systemd_word(word)}"' for word in words)


def _systemd_word(word: str) -> str:
    for sign, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = _plain(word).replace(sign, written)
    return word


def _cron_line(words: Iterable[str]) -> str:
    r"""Words as cron and then the shell read them back: to cron an unescaped ``%`` ends the line.

    >>> print(_cron_line(["warta", "my news%.db"]))
    warta 'my news'\%.db
    """
    return " ".join(_cron_word(_plain(word)) for word in words)


def _cron_word(word: str) -> str:
    # Cron takes the backslash before a % away; within quotes the shell would see one that cron left.
    return "\\%".join(shlex.quote(part) if part else "" for part in word.split("%")) or "''"


def _plain(word: str) -> str:
    if _CONTROL.search(word):
        raise SettingError(f"{word!r} has control characters, which no line of a file can hold.")
    return word
