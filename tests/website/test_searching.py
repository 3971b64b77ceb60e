"""The theme's search is mended where it is the one that we know, and once."""

from __future__ import annotations

from pathlib import Path

import material
from bifolio.website.searching import mend_search


def test_the_installed_theme_is_mended_once(tmp_path: Path) -> None:
    (worker,) = Path(material.__file__).parent.glob("templates/assets/javascripts/workers/search.*.js")
    script = worker.read_text(encoding="utf-8")
    copy = tmp_path / "assets/javascripts/workers" / worker.name
    copy.parent.mkdir(parents=True)
    copy.write_text(script, encoding="utf-8")
    assert mend_search(tmp_path) == 1
    mended = copy.read_text(encoding="utf-8")
    assert len(mended) == len(script) + len('+";"') and mended.count('.id+";"}return') == 1
    assert mend_search(tmp_path) == 0
    assert copy.read_text(encoding="utf-8") == mended


def test_another_search_is_left_alone(tmp_path: Path) -> None:
    copy = tmp_path / "assets/javascripts/workers/search.js"
    copy.parent.mkdir(parents=True)
    copy.write_text("function toString(){return 1}", encoding="utf-8")
    assert mend_search(tmp_path) == 0
