"""Claims in chapters: what a reader sees of one that holds, and what an author reads of one that does not."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.errors import BifolioError, ChangedOutcome, ContradictedClaim, FailedClaims, UnsupportedClaim
from bifolio.project import Project
from bifolio.provenance.declaration import RunName
from bifolio.results.new_claims import ClaimOnNewSeeds, keep_first_outcomes, read_claims, write_down
from bifolio.results.new_seeds import on_new_seeds
from bifolio.results.store import read_runs, result_path
from bifolio.statistics import mean_of, student_quantile

from tests.conftest import Report

CHANCE = "pages/chance/{}.md"


def page(project: Project, path: str) -> str:
    return (project.docs / path).read_text(encoding="utf-8").replace("\u00a0", " ")


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")


def edit_all(project: Project, before: str, after: str) -> None:
    for language in project.languages:
        edit(project.templates / CHANCE.format(language), before, after)


def refused(project: Project, template: str) -> BifolioError:
    """Return what is wrong with a template that is all there is to the English edition."""
    (project.templates / "pages/index/en.md").write_text(f"# Home {{#home}}\n\n{template}\n", encoding="utf-8")
    with pytest.raises(BifolioError) as error:
        render(Project(**{**vars(project), "languages": ("en",), "chapters": ()}))
    return error.value


def written(project: Project, template: str) -> str:
    """Return what a template makes, without the front matter above it."""
    (project.templates / "pages/index/en.md").write_text(template, encoding="utf-8")
    render(Project(**{**vars(project), "languages": ("en",), "chapters": ()}))
    return page(project, "en/index.md").partition("\n---\n\n")[2]


def test_a_claim_ends_in_a_mark_with_its_numbers(rendered: Path) -> None:
    text = (rendered / "docs/en/chance.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    number = r"−?[\d.]+"
    assert re.search(
        r'^A bent coin lands on heads more often \(\[[^]]+\]\(\S+ "[^"]*"\){\.bf-value}\)\. '
        r'\[✓\]\(evidence/claims\.md#chance-1 "coins\.fair\.heads &#60; coins\.bent\.heads · '
        rf"coins\.fair\.heads: {number} % · coins\.bent\.heads: {number} % · "
        rf"difference: {number}, 99 % interval {number} to {number} · seeds: 5, compared one by one · "
        rf"p: {number}(?: × 10⁻.)? · not confirmed yet: "
        r"no seeds that were first run after it was written have met it · "
        r'evidence: fresh"\)\{#claim-1 \.bf-claim\}$',
        text,
        re.MULTILINE,
    )
    assert '[✓](evidence/claims.md#chance-3 "dice.fair.sides &#60; dice.loaded.sides' in text
    assert "dice.loaded.sides: 9 · seeds: none needed, the numbers are exact · evidence: fresh" in text


def test_a_statement_ends_in_its_outcome_in_every_language(rendered: Path) -> None:
    words = {}
    for language in ("zh", "en", "de"):
        text = (rendered / f"docs/{language}/chance.md").read_text(encoding="utf-8")
        words[language] = re.findall(r"\[([^]]+)\]\([^)]*\"\)\{#statement-\d \.bf-outcome \.bf-([\w-]+)\}", text)
    classes = ["fails", "unsupported", "only-if", "untested"]
    assert [name for _, name in words["en"]] == [name for _, name in words["zh"]] == classes
    assert [word for word, _ in words["en"]] == ["fails", "not supported", "holds only if", "cannot be tested here"]
    assert [word for word, _ in words["zh"]] == ["不成立", "证据不足", "有条件成立", "此处无法检验"]
    assert words["de"][0][0] == "stimmt nicht"


def test_lines_and_paragraphs_around_a_claim_stay(tiny: Project) -> None:
    text = written(
        tiny,
        "One.\n{% claim coins.fair.tosses <= 1000 %}Two.{% endclaim %}\nThree.\n\n"
        "- a\n\n    {% claim coins.fair.tosses\n       <= 1000 %}\n    Four.\n    {% endclaim %}\n\n"
        "Five {{ dice.seeds }}.",
    )
    marks = re.sub(r"\[✓\]\([^)]*\)\{[^}]*\}", "✓", text)
    assert marks == "One.\nTwo. ✓\nThree.\n\n- a\n\n    Four. ✓\n\nFive 3."


def test_tags_in_raw_text_and_comments_are_left_alone(tiny: Project) -> None:
    source = '{% claim a.b ≈ c.d by 1 %}"x"{% endclaim %}'
    text = written(tiny, f"{{% raw %}}`{source}`{{% endraw %}}<#-- {source} --#>|{{{{ dice.seeds }}}}")
    assert text == f"`{source}`|3"


def test_a_condition_that_stands_on_two_pages_is_counted_once(tiny: Project) -> None:
    def said() -> str:
        render(tiny, ["en"])
        return page(tiny, "en/evidence/claims.md").replace("\u00a0", " ")

    once = said()
    claim = "{% claim dice.fair.sides < dice.loaded.sides + 6 %}One more.{% endclaim %}"
    chapter, summary = (tiny.templates / "pages" / name / "en.md" for name in ("letters", "index"))
    chapter.write_text(f"{chapter.read_text(encoding='utf-8')}\n{claim}\n", encoding="utf-8")
    twice = said()
    summary.write_text(f"{summary.read_text(encoding='utf-8')}\n{claim}\n", encoding="utf-8")
    again = said()
    counts = [next(line for line in text.splitlines() if "There are " in line) for text in (once, twice, again)]
    assert counts[0] != counts[1] == counts[2]
    assert "not counted again: 1." in again and "not counted again" not in twice
    assert again.count("One more.") == twice.count("One more.") + 1


def test_every_mark_leads_to_the_page_of_claims_and_back(rendered: Path) -> None:
    for language in ("zh", "en", "de"):
        chapter = (rendered / f"docs/{language}/chance.md").read_text(encoding="utf-8")
        claims = (rendered / f"docs/{language}/evidence/claims.md").read_text(encoding="utf-8")
        there = re.findall(r"\(evidence/claims\.md#([\w-]+)", chapter)
        assert there == [f"chance-{number}" for number in range(1, 8)]
        assert re.findall(r'<span id="([\w-]+)"', claims) == there
        back = re.findall(r"\(\.\./chance\.md#([\w-]+)\)", claims)
        assert back == re.findall(r"\{#((?:claim|statement)-\d)", chapter) and len(back) == 7
        assert "(evidence/" not in claims, "a sentence brought its links along"
    assert "](claims.md)" in (rendered / "docs/en/evidence/index.md").read_text(encoding="utf-8")


def test_the_page_of_claims_counts_them_and_says_what_chance_would_do(rendered: Path) -> None:
    text = (rendered / "docs/en/evidence/claims.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "There are 3 claims, 2 of them tested over seeds" in text and "and 4 statements" in text
    assert "about 0.01 of them would be expected" in text and "about 5 × 10⁻⁵ would be left" in text


def test_no_sentence_moves_the_level_of_another(tiny: Project) -> None:
    results = read_runs(tiny, "coins", "cpu")["fair"]
    found = mean_of([result.values["heads"].number for result in results])
    bound = found.mean + student_quantile(1 - 0.008 / 2, found.degrees) * found.error  # p = 0.008, enough at 99 %
    text = f'{{% statement expected="holds" if=coins.fair.heads < {bound:.6f} %}}One.{{% endstatement %}}\n\n'
    one = (
        f'{{% statement expected="not supported" if=coins.fair.heads < {found.mean:.6f} %}}No.{{% endstatement %}}\n\n'
    )
    told = []
    for template in (text, text + 9 * one):
        marked = written(tiny, template)
        assert "\n\nOne.\n\n[holds](" in marked
        told.append(next(line for line in page(tiny, "en/evidence/claims.md").splitlines() if " One. " in line))
    assert told[0] == told[1] and ">holds<" in told[0]


def test_a_report_without_claims_has_no_page_of_them(tiny: Project) -> None:
    written(tiny, "# Nothing {#nothing}\n")
    assert not (tiny.docs / "en/evidence/claims.md").exists()
    assert "claims.md" not in page(tiny, "en/evidence/index.md")


def test_a_claim_that_fails_is_told_once_for_all_editions(edited: Project) -> None:
    edit_all(edited, "coins.fair.heads < coins.bent.heads", "coins.fair.heads > coins.bent.heads")
    before = {path: path.read_bytes() for path in edited.docs.rglob("*") if path.is_file()}
    with pytest.raises(BifolioError) as error:
        render(edited)
    lines = str(error.value).splitlines()
    assert len(lines) == 5
    for line, language, sentence in zip(
        lines,
        ("zh", "en", "de"),
        ("弯曲的硬币更常", "A bent coin lands", "Eine verbogene Münze zeigt öfter"),
        strict=False,
    ):
        assert re.match(rf"templates/pages/chance/{language}\.md:\d\d: this claim is contradicted: {sentence}", line)
    assert re.fullmatch(
        r"  found:    coins\.fair\.heads = [\d.]+, coins\.bent\.heads = [\d.]+, "
        r"difference -[\d.]+, 99 % interval -[\d.]+ to -[\d.]+, "
        r"n = 5, paired by seed",
        lines[3],
    )
    assert lines[4] == (
        "  expected: coins.fair.heads > coins.bent.heads, that is the whole interval of the difference above 0"
    )
    assert {path: path.read_bytes() for path in edited.docs.rglob("*") if path.is_file()} == before


def test_the_line_of_each_edition_is_that_of_the_tag(edited: Project) -> None:
    edit_all(edited, "coins.fair.heads within 45..55", "coins.fair.heads within 45..45.1")
    with pytest.raises(BifolioError) as error:
        render(edited)
    for language in edited.languages:
        text = (edited.templates / CHANCE.format(language)).read_text(encoding="utf-8")
        line = text[: text.index("{% claim coins.fair.heads within")].count("\n") + 1
        assert f"{CHANCE.format(language)}:{line}: this claim is" in str(error.value)


def test_all_failing_claims_of_a_page_are_told(edited: Project) -> None:
    edit_all(edited, "coins.fair.heads within 45..55", "coins.fair.heads within 1..2")
    edit_all(edited, 'expected="not supported"', 'expected="holds"')
    with pytest.raises(BifolioError) as error:
        render(edited)
    text = str(error.value)
    assert text.startswith("3 pages cannot be rendered\n\n") and text.count("expected:") == 2
    assert "this claim is contradicted: A fair one" in text
    assert "the outcome of this statement is “not supported”: A loaded die shows more." in text
    assert "fewer than 5 seeds in common" in text and "  expected: “holds”" in text


@pytest.mark.parametrize(
    ("template", "kind"),
    [
        ("{% claim coins.bent.heads < 50 %}S.{% endclaim %}", ContradictedClaim),
        ("{% claim dice.fair.mean < 100 %}S.{% endclaim %}", UnsupportedClaim),
        ("{% claim dice.fair.sides > 6 %}S.{% endclaim %}", ContradictedClaim),
        ('{% statement expected="fails" if=coins.bent.heads > 50 %}S.{% endstatement %}', ChangedOutcome),
    ],
)
def test_the_kinds_of_failure(tiny: Project, template: str, kind: type[BifolioError]) -> None:
    error = refused(tiny, template)
    (failure,) = getattr(error, "failures", ())
    assert type(failure) is kind and (failure.file, failure.line) == ("templates/pages/index/en.md", 3)
    assert str(error) == str(failure)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{% claim coins.fair.haeds < 1 %}S{% endclaim %}", "there is no such name in the results of coins"),
        ("{% claim coin.fair.heads < 1 %}S{% endclaim %}", "there is no such experiment"),
        ("{% claim coins.fair.heads.x < 1 %}S{% endclaim %}", "has no parts"),
        ("{% claim coins.fair.config.tosse < 1 %}S{% endclaim %}", "there is no such field in the config of coins"),
        ("{% claim dice.fair.config.kind < 1 %}S{% endclaim %}", "a condition compares numbers"),
        ("{% claim dice.fair.running_mean < 1 %}S{% endclaim %}", "a condition compares numbers"),
        ("{% claim coins.fair < 1 %}S{% endclaim %}", "a condition compares numbers"),
        ("{% claim %}S{% endclaim %}", "the condition cannot be read"),
        ("{% claim dice.fair.sides < 7 %} {% endclaim %}", "a claim without its sentence"),
        ("{% claim coins.gpu.fair.heads < 1 %}S{% endclaim %}", "there is no stored result"),
        ("{% statement %}S{% endstatement %}", "the statement cannot be read"),
        ('{% statement expected="true" if=a.b < 1 %}S{% endstatement %}', "a statement has no such outcome"),
        ('{% statement expected="fails" %}S{% endstatement %}', "a statement has a condition, or a reason"),
        (
            '{% statement expected="cannot be tested here" %}S{% endstatement %}',
            "a statement has a condition, or a reason",
        ),
        ('{% statement expected="holds only if" if=a.b < 1 %}S{% endstatement %}', "has two conditions"),
        ('{% statement expected="holds only if" if=a.b < 1 only=a.b %}S{% endstatement %}', "cannot be read"),
    ],
)
def test_what_cannot_be_claimed(tiny: Project, template: str, message: str) -> None:
    error = refused(tiny, template)
    assert str(error).startswith("templates/pages/index/en.md:3: ") and message in str(error).splitlines()[0]


def test_what_is_said_of_a_broken_condition(tiny: Project) -> None:
    assert str(refused(tiny, "Text.\n{% claim coins.fair.heads witin 1..2 %}S{% endclaim %}")) == (
        "templates/pages/index/en.md:4: the condition cannot be read\n"
        "  found:    coins.fair.heads ⟨here⟩ witin 1..2 (character 18)\n"
        "  expected: <, >, <=, >=, within, ≈\n"
        "  nearest:  within"
    )


def test_a_page_is_made_again_when_the_numbers_of_its_claims_change(edited: Project) -> None:
    edit(edited.experiments / "coins.py", "chance=0.7", "chance=0.8")
    written = render(edited).written
    assert {"en/chance.md", "en/evidence/claims.md", "zh/chance.md"} <= set(written)
    assert ' · evidence: stale"){#claim-1 .bf-claim .bf-stale}' in page(edited, "en/chance.md")


def test_a_new_sentence_changes_the_page_of_claims(edited: Project) -> None:
    edit(edited.templates / CHANCE.format("en"), "A loaded die has more sides.", "A loaded die has extra sides.")
    assert set(render(edited).written) == {"en/chance.md", "en/evidence/claims.md"}
    assert "A loaded die has extra sides." in page(edited, "en/evidence/claims.md")


def test_no_experiment_takes_the_place_of_the_page_of_claims(edited: Project) -> None:
    code = (edited.experiments / "coins.py").read_text(encoding="utf-8")
    (edited.experiments / "claims.py").write_text(code.replace("def coins", "def claims"), encoding="utf-8")
    with pytest.raises(BifolioError) as error:
        render(edited)
    assert "a page of the evidence has this name already" in str(error.value)


def keep(project: Project, kind: str, condition: str, outcome: str, first: str = "5") -> None:
    """Write down a condition about coins, and what it came to on new seeds."""
    one = ClaimOnNewSeeds("chance", kind, "A coin.", (condition,), {"coins": first}, "", outcome, "told")
    write_down(project, "cpu", [((kind, (condition,)), ["coins"])])
    assert keep_first_outcomes(project, "cpu", [one]) == (one,)


BENT = "coins.fair.heads < coins.bent.heads"


def test_what_unseen_seeds_give_again_is_confirmed_everywhere(edited: Project) -> None:
    before = page(edited, "en/evidence/claims.md")
    assert "4 have not met unseen seeds yet" in before and "On new seeds" not in before
    keep(edited, "claim", BENT, "holds")
    keep(edited, "statement", "coins.bent.heads ≈ 50 by 5", "fails")
    keep(edited, "claim", "coins.fair.heads < 7", "holds")  # no page says this any more
    assert {"en/chance.md", "en/evidence/claims.md"} <= set(render(edited).written)
    text = page(edited, "en/evidence/claims.md")
    assert "gave 2 again on new splits of the same data and 0 on fresh data: these are confirmed" in text
    said = '<span class="bf-caption">On new seeds (coins from seed 5, profile cpu):</span>'
    assert f'{said} <span class="bf-outcome bf-fails">fails</span>' in text and text.count("On new seeds") == 2
    assert text.count("confirmed: unseen seeds gave it again, on new splits of the same data") == 2
    assert " · confirmed: unseen seeds gave it again, on new splits" in page(edited, "en/chance.md")
    assert "bestätigt auf neuen Aufteilungen" in page(edited, "de/evidence/claims.md")


def test_what_unseen_seeds_do_not_give_again_is_not_supported(edited: Project) -> None:
    keep(edited, "claim", BENT, "holds")
    keep(edited, "claim", BENT, "not supported", first="9")
    keep(edited, "statement", "coins.bent.heads ≈ 50 by 5", "holds")
    with pytest.raises(BifolioError) as error:
        render(edited)
    text = str(error.value)
    assert "this claim is not repeated: A bent coin" in text and "on new seeds (cpu): not supported, told" in text
    assert "the outcome of this statement is “not supported”" in text and "on new seeds (cpu): holds, told" in text


def test_a_condition_that_was_written_after_the_seeds_were_run_is_not_confirmed_by_them(edited: Project) -> None:
    one = ClaimOnNewSeeds("chance", "claim", "A coin.", (BENT,), {"coins": "5"}, "", "holds", "told")
    assert keep_first_outcomes(edited, "cpu", [one]) == (), "nobody knows when it was written"
    keep(edited, "claim", "coins.fair.heads < 7", "holds", first="9")
    render(edited)
    assert " · confirmed" not in page(edited, "en/chance.md")
    run = result_path(edited, RunName("coins", "cpu", "fair", 0))
    seen = on_new_seeds(edited).results("cpu") / "coins/cpu/fair/seed-9.json"
    seen.parent.mkdir(parents=True)
    shutil.copy(run, seen)
    write_down(edited, "cpu", [(("claim", (BENT,)), ["coins"])])
    assert [written.seen for written in read_claims(edited, "cpu").written] == [{"coins": 4}, {"coins": 9}]
    assert keep_first_outcomes(edited, "cpu", [replace(one, seeds={"coins": "9"})]) == ()
    later = replace(one, seeds={"coins": "10"})
    assert keep_first_outcomes(edited, "cpu", [later]) == (later,)
    render(edited)
    assert " · confirmed" in page(edited, "en/chance.md")


def test_seeds_that_are_published_since_confirm_nothing(edited: Project) -> None:
    keep(edited, "claim", BENT, "holds")
    edit(edited.experiments / "coins.py", "seeds=5", "seeds=6")
    render(edited)
    assert " · confirmed" not in page(edited, "en/chance.md")


def test_what_was_not_decided_asks_for_no_repetition(tiny: Project) -> None:
    template = '{% statement expected="not supported" if=coins.fair.heads < 50 %}Under half.{% endstatement %}\n'
    before = written(tiny, template)
    keep(tiny, "statement", "coins.fair.heads < 50", "holds")
    assert written(tiny, template) == before and "confirmed" not in before


def test_what_is_confirmed_says_on_fresh_data_where_no_seeds_share_any(choosing: Report) -> None:
    project = choosing.project
    write_down(project, "cpu", [(("claim", ("some.errors < 50",)), ["some"])])
    keep_first_outcomes(
        project, "cpu", [ClaimOnNewSeeds("index", "claim", "S", ("some.errors < 50",), {"some": "5"}, "", "holds", "")]
    )
    assert "confirmed: unseen seeds gave it again, on fresh data" in written(
        project, "{% claim some.errors < 50 %}S.{% endclaim %}"
    )


def test_an_outcome_on_new_seeds_that_there_is_not(edited: Project) -> None:
    condition = ("coins.fair.heads < coins.bent.heads",)
    one = ClaimOnNewSeeds("chance", "claim", "A coin.", condition, {"coins": "5"}, "holds", "<b>true</b>", "")
    write_down(edited, "cpu", [(("claim", condition), ["coins"])])
    keep_first_outcomes(edited, "cpu", [one])
    with pytest.raises(BifolioError, match="there is no such outcome"):
        render(edited)


def test_a_decimal_number_of_one_seed_supports_nothing(edited: Project) -> None:
    edit(edited.experiments / "coins.py", "seeds=5", "seeds=1")
    error = refused(edited, "{% claim coins.fair.heads < coins.bent.heads %}Bent.{% endclaim %}")
    assert isinstance(error, FailedClaims) and "not supported" in str(error) and "n = 1" in str(error)
    error = refused(edited, "{% claim coins.fair.tosses > 5 %}Many.{% endclaim %}")
    assert "not supported" in str(error), "neither does a whole number of one seed"


def test_a_work_that_a_sentence_cites_is_named_on_the_page_of_claims(edited: Project) -> None:
    with (edited.root / "references.bib").open("a", encoding="utf-8") as works:
        works.write("@misc{pascal1654, author = {Pascal, Blaise}, title = {Letters}, year = {1654}}\n")
    edit_all(
        edited, "{% claim coins.fair.heads within 45..55 %}", "{% claim coins.fair.heads within 45..55 %}[@pascal1654] "
    )
    render(edited)
    assert "([Pascal, 1654](references.md#pascal1654)) A fair one lands on heads" in page(edited, "en/chance.md")
    assert "</span> (Pascal, 1654) A fair one lands on heads" in page(edited, "en/evidence/claims.md")
    edit(edited.templates / "pages/chance/en.md", "[@pascal1654]", "[@pascal]")
    with pytest.raises(BifolioError, match="no work in references") as error:
        render(edited)
    assert (
        error.value.file == "templates/pages/chance/en.md" and error.value.line and error.value.nearest == "pascal1654"
    )
