"""Every kind of diagram is drawn with its text inside and in the page's colours, or refused with its line."""

from __future__ import annotations

import re
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bifolio.diagrams import diagram_type, draw_diagram
from bifolio.diagrams.extent import text_boxes
from bifolio.diagrams.kinds import DRAWN
from bifolio.diagrams.preparing import prepared
from bifolio.diagrams.text_widths import text_width
from bifolio.errors import DiagramError
from bifolio.palette import PALETTES, Theme

SVG = "{http://www.w3.org/2000/svg}"
SOURCES = [
    (language, source)
    for language in ("en", "zh")
    for source in re.findall(
        "```mermaid\n(.*?)```", Path(__file__).with_name(f"kinds.{language}.md").read_text("utf-8"), re.S
    )
]
NAMED = {f"{language}-{diagram_type(source)}": source for language, source in SOURCES}


def refused(source: str) -> DiagramError:
    with pytest.raises(DiagramError) as caught:
        draw_diagram(source, theme="light", identifier="figure-1")
    return caught.value


def test_there_is_one_of_each_kind_in_either_language() -> None:
    assert {DRAWN[name.split("-", 1)[1]] for name in NAMED if name.startswith("en")} == set(DRAWN.values())
    assert {DRAWN[name.split("-", 1)[1]] for name in NAMED if name.startswith("zh")} == set(DRAWN.values())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMED)
def test_it_is_xml_that_asks_for_nothing_and_holds_its_texts(name: str, theme: Theme) -> None:
    svg = draw_diagram(NAMED[name], theme=theme, identifier="figure-1")
    root = ElementTree.fromstring(svg)
    assert not re.search(r"https?://(?!www\.w3\.org)|@import|<script|<foreignObject|<a\b|\son\w+=", svg)
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    boxes = list(text_boxes(root))
    assert boxes
    for x0, y0, x1, y1 in boxes:
        assert left <= x0 <= x1 <= left + width and top <= y0 <= y1 <= top + height
    assert set(re.findall(r'font-family(?:="|:)([^",;]*)', svg)) == {"Noto Sans SC"}
    assert PALETTES[theme].ink in svg or PALETTES[theme].paper in svg


@pytest.mark.parametrize(
    "kind",
    [
        "info",
        "error",
        "zenuml",
        "C4Context",
        "block-beta",
        "treeView-beta",
        "venn-beta",
        "wardley-beta",
        "flowchart-elk",
    ],
)
def test_another_kind_is_refused_with_those_that_are_drawn(kind: str) -> None:
    error = refused(f"%% a comment\n{kind}\n  A --> B\n")
    assert (error.line, error.found) == (2, kind)
    assert "flowchart, gantt" in str(error.expected)
    assert refused("flowchrt LR\n  A --> B\n").nearest == "flowchart"


@pytest.mark.parametrize(
    ("source", "line", "problem"),
    [
        ('flowchart LR\n  A --> B\n  click A "https://a.example"\n', 3, "no links and no scripts"),
        ("flowchart LR\n  A --> B\n  click A call f()\n", 3, "no links and no scripts"),
        ("sequenceDiagram\n  A->>B: x\n  link A: D @ https://a.example\n", 3, "no links and no scripts"),
        ('classDiagram\n  class A\n  link A "https://a.example"\n', 3, "no links and no scripts"),
        ("flowchart LR\n  A[fa:fa-car Car]\n", 2, "no icons and no pictures"),
        ('flowchart LR\n  A@{ img: "https://a.example/x.png" }\n', 2, "no icons and no pictures"),
        ("architecture-beta\n  service a(logos:aws)[A]\n", 2, "no icon of this name"),
        ('flowchart LR\n  A["<img src=x onerror=alert(1)>"]\n', 2, "no HTML"),
        ('flowchart LR\n  A["<b>bold</b>"]\n', 2, "no HTML"),
        ('flowchart LR\n  A["$$x^2$$"]\n', 2, "no formulas"),
        ('%%{init: {"theme": "forest"}}%%\nflowchart LR\n  A --> B\n', 1, "the look of its page"),
        ("---\ntitle: T\nconfig:\n  look: handDrawn\n---\nflowchart LR\n  A --> B\n", 4, "the look of its page"),
    ],
)
def test_what_pages_and_books_cannot_show_alike_is_refused(source: str, line: int, problem: str) -> None:
    error = refused(source)
    assert error.line == line
    assert problem in error.problem


