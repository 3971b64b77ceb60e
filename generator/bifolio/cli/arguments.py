"""What a command line may say: verbs, their arguments and options."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bifolio.cli.colours import alarming
from bifolio.cli.terminal import harmless_json
from bifolio.errors import UsageError

_NAMES, _LINE = 16, 62
"""Characters before a verb's line of help on a terminal of 80, and those of the line."""
FINE, FOUND_WRONG, USED_WRONG, INTERRUPTED = 0, 1, 2, 130
Verb = Callable[[argparse.Namespace], int]
Add = Callable[[str], argparse.ArgumentParser]


def make_parser(functions: Mapping[str, Verb]) -> argparse.ArgumentParser:
    """Return the parser of a command line; every verb is the name of a function, whose docstring is its help."""
    parser = _Parser(
        prog="bifolio",
        description="Reports about machine learning whose numbers are runs.",
        formatter_class=_Formatter,
    )
    parser.add_argument(
        "-C",
        dest="directory",
        action="append",
        default=[],
        metavar="DIR",
        help="begin in DIR, as if it was started there",
    )
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser.add_argument("--version", action=_Version)
    parser.set_defaults(verb=None)
    verbs = parser.add_subparsers(metavar="VERB", parser_class=_Parser)

    def add(name: str) -> argparse.ArgumentParser:
        verb = functions[name]
        added = verbs.add_parser(name, help=_in_a_line(verb.__doc__ or ""), description=verb.__doc__)
        added.set_defaults(verb=verb)
        added.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        return added

    _add_writing(add)
    _add_comparing(add)
    _add_handing_on(add)
    return parser


def _in_a_line(text: str) -> str:
    """Return a sentence, or the longest part of it up to a mark that fits into a line of the help."""
    ends = [place for place, mark in enumerate(text) if mark in ".;:,"]
    return text[: max((place for place in ends if place <= _LINE), default=_LINE)]


def _add_run_options(added: argparse.ArgumentParser) -> None:
    # DEFAULT_PROFILE, written out: `project` would load more than the whole command line does
    added.add_argument("--profile", default="cpu", help="how big: smoke, cpu (the default) or gpu")
    added.add_argument("--force", action="store_true", help="do it even where nothing has changed")
    added.add_argument("--dry-run", action="store_true", help="say what would be run and why, and run nothing")
    added.add_argument("--jobs", type=_positive, help="how many runs beside each other")


def _add_writing(add: Add) -> None:
    starting = add("init")
    starting.add_argument("folder", metavar="DIR", help="the folder to make; it may exist if it is empty")
    running = add("run")
    running.add_argument("names", nargs="*", metavar="NAME", help="an experiment; all by default")
    _add_run_options(running)
    trying = "try one experiment with a field of its config set so, and publish nothing; may be given several times"
    running.add_argument("--set", action="append", default=[], dest="settings", metavar="FIELD=VALUE", help=trying)
    running.add_argument("--seed", type=_seed, metavar="N", help="with --set: try this seed only")
    running.add_argument("-v", "--verbose", action="store_true", help="print what experiments print, too")
    showing = add("status")
    showing.add_argument("names", nargs="*", metavar="NAME", help="an experiment; all by default")
    showing.add_argument("--profile", help="only this profile")
    showing.add_argument("--json", action="store_true", help="print an array for tools")
    looking = add("show")
    looking.add_argument("name", metavar="NAME", help="an experiment")
    looking.add_argument("--profile", default="cpu", help="how big: smoke, cpu (the default) or gpu")
    looking.add_argument("--seed", type=_seed, metavar="N", help="only this seed, with the rows of its tables")
    looking.add_argument("--json", action="store_true", help="print an array for tools")
    building = add("build")
    building.set_defaults(names=(), verbose=False)
    _add_run_options(building)
    serving = add("serve")
    serving.add_argument("--port", type=_port, help="the port of the address; the first free one from 8000 by default")
    serving.add_argument("--host", default="127.0.0.1", help="the address to listen at; only this machine by default")
    serving.add_argument("--open", action="store_true", help="open it in the browser")
    checking = add("check")
    checking.add_argument("--json", action="store_true", help="print an array for tools")
    checking.add_argument("--strict", action="store_true", help="let warnings fail too")
    checking.add_argument("--release", action="store_true", help="be strict, and refuse what unseen seeds have not met")
    instead = checking.add_mutually_exclusive_group()
    instead.add_argument(
        "--reviewed", metavar="FILE", help="take the editions of a template as agreeing, check nothing"
    )
    instead.add_argument("--constants", action="store_true", help="list the numbers said not to be measured, no more")


