"""An author's pictures: beside the page of every edition that names them, and nothing that lies elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.chapters.templates.pictures import PICTURES
from bifolio.check import check
from bifolio.errors import ChapterError, ProjectError
from bifolio.project import Project, find_project

LANGUAGES = ("zh", "en", "de")
SHOWN = "templates/pages/index"


def add(project: Project, text: str, *languages: str) -> None:
    for language in languages or LANGUAGES:
        with open(project.root / SHOWN / f"{language}.md", "a", encoding="utf-8") as stream:
            stream.write(f"\n{text.replace('LANGUAGE', language)}\n")


def put(project: Project, name: str, content: bytes = b"<svg/>") -> Path:
    path = project.root / SHOWN / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def page(project: Project, language: str) -> str:
    return (project.docs / language / "index.md").read_text(encoding="utf-8")


def pictures(project: Project) -> set[str]:
    return {
        path.relative_to(project.docs).as_posix() for path in project.docs.glob("*/pictures/**/*") if path.is_file()
    }


def refusal(project: Project, text: str) -> ChapterError:
    add(project, text, "en")
    with pytest.raises(ChapterError) as caught:
        render(project)
    lines = (project.root / SHOWN / "en.md").read_text(encoding="utf-8").splitlines()
    assert caught.value.file == f"{SHOWN}/en.md" and caught.value.line == lines.index(text.splitlines()[-1]) + 1
    return caught.value


def test_a_picture_goes_beside_every_page_that_names_it(edited: Project) -> None:
    put(edited, "wheel.svg")
    put(edited, "标志.zh.svg", b"<svg>1</svg>")
    put(edited, "never named.png")
    add(edited, "![A wheel](wheel.svg)")
    add(edited, "> ![轮](标志.zh.svg)", "zh")
    made = {f"{language}/pictures/index/wheel.svg" for language in LANGUAGES} | {"zh/pictures/index/标志.zh.svg"}
    assert set(render(edited).written) == made | {f"{language}/index.md" for language in LANGUAGES}
    assert pictures(edited) == made
    assert made < set((edited.docs / "files.txt").read_text(encoding="utf-8").splitlines())
    assert "\n![A wheel](pictures/index/wheel.svg)\n" in page(edited, "de")
    assert "\n> ![轮](pictures/index/标志.zh.svg)\n" in page(edited, "zh")
    assert (edited.docs / "zh/pictures/index/标志.zh.svg").read_bytes() == b"<svg>1</svg>"
    assert render(edited).written == ()


def test_a_picture_may_have_a_title_and_stand_in_a_folder_a_list_and_parentheses(edited: Project) -> None:
    put(edited, "old/wheel.PNG")
    add(edited, '1. One [a] (b).\n\n    ![A \\[broken\\] *wheel*](old/wheel.PNG "As it is")')
    render(edited)
    assert '    ![A \\[broken\\] *wheel*](pictures/index/old/wheel.PNG "As it is")\n' in page(edited, "en")


def test_what_only_looks_like_a_picture_is_left_alone(edited: Project) -> None:
    text = "`![a](none.png)` and !\\[a](index.md) and [a](index.md)\n\n```markdown\n![a](none.png)\n```"
    add(edited, text)
    render(edited)
    assert text in page(edited, "en") and not pictures(edited)


def test_a_picture_that_changed_is_copied_and_one_that_was_spoiled_is_mended(edited: Project) -> None:
    picture = put(edited, "wheel.svg")
    add(edited, "![A wheel](wheel.svg)", "en", "de")
    render(edited)
    picture.write_bytes(b"<svg>2</svg>")
    made = ("de/pictures/index/wheel.svg", "en/pictures/index/wheel.svg")
    assert render(edited).written == made
    assert (edited.docs / made[0]).read_bytes() == b"<svg>2</svg>"
    (edited.docs / made[1]).write_bytes(b"spoiled")
    found = [(finding.rule, finding.file) for finding in check(edited) if finding.rule == "outdated-docs"]
    assert found == [("outdated-docs", f"docs/{made[1]}")]
    assert render(edited).written == made[1:]
    shutil.rmtree(edited.cache)
    assert render(edited).written == ()


def test_only_the_pages_that_show_a_picture_depend_on_it(edited: Project) -> None:
    put(edited, "wheel.svg")
    render(edited)
    records = (edited.cache / "pages.json").read_bytes()
    put(edited, "wheel.svg", b"<svg>2</svg>")
    put(edited, "photo.jpeg")
    assert render(edited).written == () and (edited.cache / "pages.json").read_bytes() == records


def test_a_picture_that_no_page_names_any_more_is_removed(edited: Project) -> None:
    put(edited, "wheel.svg")
    text = (edited.root / SHOWN / "de.md").read_text(encoding="utf-8")
    add(edited, "![A wheel](wheel.svg)")
    render(edited)
    (edited.root / SHOWN / "de.md").write_text(text, encoding="utf-8")
    assert render(edited).removed == ("de/pictures/index/wheel.svg",)
    assert not (edited.docs / "de/pictures").exists() and (edited.docs / "en/pictures/index/wheel.svg").is_file()


def test_a_picture_of_one_language_is_no_difference_and_another_picture_is(edited: Project) -> None:
    for language in LANGUAGES:
        put(edited, f"sign.{language}.svg")
    put(edited, "other.svg")
    add(edited, "![A sign](sign.LANGUAGE.svg)")
    assert not [finding for finding in check(edited) if finding.rule == "reference-parity"]
    add(edited, "![A sign](other.svg)", "en")
    (finding,) = (finding for finding in check(edited) if finding.rule == "reference-parity")
    assert finding.edition == "en" and finding.found.endswith(": link other.svg")


def test_a_picture_that_is_not_there_names_the_nearest(edited: Project) -> None:
    put(edited, "wheel.svg")
    put(edited, "wheels.txt")
    assert str(refusal(edited, "![A wheel](whell.svg)")).endswith(
        ": the picture cannot be read: No such file or directory\n"
        "  found:    whell.svg\n"
        "  expected: a picture in templates/pages/index\n"
        "  nearest:  wheel.svg"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("![](wheel.svg)", "a picture without words"),
        ("![ ](wheel.svg)", "a picture without words"),
        ("![A wheel](wheel.pdf)", "no picture that site, HTML and PDF can show"),
        ("![A wheel](wheel)", "no picture that site, HTML and PDF can show"),
        ("![A wheel](../chance/wheel.svg)", "a picture lies in its page's folder"),
        ("![A wheel](old/../../chance/wheel.svg)", "a picture lies in its page's folder"),
        ("![A wheel](./wheel.svg)", "a picture lies in its page's folder"),
        ("![A wheel](/etc/wheel.svg)", "a picture lies in its page's folder"),
        ("![A wheel](..\\wheel.svg)", "a picture lies in its page's folder"),
        ("![A wheel](%2e%2e/wheel.svg)", "a picture lies in its page's folder"),
        ("![A wheel](https://a.example/wheel.svg)", "a picture lies in its page's folder"),
        ("![A wheel](data:image/svg+xml,wheel.svg)", "a picture lies in its page's folder"),
        ("![A wheel](wheel.svg#top)", "a picture lies in its page's folder"),
        ("![A wheel](figures/chance/dice-running_mean.svg)", "the picture cannot be read"),
        ("![A wheel](a wheel.svg)", "a picture that is not read alike everywhere"),
        ("![A wheel](wheel.svg){.bf-drawn}", "a picture among words"),
        ("A wheel: ![A wheel](wheel.svg)", "a picture among words"),
        ("- ![A wheel](wheel.svg)", "a picture among words"),
        ("[![A wheel](wheel.svg)](chance.md)", "a picture among words"),
        ("Above.\n![A wheel](wheel.svg)", "a picture among words"),
        ("{{ '![A wheel](none.svg)' }}", "the picture cannot be read"),
    ],
)
def test_a_picture_that_is_refused_with_its_line(edited: Project, text: str, problem: str) -> None:
    put(edited, "wheel.svg")
    (edited.templates / "pages/chance/wheel.svg").write_bytes(b"<svg/>")
    found = refusal(edited, text)
    assert found.problem.startswith(problem) and found.expected and not pictures(edited)


@pytest.mark.parametrize("name", ["link.svg", "linked/wheel.svg"])
def test_no_link_leads_out_of_the_folder(edited: Project, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside" / "wheel.svg"
    outside.parent.mkdir()
    outside.write_bytes(b"secret")
    (edited.root / SHOWN / "link.svg").symlink_to(outside)
    (edited.root / SHOWN / "linked").symlink_to(outside.parent)
    assert refusal(edited, f"![A wheel]({name})").problem == "a picture that leads out of its page's folder"
    assert not pictures(edited)


def test_a_link_that_stays_in_the_folder_is_followed(edited: Project) -> None:
    put(edited, "wheel.svg")
    (edited.root / SHOWN / "link.svg").symlink_to("wheel.svg")
    add(edited, "![A wheel](link.svg)")
    render(edited)
    copied = edited.docs / "en/pictures/index/link.svg"
    assert copied.read_bytes() == b"<svg/>" and not copied.is_symlink()


@pytest.mark.parametrize("ending", PICTURES)
def test_every_kind_of_picture_is_taken(edited: Project, ending: str) -> None:
    put(edited, f"wheel{ending}")
    add(edited, f"![A wheel](wheel{ending})", "en")
    render(edited)
    assert pictures(edited) == {f"en/pictures/index/wheel{ending}"}


# ---- Where pages lie -------------------------------------------------------------------------------------------------


def test_the_layout_of_before_is_one_error_that_says_what_to_move(edited: Project) -> None:
    for number, name in enumerate(("index", "chance", "letters")):
        for language in LANGUAGES:
            path = edited.templates / "pages" / name / f"{language}.md"
            path.rename(edited.templates / (f"{number:02}-{name}.{language}.md" if number else f"{name}.{language}.md"))
    with pytest.raises(ProjectError) as caught:
        render(edited)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("templates: a page is a folder") and len(lines) == 3 + 1 + 9
    assert "mv -n templates/01-chance.de.md templates/pages/chance/de.md" in map(str.strip, lines)
    (finding,) = (finding for finding in check(edited) if finding.rule == "broken-page")
    assert (finding.file, finding.edition) == ("templates", "")
    for command in lines[3:]:
        tool, _option, *paths = command.split()
        if tool == "mv":
            (edited.root / paths[0]).rename(edited.root / paths[1])
        else:
            assert all((edited.root / path).is_dir() for path in paths)
    assert render(edited).written == ()


def test_a_page_without_a_folder_names_the_nearest(edited: Project) -> None:
    settings = edited.root / "pyproject.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"letters"', '"../letter"'), encoding="utf-8")
    with pytest.raises(ChapterError) as caught:
        render(find_project(edited.root), ["en"])
    assert str(caught.value) == (
        "templates/pages: the page '../letter' has no template in the language 'en'\n"
        "  found:    none\n"
        "  expected: templates/pages/../letter/en.md\n"
        "  nearest:  letters"
    )
