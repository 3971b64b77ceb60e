"""An experiment's evidence page: all that was measured, with what it takes to measure it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bifolio.chapters.context.catalogue import Use, VariantName
from bifolio.chapters.context.edition import Users
from bifolio.chapters.context.page import Page, anchor
from bifolio.chapters.context.questions import question
from bifolio.chapters.context.samples import Untrusted
from bifolio.chapters.macros.card import machine
from bifolio.chapters.macros.quotation import source
from bifolio.chapters.macros.table import pipe_table
from bifolio.chapters.macros.values import show
from bifolio.chapters.pages.measurements import measurements
from bifolio.chapters.pages.quantities import quantity_list
from bifolio.chapters.pages.reproductions import reproductions
from bifolio.formats.dates import format_bytes, format_date, format_duration
from bifolio.formats.numbers import format_number
from bifolio.markdown.escaping import escape, fence
from bifolio.project import DEFAULT_PROFILE
from bifolio.provenance.declaration import Declaration
from bifolio.results.record import Result


def experiment_page(page: Page, experiment: str, users: Users) -> str:
    """Return an experiment's evidence page."""
    declaration = page.catalogue.declarations[experiment]
    page.use(Use(VariantName(experiment, DEFAULT_PROFILE, ""), "declaration", "evidence"))
    sections = [
        f"# {experiment} {{#evidence}}",
        f"> {escape(question(page, declaration))}",
        *_states(page, declaration),
        _heading(page, "used"),
        _users(page, users.get(experiment, ())),
        *(block for name in _variants(page, declaration) for block in measurements(page, name)),
        _heading(page, "config"),
        _config(page, declaration),
        *([_heading(page, "quantities"), quantity_list(page, declaration)] if declaration.quantities else []),
        *_system(page, declaration),
        _heading(page, "data"),
        _data(page, declaration),
        _heading(page, "runs"),
        _runs(page, declaration),
        _heading(page, "reproductions"),
        *reproductions(page, experiment, list(_variants(page, declaration))),
        _heading(page, "reproduce"),
        *_commands(page, experiment),
        _heading(page, "code"),
        *_code(page, experiment),
    ]
    return "\n\n".join(sections) + "\n"


def _heading(page: Page, word: str) -> str:
    return f"## {page.say(f'evidence.{word}')} {{#about-{word}}}"  # a hyphen: no recorded name has one


def _variants(page: Page, declaration: Declaration) -> Iterator[VariantName]:
    for profile in page.catalogue.profiles(declaration.name):
        for variant in page.catalogue.results(declaration.name, profile):
            yield VariantName(declaration.name, profile, variant)


def _states(page: Page, declaration: Declaration) -> Iterator[str]:
    """Yield a line for each profile: fresh, stale or missing, and why."""
    for (name, profile), state in sorted(page.catalogue.states.items()):
        if name == declaration.name and (profile == DEFAULT_PROFILE or page.catalogue.results(name, profile)):
            reason = "" if state.state == "fresh" else page.say("evidence.because", reason=escape(state.reason))
            yield f"**{profile}** · {state_word(page, name, profile)}{reason}"


def state_word(page: Page, experiment: str, profile: str) -> str:
    """Return fresh, stale or missing as a word of the language."""
    found = page.catalogue.states.get((experiment, profile))
    state = found.state if found else "missing"
    return f'<span class="bf-state bf-{state}">{page.say(f"state.{state}")}</span>'


def _users(page: Page, users: Sequence[tuple[str, str]]) -> str:
    links = [f"[{title}]({page.link(name)}.md)" for name, title in users]
    return page.say("literal.separator").join(links) or page.say("evidence.unused")


def _config(page: Page, declaration: Declaration) -> str:
    """Return a table with a column for each variant that was measured, or that is declared where none was."""
    measured = list(_variants(page, declaration))
    configs = {anchor(name, ""): page.catalogue.measured(name)[0].config for name in measured}
    if not configs:
        configs = {variant: declaration.config(variant, DEFAULT_PROFILE) for variant in declaration.variants}
    fields = list(dict.fromkeys(field for config in configs.values() for field in config))
    rows = [[f"`{field}`", *(_literal(page, config.get(field)) for config in configs.values())] for field in fields]
    heads = (name or page.say("evidence.value") for name in configs)
    return pipe_table([page.say("evidence.field"), *heads], rows)


