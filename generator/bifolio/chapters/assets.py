"""The files that every edition carries beside its pages."""

from __future__ import annotations

from bifolio.programs import package_file


def assets(language: str) -> dict[str, bytes]:
    """Return the files that every edition carries: styles and fonts, without what only the generator reads."""
    folder = package_file("assets")
    files = {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*")) if file.is_file()}
    return {
        f"{language}/assets/bifolio/{path}": file.read_bytes()
        for path, file in files.items()
        if not path.endswith((".md", "katex.min.js")) and not path.startswith("export/")
    }
