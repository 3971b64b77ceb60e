"""The command line: one verb, one function; nothing heavy is imported until a verb needs it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bifolio.cli.arguments import FINE, FOUND_WRONG, USED_WRONG, Verb, make_parser
from bifolio.cli.colours import alarming
from bifolio.cli.terminal import give_up_printing, harmless_streams

if TYPE_CHECKING:
    from bifolio.project import Project


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb and return its exit status: 0 fine, 1 found wrong, 2 used wrong, 130 interrupted."""
    with harmless_streams():
        try:
            parser = make_parser(_VERBS)
            options = parser.parse_args(arguments)
            if options.verb is None:  # a script whose verb is empty has to fail
                parser.print_help(sys.stderr)
                return USED_WRONG
            return _called(options)
        except OSError:  # not even that could be printed
            return FOUND_WRONG
        finally:
            give_up_printing()


def _called(options: argparse.Namespace) -> int:
    from bifolio.cli.starting_folder import started_in
    from bifolio.leftovers import at_work

    try:
        with started_in(options.directory) as options.go_back, at_work(os.getcwd()):
            exit_status: int = options.verb(options)
        sys.stdout.flush()  # a reader that left early is noticed here, not when Python ends
        return exit_status
    except BrokenPipeError:  # who reads our output, `head` say, has seen enough
        return FINE
    except (Exception, KeyboardInterrupt) as error:
        if options.debug:
            import traceback

            traceback.print_exc()  # here, where the streams are harmless: Python itself would print it as it is
        from bifolio.cli.failures import told

        said, exit_status = told(error)
        if not options.debug:
            print(alarming(said), file=sys.stderr)
        return exit_status


def init(options: argparse.Namespace) -> int:
    """Start a small report of two languages in a new folder."""
    import shlex
    from importlib.util import find_spec
    from pathlib import Path

    from bifolio.starter import start_report

    folder = Path(options.folder)
    files = start_report(folder)
    print(f"wrote {len(files)} files into {folder}; next:")
    if find_spec("torch") is None:
        print("  pip install 'bifolio[run]'  # torch is not installed, and one of the two experiments needs it")
    if folder.resolve() != Path.cwd():
        print(f"  cd {shlex.quote(str(folder))}")
    print("  bifolio build  # measures, renders, builds site/")
    print("  bifolio serve  # shows it while you write")
    return FINE


def status(options: argparse.Namespace) -> int:
    """Say what is fresh, stale, missing or broken."""
    from bifolio.cli.stating import say_states

    return say_states(options)


def run(options: argparse.Namespace) -> int:
    """Run what is not fresh."""
    if options.settings or options.seed is not None:
        from bifolio.cli.trying import try_settings

        return try_settings(_project(), options)
    from bifolio.cli.running import run_stale

    return run_stale(_project(), options)


def build(options: argparse.Namespace) -> int:
    """Run what is stale, render the chapters, build the site."""
    _require_build_side()
    from bifolio.chapters import render
    from bifolio.check.drift import keep_agreement
    from bifolio.cli.running import run_stale
    from bifolio.export import fresh_exports
    from bifolio.website.build import build_site

    project = _project()
    measured = run_stale(project, options, for_build=True)
    if options.dry_run:
        return measured
    rendering = render(project, force=options.force)
    counts = f"{len(rendering.written)} written, {len(rendering.unchanged)} unchanged, {len(rendering.removed)} removed"
    keep_agreement(project)
    print("\n".join([f"rendered {', '.join(project.languages)} into docs/: {counts}", *rendering.redrawn]), flush=True)
    for line in rendering.harmed:
        print(line, file=sys.stderr, flush=True)
    site = build_site(project, force=options.force, downloads=fresh_exports(project))
    for line in site.lines:
        print(line)
    print(f"open {project.relative(site.index)}")
    return measured or (FOUND_WRONG if rendering.harmed else FINE)


def serve(options: argparse.Namespace) -> int:
    """Show both editions in the browser while they are written; results are shown as they are stored."""
    _require_build_side()
    from functools import partial

    from bifolio.website.serving import serve as show

    project = _project()
    try:
        port = show(project, options.host, options.port, partial(print, flush=True), open_browser=options.open)
    except KeyboardInterrupt:  # the way to end it
        return FINE
    again = [argument for argument in sys.orig_argv[1:] if argument != "--open"]
    options.go_back()  # its `-C` leads from where it was called
    os.execv(sys.executable, [sys.executable, *again, "--port", str(port)])
    raise AssertionError("another program runs now")


def check(options: argparse.Namespace) -> int:
    """Look for what is wrong with the report."""
    _require_build_side()
    from bifolio.cli.checking import check_report, list_constants, mark_reviewed

    project = _project()
    if options.reviewed:
        return mark_reviewed(project, options.reviewed)
    if options.constants:
        return list_constants(project, json=options.json)
    return check_report(project, json=options.json, strict=options.strict, release=options.release)


def reproduce(options: argparse.Namespace) -> int:
    """Run published results again, and compare with what is stored."""
    if options.new_seeds:
        from bifolio.cli.new_seeds import run_on_new_seeds

        return run_on_new_seeds(options)
    if options.later:
        from bifolio.errors import UsageError

        raise UsageError("later seeds are new seeds", expected="--new-seeds --later")
    from bifolio.cli.reproducing import reproduce_results

    return reproduce_results(options)


def show(options: argparse.Namespace) -> int:
    """Print what an experiment measured: values, curves, samples."""
    from bifolio.cli.showing import show_results

    return show_results(_project(), options)


def power(options: argparse.Namespace) -> int:
    """Say what an experiment's seeds can show, how many would do, and what they cost."""
    _require_build_side()
    from bifolio.cli.powering import say_power

    return say_power(_project(), options)


def diff(options: argparse.Namespace) -> int:
    """Say what changed for the reader since a commit, or between two."""
    _require_build_side()
    from bifolio.cli.differing import say_changes

    return say_changes(options)


def export(options: argparse.Namespace) -> int:
    """Write each edition into one file that stands alone."""
    _require_build_side()
    from bifolio.cli.exporting import export_report

    return export_report(options)


def pack(options: argparse.Namespace) -> int:
    """Put results into one file, to bring them to another machine."""
    from bifolio.cli.carrying import pack_into

    return pack_into(_project(), options)


def unpack(options: argparse.Namespace) -> int:
    """Take results out of a packed file."""
    from bifolio.cli.carrying import unpack_from

    return unpack_from(_project(), options)


def completion(options: argparse.Namespace) -> int:
    """Print what makes a shell complete verbs, options and names."""
    from bifolio.cli.completing import print_script, print_what_fits

    if options.words:
        return print_what_fits(make_parser(_VERBS), options.words)
    return print_script(options.shell)


_VERBS: dict[str, Verb] = {
    verb.__name__: verb
    for verb in (init, run, show, status, power, build, serve, check, reproduce, diff, export, pack, unpack, completion)
}


def _require_build_side() -> None:
    from bifolio.cli.requirements import require_build_side

    require_build_side()


def _project() -> Project:
    from pathlib import Path

    from bifolio.project import find_project

    return find_project(Path.cwd())