def _system(page: Page, declaration: Declaration) -> Iterator[str]:
    """Yield a line for what the experiment declares of the system, where it does."""
    separator = page.say("literal.separator")
    if declaration.uses:
        uses = separator.join(page.say(f"uses.{word}") for word in declaration.uses)
        yield page.say("evidence.uses", uses=uses)
    if declaration.variables:
        named = separator.join(escape(f"{name}={text}") for name, text in declaration.variables.items())
        yield page.say("evidence.variables", variables=named)


def _literal(page: Page, value: object) -> str:
    return show(page, Untrusted(value) if isinstance(value, str) else value)


def _data(page: Page, declaration: Declaration) -> str:
    items = []
    for dataset in page.catalogue.datasets(declaration.name):
        files = [f"    - `{name}` sha256 `{digest}`" for name, digest in sorted(dataset.files.items())]
        facts = [
            f"**{escape(dataset.name)}** {escape(dataset.version)}",
            *map(escape, (dataset.size, dataset.licence, dataset.source)),
        ]
        items.append("\n".join([f"- {page.say('literal.separator').join(facts)}", *files]))
    splits = [_split(page, name) for name in _variants(page, declaration)]
    return "\n".join([*items, *dict.fromkeys(split for split in splits if split)]) or page.say("evidence.no_data")


def _split(page: Page, name: VariantName) -> str:
    split = page.catalogue.measured(name)[0].split
    if split is None:
        return ""
    parts = (part for part in ("train", "validation", "test") if split.sizes.get(part))
    sizes = (f"{page.say(f'split.{part}')} {format_number(page.language, split.sizes[part])}" for part in parts)
    listed = page.say("literal.separator").join(sizes)
    word = "fresh_unsized" if split.kind == "fresh" and not listed else split.kind
    return f"- {page.say(f'split.{word}')} {listed}".rstrip()


def _runs(page: Page, declaration: Declaration) -> str:
    """Return what every run ran on, with its fingerprint."""
    rows = []
    for name in _variants(page, declaration):
        state = page.catalogue.states.get((name.experiment, name.profile))
        states = {run.name: run.state for run in state.runs} if state else {}
        for result in page.catalogue.measured(name):
            word = states.get(result.name, "missing")
            shown = f'<span class="bf-{word}">{page.say(f"state.{word}")}</span>'
            rows.append([anchor(name, "") or name.variant, *_run(page, result), shown])
    if not rows:
        return page.say("evidence.never")
    words = ("variant", "seed", "date", "device", "versions", "duration", "memory", "commit", "fingerprint", "state")
    return pipe_table([page.say(f"evidence.{word}") for word in words], rows)


def _run(page: Page, result: Result) -> list[str]:
    witness = result.witness
    dirty = f" {page.say('witness.dirty')}" if witness.dirty else ""
    return [
        str(result.name.seed),
        format_date(page.language, witness.date),
        escape(machine(page, witness)),
        escape(", ".join(f"{library} {version}" for library, version in sorted(witness.versions.items()))),
        format_duration(page.language, witness.duration),
        format_bytes(page.language, witness.memory),
        (f"`{witness.commit[:7]}`{dirty}" if witness.commit else page.say("witness.no_commit")),
        f"`{result.fingerprint.digest[:12]}`",
    ]


def _commands(page: Page, experiment: str) -> Iterator[str]:
    """Yield the command that runs the experiment again, for each profile at which something is stored."""
    for profile in page.catalogue.profiles(experiment) or (DEFAULT_PROFILE,):
        option = "" if profile == DEFAULT_PROFILE else f" --profile {profile}"
        yield fence(f"bifolio reproduce {experiment}{option} --force", "sh")


def _code(page: Page, experiment: str) -> Iterator[str]:
    for file in page.catalogue.code(experiment):
        yield f"`{file}`"
        yield source(page, file.removeprefix("experiments/").removesuffix(".py"))