@pytest.mark.parametrize(
    "source",
    [
        "flowchart LR\n  click --> link\n  A[x < y and a > b] --> B[List<int>]\n  C[one<br>two]\n",
        "sequenceDiagram\n  participant link\n  link->>B: mail to a@b.example\n",
        "classDiagram\n  class A {\n    <<interface>>\n    +properties\n  }\n",
        '%%{init: {"flowchart": {"curve": "linear"}}}%%\n%% click A "https://a.example"\nflowchart LR\n  A --> B\n',
    ],
)
def test_words_that_only_look_like_it_are_not(source: str) -> None:
    assert draw_diagram(source, theme="light", identifier="figure-1")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("flowchart TD\n" + "".join(f"  n{one} --> n{one + 1}\n" for one in range(5000)), "characters"),
        ("flowchart TD\n" + "".join(f"  {one} --> {one + 1}\n" for one in range(500)), "1001 nodes and edges"),
        ("flowchart TD\n  " + " & ".join(f"a{one}" for one in range(90)) + " --> b & c & d & e", "nodes and edges"),
    ],
)
def test_a_diagram_that_nobody_can_read_is_refused_in_a_second(source: str, found: str) -> None:
    draw_diagram("flowchart LR\n  A --> B\n", theme="light", identifier="figure-1")  # the engine is loaded
    start = time.process_time()
    error = refused(source)
    assert time.process_time() - start < 1
    assert (error.problem, error.line) == ("the diagram is too large", 1)
    assert found in str(error.found)
    assert "300 nodes and edges" in str(error.expected)


def test_texts_in_boxes_of_a_fixed_width_are_broken() -> None:
    """The engine breaks lines at spaces, of which Chinese has none."""
    timeline = "timeline\n  title 大模型的历史，一个很长很长的标题\n  2017 : 注意力机制就是你所需要的一切 : 变换器\n"
    assert prepared(timeline).splitlines()[2] == "  2017 : 注意力机制就是你所需<br>要的一切 : 变换器"
    root = ElementTree.fromstring(draw_diagram(timeline, theme="light", identifier="figure-1"))
    spans = ["".join(span.itertext()) for span in root.iter(f"{SVG}tspan")]
    assert {"注意力机制就是你所需", "要的一切"} <= set(spans)
    assert all(text_width(span) <= 190 for span in spans)
    journey = "journey\n  section 上午\n    编写程序代码并运行全部测试: 5: 我\n"
    assert prepared(journey).splitlines()[2] == "    编写程序代码并运行<br>全部测试: 5: 我"
    long_word = prepared("timeline\n  2017 : " + "x" * 60).splitlines()[1]
    assert all(text_width(part) <= 190 for part in long_word.split(" : ")[1].split("<br>"))


def test_lines_of_a_timeline_are_seen() -> None:
    for theme, palette in PALETTES.items():
        svg = draw_diagram(NAMED["zh-timeline"], theme=theme, identifier="figure-1")
        assert f"#figure-1 .lineWrapper line{{stroke:{palette.soft}!important}}" in svg


def test_letters_stand_out_from_a_ground_of_the_authors() -> None:
    light, dark = (PALETTES[theme].ink for theme in ("light", "dark"))
    assert prepared("flowchart LR\n  style A fill:#f9f").endswith(f"style A fill:#f9f,color:{light}")
    assert prepared("flowchart LR\n  classDef b fill:navy;").endswith(f"classDef b fill:navy,color:{dark}")
    assert prepared("flowchart LR\n  style A fill:#000,color:#fff").endswith("fill:#000,color:#fff")
    drawn = draw_diagram("flowchart LR\n  A[甲]\n  style A fill:#fdd", theme="dark", identifier="figure-1")
    assert re.search(rf'<text [^>]*fill="{light}"', drawn)


def test_a_title_wider_than_its_diagram_is_not_cut() -> None:
    title = "一个比图本身宽得多的标题，它应当完整地显示"
    svg = draw_diagram(f"---\ntitle: {title}\n---\nflowchart TD\n  A --> B\n", theme="light", identifier="figure-1")
    assert float(ElementTree.fromstring(svg).attrib["viewBox"].split()[2]) >= text_width(title, 18)


@pytest.mark.parametrize(
    "source",
    [
        'flowchart LR\n  A["see https://a.example"] --> B["[x](https://a.example)"]\n  C["`[y](https://a.example)`"]\n',
        "sequenceDiagram\n  A->>B: https://a.example and [x](https://a.example)\n",
        'classDiagram\n  class A["https://a.example"]\n',
    ],
)
def test_an_address_in_a_label_is_no_link(source: str) -> None:
    svg = draw_diagram(source, theme="light", identifier="x")
    assert "a.example" in re.sub(r"<[^>]*>", "", svg), "it is shown"
    assert re.findall(r"<a\b", svg) == [] and not re.search(r'href="(?!#)', svg)