def _add_comparing(add: Add) -> None:
    reproducing = add("reproduce")
    reproducing.add_argument("names", nargs="*", metavar="NAME", help="an experiment; all by default")
    _add_run_options(reproducing)
    reproducing.add_argument("--sample", type=_positive, metavar="N", help="only N experiments, picked at random")
    adopting = "run stale results too; give them today's fingerprint where the bits are the same"
    instead = reproducing.add_mutually_exclusive_group()
    instead.add_argument("--adopt", action="store_true", help=adopting)
    instead.add_argument("--new-seeds", action="store_true", help="run seeds that the report has not seen")
    reproducing.add_argument("--later", action="store_true", help="with --new-seeds: seeds above those that were run")
    reproducing.add_argument("--json", action="store_true", help="print an object for tools")
    powering = add("power")
    powering.add_argument("name", metavar="NAME", help="an experiment")
    powering.add_argument("--difference", type=_positive_number, metavar="D", help="in place of what is said to matter")
    powering.add_argument("--json", action="store_true", help="print an array for tools")
    differing = add("diff")
    differing.add_argument("before", nargs="?", default="HEAD", metavar="REV", help="a commit; HEAD by default")
    differing.add_argument("after", nargs="?", metavar="REV", help="another commit, in place of the files as they are")
    differing.add_argument("--json", action="store_true", help="print an object for tools")


def _add_handing_on(add: Add) -> None:
    exporting = add("export")
    exporting.add_argument("format", metavar="FORMAT", help="html: one file for a browser; pdf: a typeset book")
    exporting.add_argument("--language", action="append", default=[], help="only this edition; all by default")
    exporting.add_argument(
        "--volume",
        default="both",
        help="of a pdf: report, evidence, a file each, or both in one, the default",
    )
    exporting.add_argument("--output", metavar="DIR", help="the folder to write to; dist/ by default")
    exporting.add_argument("--force", action="store_true", help="write it even where nothing has changed")
    exporting.add_argument("--json", action="store_true", help="print an array for tools")
    packing = add("pack")
    packing.add_argument("file", metavar="FILE", help="the file to write")
    packing.add_argument("names", nargs="*", metavar="NAME", help="an experiment; all by default")
    unpacking = add("unpack")
    unpacking.add_argument("file", metavar="FILE", help="the file to read")
    unpacking.add_argument("--force", action="store_true", help="replace what is newer, and take what is stale")
    completing = add("completion")
    completing.add_argument("shell", metavar="SHELL", help="bash or zsh")
    completing.add_argument("words", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)


def print_json(data: object) -> None:
    """Print data for tools."""
    import json

    print(harmless_json(json.dumps(data, ensure_ascii=False, indent=2)))


def _positive(text: str) -> int:
    number = int(text) if text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"found {text}, expected a whole number from 1")
    return number


def _seed(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"found {text}, expected a whole number from 0")
    return int(text)


def _positive_number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0.0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"found {text}, expected a number above 0")
    return number


def _port(text: str) -> int:
    number = int(text) if text.isdigit() else -1
    if not 0 <= number < 65536:
        raise argparse.ArgumentTypeError(f"found {text}, expected a port from 0 to 65535")
    return number


class _Version(argparse.Action):
    """Prints the version; imports nothing for it."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from bifolio import __version__

        print(f"bifolio {__version__}")
        parser.exit(FINE)


class _Formatter(argparse.HelpFormatter):
    """Gives every verb one line."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=_NAMES)
        self._action_max_length = _NAMES  # argparse forgets that verbs are set in


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a command line in the way all messages say it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.color = False  # that of Python from 3.14 on would be shown as it is

    def error(self, message: str) -> None:  # type: ignore[override]
        wrong = UsageError(message, expected=" ".join(self.format_usage().split()).removeprefix("usage: "))
        print(alarming(str(wrong)), file=sys.stderr)
        sys.exit(USED_WRONG)
