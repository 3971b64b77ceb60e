"""Diagrams are drawn with readable Chinese labels, and broken ones are refused with a line."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from bifolio.diagrams import described, diagram_type, draw_diagram
from bifolio.diagrams.text_widths import text_width, wrap
from bifolio.errors import DiagramError
from bifolio.palette import PALETTES, contrast

SVG = "{http://www.w3.org/2000/svg}"
FLOWCHART = """flowchart LR
  accTitle: 训练
  accDescr { 数据进入模型，
    得到损失 }
  A["输入数据（特征）"] -->|批量归一化之后再送入下一层网络| B{"损失够小？"}
  B -->|是| C["模型(CNN)"]
"""
SEQUENCE = "sequenceDiagram\n  participant A as 客户端\n  A->>B: 请求推理\n  B-->>A: 结果\n"
STATE = "stateDiagram-v2\n  [*] --> 新鲜\n  新鲜 --> 过期: 代码改变\n"
MINDMAP = "mindmap\n  root((模型))\n    训练\n      数据\n    推理\n"
ALL = [FLOWCHART, SEQUENCE, STATE, MINDMAP]


def drawn(source: str, **arguments: Any) -> ElementTree.Element:
    settings = {"theme": "light", "identifier": "figure-1", **arguments}
    return ElementTree.fromstring(draw_diagram(source, **settings))


def lines_of_text(root: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("source", ALL)
def test_ids_are_its_own_and_every_reference_is_met(source: str) -> None:
    svg = draw_diagram(source, theme="light", identifier="figure-1")
    ids = [node.attrib["id"] for node in ElementTree.fromstring(svg).iter() if "id" in node.attrib]
    assert len(set(ids)) == len(ids)
    assert all(name.startswith("figure-1") for name in ids)
    references = set(re.findall(r'url\(#([^)"]+)\)', svg)) | set(re.findall(r'href="#([^"]+)"', svg))
    assert references <= set(ids)


@pytest.mark.parametrize("source", ALL)
def test_diagram_has_real_text_and_asks_nothing_of_the_network(source: str) -> None:
    svg = draw_diagram(source, theme="dark", identifier="figure-1")
    assert "foreignObject" not in svg
    assert not re.search(r"<(?:rect|line)[^>]*\sname=", svg)  # not an attribute of SVG
    assert "@import" not in svg
    assert not re.search(r'(?:href|src)="https?:', svg)


def test_own_title_and_description() -> None:
    root = drawn(FLOWCHART)
    assert root.attrib["role"] == "img"
    assert (root[0].tag, root[0].text) == (f"{SVG}title", "训练")
    assert (root[1].tag, root[1].text) == (f"{SVG}desc", "数据进入模型， 得到损失")
    assert root.attrib["aria-labelledby"] == root[0].attrib["id"]
    assert root.attrib["aria-describedby"] == root[1].attrib["id"]


def test_given_title_goes_before_its_own_and_is_escaped() -> None:
    root = drawn(FLOWCHART, title="甲 & <乙>", description="丙")
    assert (root[0].text, root[1].text) == ("甲 & <乙>", "丙")


def test_without_a_title_the_labels_name_it() -> None:
    root = drawn(SEQUENCE)
    assert root[0].text is not None and {"客户端", "B", "请求推理", "结果"} <= set(root[0].text.split(" · "))
    assert "aria-describedby" not in root.attrib


def test_described_reads_both_forms() -> None:
    assert described("flowchart LR\n accTitle: 甲\n accDescr: 乙\n A-->B") == ("甲", "乙")
    assert described(SEQUENCE) == ("", "")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (FLOWCHART, "flowchart"),
        ("%%{init: {'theme': 'dark'}}%%\n%% note\nmindmap\n  a", "mindmap"),
        ("---\ntitle: t\n---\nmindmap\n  a", "mindmap"),
        ("\n\n", ""),
    ],
)
def test_diagram_type(source: str, name: str) -> None:
    assert diagram_type(source) == name


def test_long_chinese_labels_are_wrapped_not_clipped() -> None:
    shown = lines_of_text(drawn(FLOWCHART))
    label = "批量归一化之后再送入下一层网络"
    assert label not in shown
    assert any(first + second == label for first, second in itertools.pairwise(shown))
    assert all(text_width(line) <= 200 for line in shown)


def test_box_is_wider_than_its_label() -> None:
    root = drawn("flowchart LR\n  A[一二三四五六七八九十]\n")
    box = next(node for node in root.iter(f"{SVG}rect") if "label-container" in node.attrib.get("class", ""))
    assert float(box.attrib["width"]) >= text_width("一二三四五六七八九十") == 160


def test_wrap_breaks_where_a_reader_would() -> None:
    assert wrap("一二三四五", 3, len) == ["一二三", "四五"]
    assert wrap("一二三，四", 3, len) == ["一二", "三，四"]  # no line starts with a comma
    assert wrap("stop early 停止", 10, len) == ["stop early", "停止"]
    assert wrap("incomprehensible", 5, len) == ["incomprehensible"]
    assert wrap("甲\n乙", None, len) == ["甲", "乙"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("source", [FLOWCHART, STATE])
def test_labels_can_be_read(source: str, theme: Any) -> None:
    svg = draw_diagram(source, theme=theme, identifier="figure-1")
    colours = PALETTES[theme]
    fills = set(re.findall(r'<text [^>]*?fill="(#[0-9a-f]+)"', svg))
    assert fills == {colours.ink}
    assert all(contrast(fill, ground) >= 4.5 for fill in fills for ground in (colours.paper, colours.sheet))


def test_it_says_how_small_it_may_become() -> None:
    root = drawn(FLOWCHART)
    width = float(root.attrib["width"])
    assert root.attrib["style"] == f"min-width:{0.6 * width:.0f}px"
    assert root.attrib["viewBox"].split()[2].startswith(f"{width:g}"[:4])


def test_markup_in_labels_does_nothing() -> None:
    source = 'flowchart LR\n  A["<blink>x</blink> & <x onerror=alert(1)>甲"] --> B\n'
    svg = draw_diagram(source, theme="light", identifier="figure-1")
    assert not re.search(r"<blink|<x\b|onerror=", svg)


def test_same_bytes_in_another_process() -> None:
    program = (
        "import sys; from bifolio.diagrams import draw_diagram\n"
        f"for source in {ALL!r}:\n"
        "    sys.stdout.buffer.write(draw_diagram(source, theme='dark', identifier='figure-1').encode())"
    )
    first, second = (
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout for _ in range(2)
    )
    assert first == second != b""


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        (
            "flowchart LR\n  A[输入] --> B[卷积(CNN)]\n  B --> C\n",
            2,
            "quote it to use them\n  found:    A[输入] --> B[卷积(CNN)]\n"
            '  expected: a label with parentheses in quotes: ["卷积(CNN)"]',
        ),
        ("sequenceDiagram\n  A->>B: x\n  foo bar\n  B->>C: y\n", 3, "found:    foo bar"),
        ('flowchart LR\n  A["甲\n', 2, "Unterminated node label"),
        ("hello\n", 1, "a diagram of this kind is not drawn\n  found:    hello"),
        ("", 1, "no Mermaid diagram detected"),
    ],
)
def test_broken_diagram_is_refused_with_its_line(source: str, line: int, message: str) -> None:
    with pytest.raises(DiagramError) as caught:
        draw_diagram(source, theme="light", identifier="figure-1")
    assert message in str(caught.value)
    assert caught.value.line == line
    assert caught.value.file is None


def test_quoted_parentheses_and_other_shapes_are_not_blamed() -> None:
    source = 'flowchart LR\n  A["卷积(CNN)"] --> B[(数据库)]\n  B --> C([圆头])\n  C --> D["\n'
    with pytest.raises(DiagramError) as caught:
        draw_diagram(source, theme="light", identifier="figure-1")
    assert caught.value.line == 4


def test_identifier_is_checked() -> None:
    with pytest.raises(ValueError, match="not an identifier"):
        draw_diagram(STATE, theme="light", identifier='"><script>')
