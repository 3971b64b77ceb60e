"""Two commands that build one site take turns: neither takes away what the other puts in place."""

from __future__ import annotations

import subprocess
import sys

from bifolio.project import Project


def test_two_commands_build_one_site(report_with_site: Project) -> None:
    command = [sys.executable, "-m", "bifolio", "build"]
    processes = [
        subprocess.Popen(command, cwd=report_with_site.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=200) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    built = sorted(line for out, _ in said for line in out.splitlines() if line.startswith("site/en"))
    assert [line.split(", ")[1] for line in built] == ["built", "unchanged"]
    for language in report_with_site.languages:
        assert (report_with_site.site / language / "evidence" / "coins.html").is_file()
    assert list(report_with_site.cache.glob("site-*")) == []
