"""What has to be installed for a verb."""

from __future__ import annotations

from importlib.util import find_spec

from bifolio.errors import EnvironmentMismatch

_BUILD_LIBRARIES = (
    *("jinja2", "babel", "quickjs", "merman", "vl_convert"),
    *("bibtexparser", "mkdocs", "material", "markdown_it"),
)


def require_build_side() -> None:
    """Raise EnvironmentMismatch where only the run side is installed: one message, not one for each page."""
    missing = [name for name in _BUILD_LIBRARIES if find_spec(name) is None]
    if missing:
        raise EnvironmentMismatch(
            "rendering needs libraries that are not installed",
            found=f"no {', no '.join(missing)}",
            expected="pip install 'bifolio[build]', or `make site` in a checkout",
        )
