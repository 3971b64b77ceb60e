"""What `bifolio check` prints: findings, constants, what was marked as reviewed."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

from bifolio.check import WARNINGS, Finding, check
from bifolio.check.drift import review
from bifolio.check.subject import Subject
from bifolio.cli.arguments import FINE, FOUND_WRONG, print_json
from bifolio.project import Project

_PATIENCE = 1.0
"""Seconds after which a terminal is told what is being looked into."""


def check_report(project: Project, *, json: bool, strict: bool, release: bool) -> int:
    """Look into every rule and print what was found; warnings fail only a strict check, and one for a release."""
    progress = _Progress()
    findings = check(project, progress.tell, release=release)
    strict = strict or release
    progress.clear()
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print(f"{finding}\n  (a warning)" if finding.rule in WARNINGS and not strict else finding)
        print(_summary(findings))
    return FOUND_WRONG if any(strict or finding.rule not in WARNINGS for finding in findings) else FINE


def list_constants(project: Project, *, json: bool) -> int:
    """Print every number that the author says was not measured here, with its place and source."""
    found = [
        {
            "file": template.file,
            "line": constant.line,
            "edition": template.language,
            "number": constant.number,
            "source": constant.source,
        }
        for template in Subject(project).templates
        for constant in template.constants()
    ]
    if json:
        print_json(found)
        return FINE
    for one in found:
        print(f"{one['file']}:{one['line']}: {one['number']} ({one['source']})")
    print("no constants" if not found else "1 constant" if len(found) == 1 else f"{len(found)} constants")
    return FINE


def mark_reviewed(project: Project, file: str) -> int:
    """Take the editions of a template's page as agreeing."""
    count = review(project, project.relative(Path(os.path.abspath(file))))
    print(f"{count} pairs of paragraphs are taken as agreeing")
    return FINE


def _summary(findings: tuple[Finding, ...]) -> str:
    if not findings:
        return "nothing found"
    warnings = sum(finding.rule in WARNINGS for finding in findings)
    count = "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
    return f"{count}, {warnings} of them {'a warning' if warnings == 1 else 'warnings'}" if warnings else count


class _Progress:
    """One line on a terminal that says which rule is being looked into; nothing elsewhere."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._shown = False

    def tell(self, rule: str) -> None:
        if sys.stderr.isatty() and time.monotonic() - self._began > _PATIENCE:
            print(f"\r\x1b[Klooking for {rule}", end="", file=sys.stderr, flush=True)
            self._shown = True

    def clear(self) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
