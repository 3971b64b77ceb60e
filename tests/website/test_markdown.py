"""Pages keep their formulas and diagrams through the whole of Python-Markdown, as the site sets it up."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import markdown
import pytest
from bifolio.errors import BifolioError, DiagramError, FormulaError
from bifolio.figures import DRAWINGS
from bifolio.formulas import render_formula

EXTENSIONS = [
    "bifolio.website.markdown",
    "admonition",
    "attr_list",
    "footnotes",
    "md_in_html",
    "tables",
    "toc",
    "pymdownx.details",
    "pymdownx.highlight",
    "pymdownx.inlinehilite",
    "pymdownx.superfences",
    "pymdownx.tabbed",
]
SETTINGS = {"toc": {"permalink": True}, "pymdownx.tabbed": {"alternate_style": True}}
DIAGRAM = "```mermaid\nflowchart LR\n  accTitle: 训练\n  A[甲] --> B[乙]\n```\n"


def page(text: str, extensions: list[str] = EXTENSIONS) -> str:
    settings = {name: value for name, value in SETTINGS.items() if name in extensions}
    return markdown.markdown(text, extensions=extensions, extension_configs=settings)


def inline(latex: str) -> str:
    return f'<span class="bf-inline-formula" data-search-exclude>{render_formula(latex, display=False)}</span>'


def together(latex: str, mark: str) -> str:
    return f'<span class="bf-together">{inline(latex)}{mark}</span>'


def display(latex: str, element: str = "div") -> str:
    drawing = render_formula(latex, display=True)
    return f'<{element} class="bf-formula" tabindex="0" role="group" data-search-exclude>{drawing}</{element}>'


@pytest.mark.parametrize("extensions", [EXTENSIONS, EXTENSIONS[:1], EXTENSIONS[::-1]])
def test_formula_beside_chinese(extensions: list[str]) -> None:
    assert page("损失$L$下降，$a<b$。", extensions) == f"<p>损失{inline('L')}下降，{together('a<b', '。')}</p>"


def test_emphasis_does_not_reach_into_a_formula() -> None:
    html = f"<p>{inline('a_1')} 与 {together('b_2', '，')}<em>{inline('c*d')}</em></p>"
    assert page("$a_1$ 与 $b_2$，*$c*d$*") == html


def test_money_and_escaped_dollars_stay() -> None:
    assert page(r"from $5 to $6, \$x\$") == "<p>from $5 to $6, $x$</p>"


def test_display_formula_ends_the_paragraph() -> None:
    assert page("令\n$$\na = b\n$$\n其中") == f"<p>令</p>\n{display('a = b')}\n<p>其中</p>"


def test_display_formula_amid_text_is_valid_inside_a_paragraph() -> None:
    assert page("甲 $$a$$，乙") == f"<p>甲 {display('a', 'span')}，乙</p>"


def test_lists_tables_quotes_notes_and_footnotes() -> None:
    drawn = page("- 甲 $a$\n\n    $$\n    b\n    $$\n\n- 乙")
    assert f"<p>甲 {inline('a')}</p>\n{display('b')}\n</li>" in drawn and "<pre" not in drawn
    conditional = r"p(y \mid x)"
    table = page(f"| 符号 | 义 |\n|---|---|\n| ${conditional}$ | $5 |")
    assert f"<td>{inline(conditional)}</td>" in table and "<td>$5</td>" in table
    assert f"<p>甲</p>\n{display('q')}\n</blockquote>" in page("> 甲\n> $$\n> q\n> $$")
    assert inline("t") in page('!!! note "注 $t$"\n\n    在 $n$ 中')
    assert inline("z") in page("甲[^1]\n\n[^1]: 脚注 $z$。")
    assert inline("k") in page("<div markdown>\n\n$k$\n\n</div>")


@pytest.mark.parametrize(
    "text",
    ["```\n$$x$$\n```", "`$x$`", "````\n```mermaid\nno\n```\n$x$\n````", "甲\n\n    $x$", "<pre>$x$</pre>"],
)
def test_code_stays_code(text: str) -> None:
    drawn = page(text)
    assert "katex" not in drawn and "<svg" not in drawn
    assert "$x$" in re.sub(r"<[^>]*>", "", drawn)


def test_diagram_is_drawn_for_light_and_for_dark_pages() -> None:
    drawn = page(f"甲\n\n{DIAGRAM}\n乙")
    assert drawn.startswith('<p>甲</p>\n<figure class="bf-diagram" tabindex="0"><div class="bf-light"><svg ')
    assert drawn.endswith("</div></figure>\n<p>乙</p>")
    assert len(re.findall(r'<div class="bf-(?:light|dark)"', drawn)) == 2
    assert drawn.count(">训练</title>") == 2


def test_the_same_diagram_twice_has_different_ids() -> None:
    ids = re.findall(r'\sid="([^"]+)"', page(f"{DIAGRAM}\n甲\n\n{DIAGRAM}"))
    assert len(ids) == len(set(ids)) > 8


def test_diagram_in_a_list_and_in_a_tab() -> None:
    indented = DIAGRAM.replace("\n", "\n    ").rstrip(" ")
    assert page(f"- 甲\n\n    {indented}").endswith("</figure>\n</li>\n</ul>")
    assert '<div class="tabbed-block">\n<figure class="bf-diagram"' in page(f'=== "甲"\n\n    {indented}')


def test_heading_with_a_formula_keeps_its_id() -> None:
    drawn = page("# 损失 $L$ {#loss}\n\n甲")
    assert drawn.startswith(f'<h1 id="loss">损失 {inline("L")}')


def test_same_bytes_twice() -> None:
    text = f"$a$\n\n{DIAGRAM}\n$$b$$"
    assert page(text) == page(text)


@pytest.mark.parametrize(
    ("text", "line", "error"),
    [
        ("甲\n\n乙 $\\bad$", 3, FormulaError),
        ("甲\n\n$$\na\n\\bad\n$$", 5, FormulaError),
        ("甲\n\n$$\na", 3, FormulaError),
        ("甲\n\n```mermaid\nflowchart LR\n  A --> B[卷积(CNN)]\n```", 5, DiagramError),
        ("甲\n\n```mermaid\nflowchart LR", 3, DiagramError),
    ],
)
def test_error_carries_the_line_and_leaves_the_file_to_the_caller(
    text: str, line: int, error: type[BifolioError]
) -> None:
    with pytest.raises(error) as caught:
        page(text)
    assert (caught.value.file, caught.value.line) == (None, line)
    assert str(caught.value.at("docs/zh/a.md", caught.value.line)).startswith(f"docs/zh/a.md:{line}: ")


FIGURE = "![甲 &#34;乙&#34;](figures/a/b.svg){.bf-drawn width=640 height=340 data-narrow=350x360}"


def images(html: str) -> list[dict[str, str]]:
    return [dict(re.findall(r'([\w-]+)="([^"]*)"', image)) for image in re.findall(r"<img [^>]*>", html)]


def test_a_figure_becomes_its_four_drawings() -> None:
    caption = '<figcaption markdown="span">丙</figcaption>'
    html = page(f'<figure class="bf-figure" markdown="1">\n\n{FIGURE}\n\n{caption}\n</figure>')
    found = images(html)
    assert [(image["src"], image["class"], image["width"], image["height"]) for image in found] == [
        ("figures/a/b.svg", "bf-light bf-wide", "640", "340"),
        ("figures/a/b.dark.svg", "bf-dark bf-wide", "640", "340"),
        ("figures/a/b.narrow.svg", "bf-light bf-narrow", "350", "360"),
        ("figures/a/b.narrow.dark.svg", "bf-dark bf-narrow", "350", "360"),
    ]
    assert {(unescape(image["alt"]), image["loading"], image["decoding"]) for image in found} == {
        ('甲 "乙"', "lazy", "async")
    }
    assert "data-narrow" not in html and "bf-drawn" not in html


def test_a_small_drawing_is_not_blown_up_on_a_phone() -> None:
    found = images(page(FIGURE.replace("data-narrow=350x360", "data-narrow=121x171")))
    assert [image["class"] for image in found if "bf-small" in image["class"]] == [
        "bf-light bf-narrow bf-small",
        "bf-dark bf-narrow bf-small",
    ]


def test_a_figure_amid_text_keeps_its_neighbours_and_other_images_stay() -> None:
    html = page(f"甲 {FIGURE} 乙 ![丙](c.png)")
    assert len(images(html)) == 5 and html.startswith("<p>甲 <img") and '/> 乙 <img alt="丙" src="c.png" />' in html


def test_mkdocs_finds_the_extension_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text(f"# 甲 {{#a}}\n\n行内 $x^2$。\n\n{DIAGRAM}", encoding="utf-8")
    (tmp_path / "docs/b").mkdir()
    (tmp_path / "docs/b/c.md").write_text(FIGURE.replace("figures/", "../figures/"), encoding="utf-8")
    (tmp_path / "docs/figures/a").mkdir(parents=True)
    for ending in DRAWINGS:
        (tmp_path / f"docs/figures/a/b{ending}").write_text("<svg/>")
    settings = "site_name: t\ntheme: {name: material, font: false}\nmarkdown_extensions:\n"
    settings += "".join(f"  - {name}\n" for name in EXTENSIONS if name != "pymdownx.tabbed")
    (tmp_path / "mkdocs.yml").write_text(settings, encoding="utf-8")
    surroundings = {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONPATH": str(Path(__file__).parents[2] / "generator"),
    }
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    subprocess.run(command, cwd=tmp_path, env=surroundings, check=True, capture_output=True)
    built = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    assert inline("x^2") in built
    assert '<figure class="bf-diagram"' in built
    drawings = images((tmp_path / "site/b/c/index.html").read_text(encoding="utf-8"))
    assert [image["src"] for image in drawings if "loading" in image] == [  # moved as the page's address is
        f"../../figures/a/b{ending}" for ending in DRAWINGS
    ]
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!squidfunk\.github\.io)', built)


def test_a_closing_mark_stays_with_its_formula() -> None:
    html = page("分别是 $2$ 和 $-1$；再看 $x$, then $y$ [$z$](a.md) and $" + "a + " * 20 + "b$。")
    kept = re.findall(r'<span class="bf-together">.*?</span>(.)</span>', html)
    assert kept == ["；", ","]
    assert html.rstrip().endswith("。</p>")


def test_contents_say_a_heading_with_a_formula_once() -> None:
    md = markdown.Markdown(extensions=["toc", "attr_list", "bifolio.website.markdown"])
    html = md.convert("# First $x^2$ & `c` {#first}\n\n## 当 $a<b$，**好** {#second}\n\n## Plain {#plain}")
    first, *_ = md.toc_tokens  # type: ignore[attr-defined]
    assert [first["name"], *(below["name"] for below in first["children"])] == [
        "First x² &amp; c",
        "当 a &lt; b，好",
        "Plain",
    ]
    assert "<span hidden>x²</span>" in html and html.count("data-toc-label") == 0


def test_a_formula_among_an_images_words_stays_words() -> None:
    assert 'alt="of $x$ and c"' in page("![of $x$ and `c`](p.png)")
