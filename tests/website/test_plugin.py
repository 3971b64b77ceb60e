"""Plain MkDocs with the plugin: it renders its own edition first, and says in a line what is wrong."""

from __future__ import annotations

import logging
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bifolio.chapters import Rendering, render
from bifolio.errors import ProjectError
from bifolio.project import Project
from bifolio.website import plugin as module
from bifolio.website.plugin import BifolioPlugin, edition
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort


def configuration(project: Project, name: str = "mkdocs.yml") -> MkDocsConfig:
    (project.docs / "zh").mkdir(parents=True, exist_ok=True)
    (project.docs / "en").mkdir(parents=True, exist_ok=True)
    return load_config(str(project.root / name))


def plugin_of(config: MkDocsConfig) -> BifolioPlugin:
    found = config.plugins["bifolio"]
    assert isinstance(found, BifolioPlugin)
    return found


def test_the_chapters_are_rendered_first(report_with_site: Project) -> None:
    build(configuration(report_with_site, "mkdocs.en.yml"))
    page = (report_with_site.site / "en" / "chance.html").read_text(encoding="utf-8")
    assert "How many throws are enough?" in page
    assert (report_with_site.docs / "en" / "chance.md").is_file()
    assert not list((report_with_site.docs / "zh").iterdir()), "the other edition is another configuration's"


def test_a_chapter_that_fails_is_one_message(report_with_site: Project, caplog: pytest.LogCaptureFixture) -> None:
    template = report_with_site.templates / "pages/chance/zh.md"
    template.write_text(template.read_text(encoding="utf-8") + "\n{{ dice.fair.meen }}\n", encoding="utf-8")
    line = len(template.read_text(encoding="utf-8").splitlines())
    with pytest.raises(Abort, match="The site was not built"), caplog.at_level(logging.ERROR, "mkdocs"):
        build(configuration(report_with_site))
    (record,) = caplog.records
    message = record.getMessage()
    assert message.startswith(
        f"bifolio: templates/pages/chance/zh.md:{line}: there is no such name in the results of dice"
    )
    assert "\n  found:    meen\n" in message and message.endswith("\n  nearest:  mean")


def test_the_edition_is_known_by_its_folder(report_with_site: Project) -> None:
    assert edition(configuration(report_with_site))[1] == "zh"
    assert edition(configuration(report_with_site, "mkdocs.en.yml"))[1] == "en"


def test_a_folder_that_holds_no_edition(report_with_site: Project) -> None:
    config = configuration(report_with_site)
    config.docs_dir = str(report_with_site.docs / "fr")
    with pytest.raises(ProjectError) as caught:
        edition(config)
    assert str(caught.value) == (
        "mkdocs.yml: docs_dir holds no edition of this report\n"
        "  found:    docs/fr\n  expected: docs/zh or docs/en or docs/de"
    )


