"""The verb `completion`: a script for a shell, and what it asks at every Tab."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence

from bifolio.cli.arguments import FINE
from bifolio.errors import UsageError, nearest_name

_BASH = """\
# eval "$(bifolio completion bash)"
_bifolio() {
    local IFS=$'\\n' begun=${COMP_WORDS[COMP_CWORD]} found
    found=($("${COMP_WORDS[0]}" completion bash -- "${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null))
    case ${found[0]} in
        :files) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$begun")) ;;
        :folders) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$begun")) ;;
        *) COMPREPLY=("${found[@]}") ;;
    esac
}
complete -F _bifolio bifolio
"""
_ZSH = """\
#compdef bifolio
# eval "$(bifolio completion zsh)", after compinit
_bifolio() {
    local -a found
    found=("${(@f)$("${words[1]}" completion zsh -- "${(@)words[1,CURRENT]}" 2>/dev/null)}")
    case $found[1] in
        :files) _files ;;
        :folders) _files -/ ;;
        ?*) compadd -a found ;;
    esac
}
if [[ ${funcstack[1]} == _bifolio ]]; then _bifolio "$@"; else compdef _bifolio bifolio; fi
"""
_SCRIPTS: Mapping[str, str] = {"bash": _BASH, "zsh": _ZSH}
_FILES, _FOLDERS = ":files", ":folders"
"""What tells the shell to look for itself."""
VALUES: Mapping[str, Sequence[str]] = {
    "profile": ("smoke", "cpu", "gpu"),
    "volume": ("report", "evidence", "both"),
    "format": ("html", "pdf"),
    "shell": tuple(_SCRIPTS),
}
"""What an argument can be, by its name; written out, for whoever declares it would load more than a Tab may take."""


def print_script(shell: str) -> int:
    """Print the script for a shell; raise UsageError for one that has none."""
    if shell not in _SCRIPTS:
        raise UsageError(
            "there is no completion for this shell",
            found=shell,
            expected=" or ".join(_SCRIPTS),
            nearest=nearest_name(shell, _SCRIPTS),
        )
    print(_SCRIPTS[shell], end="")
    return FINE


def print_what_fits(parser: argparse.ArgumentParser, words: Sequence[str]) -> int:
    """Print, one a line, what the last word of a command line can become; the first is the program."""
    words = [word for place, word in enumerate(words) if place or word != "--"]
    for candidate in what_fits(parser, words[1:] or [""]):
        print(candidate)
    return FINE


def what_fits(parser: argparse.ArgumentParser, words: Sequence[str]) -> list[str]:
    """Return what the last word can become, `:files` or `:folders` where the shell knows better."""
    *before, begun = _joined(words)
    folder, wanting, given = ".", None, 0
    for word in before:
        if wanting:
            folder = os.path.join(folder, word) if wanting.dest == "directory" else folder
            wanting = None
        elif word.startswith("-"):
            option = parser._option_string_actions.get(word)
            wanting = option if option is not None and option.nargs != 0 else None
        elif verbs := _verbs(parser):
            if word not in verbs:
                return []
            parser = verbs[word]
        else:
            given += 1
    if wanting is None and begun.startswith("-"):
        option = parser._option_string_actions.get(begun.partition("=")[0])
        if "=" not in begun or option is None:
            return sorted(name for name in parser._option_string_actions if name.startswith(begun))
        name, _, begun = begun.partition("=")
        return [f"{name}={value}" for value in _values(option, folder) if value.startswith(begun)]
    if wanting is None and (verbs := _verbs(parser)):
        return sorted(verb for verb in verbs if verb.startswith(begun))
    values = _values(wanting or _positional(parser, given), folder)
    return [value for value in values if value.startswith((begun, ":"))]


def _joined(words: Sequence[str]) -> list[str]:
    """Return words as they were typed: bash takes `--profile=cpu` for three."""
    joined = [word for place, word in enumerate(words) if word != "=" or place == len(words) - 1]
    return [*joined[:-1], ""] if joined[-1] == "=" else joined


def _verbs(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """Return the verbs that a parser waits for."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return action.choices
    return {}


def _positional(parser: argparse.ArgumentParser, given: int) -> argparse.Action | None:
    """Return the argument that is given next; the last may be one for many."""
    positionals = parser._get_positional_actions()
    many = bool(positionals) and positionals[-1].nargs == "*"
    if given < len(positionals):
        return positionals[given]
    return positionals[-1] if many else None


def _values(action: argparse.Action | None, folder: str) -> list[str]:
    if action is None:
        return []
    if action.dest in VALUES:
        return list(VALUES[action.dest])
    if action.metavar == "NAME":
        return sorted(_experiments(folder))
    return {"FILE": [_FILES], "DIR": [_FOLDERS]}.get(str(action.metavar), [])


def _experiments(folder: str) -> Iterator[str]:
    """Yield the names of the report's experiments: its files, unread."""
    here, last = os.path.abspath(folder), ""
    while here != last and not _is_root(here):
        here, last = os.path.dirname(here), here
    try:
        files = os.listdir(os.path.join(here, "experiments"))
    except OSError:
        return
    yield from (file[:-3] for file in files if file.endswith(".py") and not file.startswith(("_", ".")))


def _is_root(folder: str) -> bool:
    try:
        with open(os.path.join(folder, "pyproject.toml"), "rb") as settings:
            return b"[tool.bifolio" in settings.read()
    except OSError:
        return False
