"""Smaller drawings: what is left out is what nobody sees."""

from __future__ import annotations

from xml.etree import ElementTree

from bifolio.figures import Strip, StripFigure, draw
from bifolio.figures.compact import compact

SVG = "{http://www.w3.org/2000/svg}"
CIRCLE = "M3.317,0A3.317,3.317,0,1,1,-3.317,0A3.317,3.317,0,1,1,3.317,0"


def drawing(inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" aria-label="1.23456 &lt; 2">{inside}</svg>'


def test_numbers_of_the_geometry_alone_are_shortened() -> None:
    small = compact(drawing('<path d="M0.123456,-0.001L7.000001,2.5e-7" stroke="#000"/><text x="1.5">0.123456</text>'))
    path, text = ElementTree.fromstring(small)
    assert path.get("d") == "M0.12,0L7,0"
    assert text.text == "0.123456" and text.get("x") == "1.5"
    assert 'aria-label="1.23456 &lt; 2"' in small


def test_a_group_says_what_all_of_it_shares() -> None:
    texts = '<text font-size="14px" fill="red" opacity="1">a</text><text font-size="14px" fill="blue">b</text>'
    small = compact(drawing(f"<g>{texts}</g>"))
    root = ElementTree.fromstring(small)
    assert root.get("font-size") == "14px"
    assert [text.attrib for text in root.iter(f"{SVG}text")] == [{"fill": "red"}, {"fill": "blue"}]
    (group,) = ElementTree.fromstring(compact(drawing('<g><path d="" fill="red"/><path d="" fill="red"/></g>')))
    assert group.get("fill") == "red" and all(path.get("fill") is None for path in group)
    (mixed,) = ElementTree.fromstring(compact(drawing('<g><path d="" fill="red"/><path d=""/></g>')))
    assert mixed.get("fill") is None and mixed[0].get("fill") == "red"


def test_circles_are_circles_and_what_is_hidden_is_left_out() -> None:
    dot = f'<path transform="translate(130.34266,15.06)" d="{CIRCLE}" fill="red"/>'
    root = ElementTree.fromstring(compact(drawing(f'{dot}<path d="M0,0" display="none"/>')))
    (circle,) = root
    assert circle.tag == f"{SVG}circle"
    assert circle.attrib == {"cx": "130.34", "cy": "15.06", "r": "3.32", "fill": "red"}


def test_many_values_of_many_seeds_stay_small() -> None:
    strips = tuple(
        Strip(f"a_value_with_a_long_name_{row}", (0.1, 0.23456, 0.5, 0.7, 0.9), 0.5, 0.2, 0.8, "0.1", "0.9")
        for row in range(33)
    )
    svg = draw(StripFigure(strips), theme="light", title="seeds", description="one row for each value")
    assert len(svg.encode()) < 25_000
    assert len(list(ElementTree.fromstring(svg).iter(f"{SVG}circle"))) == 33 * 5