def test_the_address_of_the_report_is_the_site_s(report_with_site: Project) -> None:
    settings = report_with_site.root / "pyproject.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + 'site_url = "https://example.org/report"\n', "utf-8")
    config = configuration(report_with_site)
    build(config)
    assert config.site_url == "https://example.org/report/zh/"
    sitemap = (report_with_site.site / "zh" / "sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>https://example.org/report/zh/chance.html</loc>" in sitemap and "lastmod" not in sitemap


def test_while_serving_the_watcher_renders(report_with_site: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    watched: list[Path] = []
    ended: list[bool] = []

    def watch(folders: list[Path], act: object) -> object:
        watched.extend(folders)
        return lambda: ended.append(True)

    rendered: list[str] = []

    def count(project: Project, languages: list[str]) -> Rendering:
        rendered.extend(languages)
        return render(project, languages)

    monkeypatch.setattr(module, "watch", watch)
    monkeypatch.setattr(module, "render", count)
    config = configuration(report_with_site)
    found = plugin_of(config)
    found.on_startup(command="serve", dirty=False)
    build(config)
    found.on_serve(None, config=config, builder=build)  # type: ignore[arg-type]  # the server is handed back as it is
    build(configuration(report_with_site))
    assert rendered == ["zh"], "MkDocs builds again because docs/ changed; rendering again would never end"
    assert watched == [report_with_site.templates, report_with_site.experiments]
    found.on_shutdown()
    assert ended == [True]
    build(configuration(report_with_site))
    assert rendered == ["zh", "zh"]


def test_an_error_while_serving_is_told_and_survived(
    report_with_site: Project, caplog: pytest.LogCaptureFixture
) -> None:
    config = configuration(report_with_site)
    found = plugin_of(config)
    build(config)
    page = report_with_site.docs / "zh" / "chance.md"
    before = page.read_bytes()
    template = report_with_site.templates / "pages/chance/zh.md"
    good = template.read_text(encoding="utf-8")
    with caplog.at_level(logging.INFO, "mkdocs"):
        template.write_text(good + "\n{{ dice.fair.meen }}\n", encoding="utf-8")
        found._render_again()
        assert "nearest:  mean" in caplog.records[-1].getMessage() and page.read_bytes() == before
        template.write_text(good + "\n多一句。\n", encoding="utf-8")
        found._render_again()
    assert caplog.records[-1].getMessage() == "bifolio: Rendered: zh/chance.md"


def test_search_engines_are_told_of_the_other_editions(report_with_site: Project) -> None:
    settings = report_with_site.root / "pyproject.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + 'site_url = "https://example.org/report"\n', "utf-8")
    build(configuration(report_with_site, "mkdocs.en.yml"))
    site = report_with_site.site / "en"
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    head = (site / "chance.html").read_text(encoding="utf-8").partition("</head>")[0]
    for language, edition_of in (("zh", "zh"), ("en", "en"), ("de", "de"), ("x-default", "zh")):
        address = f"https://example.org/report/{edition_of}/chance.html"
        assert f'<xhtml:link rel="alternate" hreflang="{language}" href="{address}"/>' in sitemap
        assert f'<link rel="alternate " href="{address}" hreflang="{language}">' in head
    assert '<link rel="canonical" href="https://example.org/report/en/chance.html">' in head
    assert 'hreflang="x-default" href="https://example.org/report/"/>' in sitemap
    missing = (site / "404.html").read_text(encoding="utf-8")
    assert 'href="/report/zh/index.html" hreflang="zh"' in missing and 'src="/report/en/assets/' in missing
    ElementTree.fromstring(sitemap)


def test_a_site_without_an_address_claims_none(report_with_site: Project) -> None:
    build(configuration(report_with_site, "mkdocs.en.yml"))
    site = report_with_site.site / "en"
    head = (site / "chance.html").read_text(encoding="utf-8").partition("</head>")[0]
    assert "canonical" not in head and "og:url" not in head and "x-default" not in head
    assert "<url>" not in (site / "sitemap.xml").read_text(encoding="utf-8")


def test_the_version_stands_on_every_page(report_with_site: Project) -> None:
    settings = report_with_site.root / "pyproject.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + 'version = "2.1"\n', encoding="utf-8")
    build(configuration(report_with_site, "mkdocs.en.yml"))
    pages = list((report_with_site.site / "en").rglob("*.html"))
    assert len(pages) == 10 and all("version 2.1" in page.read_text(encoding="utf-8") for page in pages)


def test_what_mkdocs_serves_has_no_policy(report_with_site: Project) -> None:
    config = configuration(report_with_site)
    plugin_of(config).on_startup(command="serve", dirty=False)
    build(config)
    assert "Content-Security-Policy" not in (report_with_site.site / "zh" / "index.html").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_drawn_is_named_with_its_line(
    report_with_site: Project, caplog: pytest.LogCaptureFixture
) -> None:
    config = configuration(report_with_site)
    render(report_with_site, ["zh"])
    page = report_with_site.docs / "zh" / "chance.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(f"{text}\n$\\nonsense$\n", encoding="utf-8")
    plugin_of(config).rendered = True  # or the page would be written anew
    with pytest.raises(Abort), caplog.at_level(logging.ERROR, "mkdocs"):
        build(config)
    assert f"bifolio: docs/zh/chance.md:{text.count(chr(10)) + 2}: " in caplog.records[-1].getMessage()


@pytest.mark.parametrize(
    ("key", "without", "message"),
    [
        ("markdown_extensions", "bifolio.website.markdown", "markdown_extensions lacks what the pages need"),
        ("extra_css", "assets/bifolio/bifolio.css", "extra_css lacks what the pages need"),
        ("extra_javascript", "assets/bifolio/frames.js", "extra_javascript lacks what the pages need"),
    ],
)
def test_a_configuration_that_lacks_something(report_with_site: Project, key: str, without: str, message: str) -> None:
    config = configuration(report_with_site)
    config[key] = [entry for entry in config[key] if str(entry) != without]
    with pytest.raises(ProjectError, match=message) as caught:
        plugin_of(config).on_config(config)
    assert (caught.value.file, caught.value.expected) == ("mkdocs.yml", without)


def test_a_switcher_that_lacks_an_edition(report_with_site: Project) -> None:
    config = configuration(report_with_site)
    config.extra["alternate"] = config.extra["alternate"][:2]
    with pytest.raises(ProjectError, match="names other editions than the report has") as caught:
        plugin_of(config).on_config(config)
    assert (caught.value.found, caught.value.expected) == ("zh, en", "zh, en, de")
