"""Turns the tokens of a page into HTML: links led to where they lead in the file, all that is shown put into it."""

from __future__ import annotations

import html
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from bifolio.errors import BifolioError, ChapterError
from bifolio.export.html.addresses import KINDS, data_address
from bifolio.export.html.drawings import show_diagram, show_figure
from bifolio.export.html.highlighting import highlight
from bifolio.export.html.merging import MergedPages
from bifolio.export.links import Beside, Inside, Nowhere, Outside, find_aim
from bifolio.export.tokens import Reading
from bifolio.formulas.framing import frame_formula
from bifolio.markdown.plain import words_of
from bifolio.markdown.tree import Drawn


class PageRenderer(RendererHTML):
    """Renders one page; `levels` is how much deeper than on the site its headings stand."""

    def __init__(self, pages: MergedPages, reading: Reading, levels: int) -> None:
        super().__init__()
        self.reading, self.levels = reading, levels
        self._pages = pages
        self._links: list[str] = []  # the tags of the links that are open
        self._place: Token | None = None  # the block that is being rendered

    def page(self) -> str:
        """Return the page's HTML; raise ChapterError, FormulaError or DiagramError with its file and line."""
        return self.render(self.reading.tokens, OptionsDict(_OPTIONS), {})

    def title(self, heading: Token) -> str:
        """Return the words of a heading for the contents: without links, which would lie in another."""
        self._place = heading
        kept = [token for token in heading.children or () if token.type not in ("link_open", "link_close")]
        return self.renderInline([_without_id(token) for token in kept], OptionsDict(_OPTIONS), {})

    def render(self, tokens: Sequence[Token], options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """Render blocks, and remember at which one, so that errors can tell the line."""
        parts, index = [], 0
        while index < len(tokens):
            token = tokens[index]
            self._place = token if token.map else self._place
            folded = self._fold(tokens, index, options, env)
            if folded is not None:
                parts.append(folded)
                index += 4
                continue
            if token.type == "inline":
                parts.append(self.renderInline(token.children or [], options, env))
            elif token.type in self.rules:
                parts.append(self.rules[token.type](tokens, index, options, env))
            else:
                parts.append(self.renderToken(tokens, index, options, env))
            index += 1
        return "".join(parts)

    def _fold(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str | None:
        """Return code of the evidence behind its file's name: a paragraph that is only the name, then a fence.

        A file that several experiments share is in the export once; elsewhere its name leads there.
        """
        four = tokens[index : index + 4]
        if self.reading.page.part != "evidence" or tuple(token.type for token in four) != _FOLDED:
            return None
        children = four[1].children or []
        if [child.type for child in children] != ["code_inline"]:
            return None
        name, content = self.renderInline(children, options, env), f"{children[0].content}\n{four[3].content}"
        if content in self._pages.code:
            return f'<p class="bf-source"><a href="#{self._pages.code[content]}">{name}</a></p>\n'
        self._pages.code[content] = address = self._pages.unused("code")
        code = self.fence(four, 3, options, env)
        return f'<details class="bf-source" id="{address}"><summary>{name}</summary>\n{code}</details>\n'

    # ---- the rules, each for the token of its name ----

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        return _escape(tokens[idx].content)

    def formula(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """Return a formula in a line, with the marks that no line may begin with."""
        shown, marks = self._drawn(tokens[idx]), tokens[idx].meta.get("marks")
        return f'<span class="bf-together">{shown}{_escape(marks)}</span>' if marks else shown

    def display_formula(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return f"{self._drawn(tokens[idx])}\n"

    def heading_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return f"<{self._heading(tokens[idx])}{self.renderAttrs(tokens[idx])}>"

    def heading_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return f"</{self._heading(tokens[idx])}>\n"

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """Return a table in the frames in which it scrolls, as the site has them."""
        return '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">\n<table>\n'

    def table_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return "</table>\n</div></div>\n"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """Return code, or the diagram that it describes."""
        if "drawn" in tokens[idx].meta:
            return f"{self._drawn(tokens[idx])}\n"
        return highlight(tokens[idx].content, tokens[idx].info.strip())

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        return highlight(tokens[idx].content, "")

    def frame_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        return f"<{tokens[idx].tag}{self.renderAttrs(tokens[idx])}>{'' if tokens[idx].tag == 'summary' else chr(10)}"

    def frame_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return f"</{tokens[idx].tag}>\n"

    def tag_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        return f"<{tokens[idx].tag}{self.renderAttrs(tokens[idx])}>"

    def tag_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        return f"</{tokens[idx].tag}>"

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """Return a link to where its target is now; where that is nowhere, its words stay."""
        token = tokens[idx]
        target = str(token.attrs["href"])
        aim = find_aim(self._pages.manuscript, self.reading.page, target)
        kept = {name: value for name, value in token.attrs.items() if name != "href"}
        if isinstance(aim, Nowhere):
            self._links.append("span")
        elif isinstance(aim, Outside):
            kept["href"] = aim.address
        elif isinstance(aim, Inside):
            name = self._pages.identifiers.of(aim)
            if name is None:
                raise self._refuse("a link leads to no place of its page", target, self._pages.identifiers.nearest(aim))
            kept["href"] = f"#{name}"
        else:
            kept["href"], kept["download"] = self._file(aim), aim.path.name
        if "href" in kept:
            self._links.append("a")
        return f"<{self._links[-1]}{_attributes(kept)}>"

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        return f"</{self._links.pop()}>"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """Return a picture with its content; a figure's drawings stand in the page itself."""
        token = tokens[idx]
        source = str(token.attrs["src"])
        words = words_of(token.children or ())
        aim = find_aim(self._pages.manuscript, self.reading.page, source)
        if not words.strip():
            raise self._refuse("an image without words", source, "![what it shows](…)")
        if not isinstance(aim, Beside):
            raise self._refuse("an image that is not a file of the edition", source, "a path below docs/")
        if "bf-drawn" in str(token.attrs.get("class", "")).split():
            try:
                return show_figure(aim.path.with_suffix(""), self._pages.inks)
            except ChapterError as error:
                raise self._placed(error) from error
        kept = {name: value for name, value in token.attrs.items() if name not in ("src", "alt")}
        return f"<img{_attributes({'src': self._file(aim), 'alt': words, **kept})}>"

    # ---- what the rules need ----

    def _drawn(self, token: Token) -> str:
        drawn: Drawn = token.meta["drawn"]
        try:
            if drawn.kind == "diagram":
                return show_diagram(drawn.source, self._pages.unused("diagram"), self._pages.inks)
            return frame_formula(drawn.source, display=drawn.kind == "display-formula", block=drawn.stands_alone)
        except BifolioError as error:
            line = self.reading.file_line(drawn, error.line)
            error.file = None
            raise error.at(self.reading.page.file, line) from error.__cause__

    def _heading(self, token: Token) -> str:
        return f"h{min(int(token.tag[1]) + self.levels, 6)}"

    def _file(self, aim: Beside) -> str:
        try:
            address = data_address(aim.path, aim.path.read_bytes())
        except OSError as error:
            raise self._refuse("a file is missing", aim.path.name, "a file of the edition") from error
        if address is None:
            raise self._refuse("a kind of file that an export cannot hold", aim.path.name, ", ".join(KINDS))
        return address

    def _refuse(self, problem: str, found: str, expected: str | None) -> BifolioError:
        return self._placed(ChapterError(problem, found=found, expected=expected))

    def _placed(self, error: BifolioError) -> BifolioError:
        """Give an error the file and the line of the block that is being rendered."""
        return error.at(self.reading.page.file, self.reading.line(self._place) if self._place else None)


_FOLDED = ("paragraph_open", "inline", "paragraph_close", "fence")
_OPTIONS: Any = {"maxNesting": 20, "html": False, "xhtmlOut": False, "breaks": False, "langPrefix": ""}


def _attributes(attributes: Mapping[str, object]) -> str:
    return "".join(f' {name}="{html.escape(str(value))}"' for name, value in attributes.items())


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _without_id(token: Token) -> Token:
    return token.copy(attrs={name: value for name, value in token.attrs.items() if name != "id"})
