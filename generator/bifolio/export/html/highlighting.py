"""Code with its syntax marked, coloured by the style sheet."""

from __future__ import annotations

import html


def highlight(code: str, language: str) -> str:
    """Return a block of code; a language that Pygments does not know is shown as it is."""
    from pygments import highlight as mark  # type: ignore[import-untyped]
    from pygments.formatters.html import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
    from pygments.util import ClassNotFound  # type: ignore[import-untyped]

    try:
        lexer = get_lexer_by_name(language, stripnl=False) if language else None
    except ClassNotFound:
        lexer = None
    shown = mark(code, lexer, HtmlFormatter(nowrap=True)) if lexer else html.escape(code, quote=False)
    return f'<div class="highlight"><pre><code>{shown}</code></pre></div>\n'
