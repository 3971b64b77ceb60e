"""The style sheet of a file: colours for light and dark pages, fonts, formulas, running text, the frame."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping

from bifolio.errors import ChapterError
from bifolio.export.html.drawings import Inks
from bifolio.export.html.fonts import Fonts
from bifolio.palette import PALETTES, Theme
from bifolio.programs import package_file
from bifolio.project import Project
from bifolio.storage import read_source

OWN = "document.css"
"""The file under templates/export/ whose rules stand after ours."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_FACE = re.compile(r"@font-face\{(?P<body>[^}]*)\}")
_RULE = re.compile(r"(?P<selector>[^{}]+)\{(?P<body>[^}]*)\}")
_FAMILY = re.compile(r"font(?:-family)?:[^;}]*?(?P<name>KaTeX_\w+)")
_FILE = re.compile(r"url\((?P<file>fonts/[\w.-]+\.woff2)\)[^;}]*")
_CLASS = re.compile(r"\.([\w-]+)")
_USED = re.compile(r'class="([^"]*)"')
_REQUEST = re.compile(r"@import|url\(\s*[\"']?(?!data:)", re.IGNORECASE)
_SHADES: Mapping[Theme, str] = {"light": "#1d21291a", "dark": "#00000066"}


def style_sheet(project: Project, body: str, fonts: Fonts, inks: Inks) -> str:
    """Return all styles of a file; raise ChapterError where the report's own ones would ask for another file."""
    sheets = ["drawing.css", "reading.css", f"export/{OWN}"]
    parts = [fonts.rules, _katex(body), *map(_asset, sheets), _stacks(fonts), _colours(inks), _own(project)]
    return "\n".join(" ".join(_COMMENT.sub(" ", part).split()) for part in parts if part)


def _asset(name: str) -> str:
    return package_file(f"assets/{name}").read_text(encoding="utf-8")


def _own(project: Project) -> str:
    file = project.templates / "export" / OWN
    if not file.is_file():
        return ""
    style = read_source(file, project.relative(file))
    request = _REQUEST.search(_COMMENT.sub(lambda comment: " " * len(comment[0]), style))
    if request:
        raise ChapterError(
            "an exported file asks for no other file",
            file=project.relative(file),
            line=style.count("\n", 0, request.start()) + 1,
            found=style[request.start() :].split("\n")[0].strip()[:60],
            expected="url(data:…), or nothing",
        )
    return style


def _colours(inks: Inks) -> str:
    """Return the custom properties; the reader's choice goes before that of the system."""
    light, dark = _properties("light", inks.light), _properties("dark", inks.dark)
    on_dark = "color-scheme:dark;--bf-on-light:none;--bf-on-dark:block"
    return (
        f":root{{{light};color-scheme:light}}"
        f"@media screen and (prefers-color-scheme:dark){{:root:not(:has(#colours-light:checked)){{{dark};{on_dark}}}}}"
        f"@media screen{{:root:has(#colours-dark:checked){{{dark};{on_dark}}}}}"
        "@media print{:root{--bf-paper:#fff}}"
    )


def _properties(theme: Theme, inks: Mapping[str, str]) -> str:
    palette = PALETTES[theme]
    names = ("paper", "sheet", "ink", "soft", "line", "accent", "warn", "bad")
    own = {**{f"--bf-{name}": getattr(palette, name) for name in names}, "--bf-shade": _SHADES[theme]}
    shadow = {"--md-shadow-z2": "0 0.2rem 0.8rem var(--bf-shade)"}
    return ";".join(f"{name}:{value}" for name, value in {**own, **shadow, **inks}.items())


def _stacks(fonts: Fonts) -> str:
    """Return the families of running text, which reading.css asks for by these names, whatever the language."""
    stacks = fonts.stacks
    families = {"serif": f"{stacks['serif']},serif", "sans": f"{stacks['sans']},sans-serif"}
    families["mono"] = f"{stacks['mono']},monospace"
    properties = ";".join(f"--bf-{name}:{stack}" for name, stack in families.items())
    return f":root:root body,:root:root .md-typeset{{{properties}}}"


def _katex(body: str) -> str:
    """Return KaTeX's style sheet with the fonts, inside it, that the formulas of the page use."""
    style = _asset("katex/katex.min.css")
    if 'class="katex' not in body:
        return ""
    classes = {name for names in _USED.findall(body) for name in names.split()}
    used = set(_used_families(_FACE.sub("", style), classes))
    return _FACE.sub(lambda face: _embedded(face) if _family(face["body"]) in used else "", style)


def _used_families(style: str, classes: set[str]) -> Iterator[str]:
    """Yield the families that rules name whose last classes stand on the page."""
    for rule in _RULE.finditer(style):
        family = _FAMILY.search(rule["body"])
        selectors = rule["selector"].split(",")
        if family and any(set(_CLASS.findall(selector)) <= classes for selector in selectors):
            yield family["name"]


def _family(body: str) -> str:
    found = _FAMILY.search(body)
    return found["name"] if found else ""


def _embedded(face: re.Match[str]) -> str:
    def put(source: re.Match[str]) -> str:
        file = package_file(f"assets/katex/{source['file']}")
        return f'url(data:font/woff2;base64,{base64.b64encode(file.read_bytes()).decode()}) format("woff2")'

    return _FILE.sub(put, face[0])
