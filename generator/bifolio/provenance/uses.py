"""Finds in a module's syntax what of the system it uses: what no run can repeat has to be declared."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from bifolio.errors import DeclarationError

if TYPE_CHECKING:
    from bifolio.provenance.code import Source

_USED = {
    "clock": """
        time.time time.time_ns time.perf_counter time.perf_counter_ns time.monotonic time.monotonic_ns
        time.process_time time.process_time_ns time.thread_time time.thread_time_ns time.clock_gettime
        time.clock_gettime_ns time.localtime time.gmtime time.ctime time.strftime timeit. datetime.datetime.now
        datetime.datetime.utcnow datetime.datetime.today datetime.date.today os.times resource.getrusage
        torch.utils.benchmark. torch.cuda.Event pandas.Timestamp.now pandas.Timestamp.today pandas.Timestamp.utcnow
    """,
    "host": """
        platform.node platform.uname platform.platform platform.machine platform.processor platform.system
        platform.release platform.version platform.architecture platform.freedesktop_os_release socket.gethostname
        socket.getfqdn os.uname os.getlogin os.cpu_count os.process_cpu_count os.sched_getaffinity os.getloadavg
        getpass.getuser multiprocessing.cpu_count
        uuid.getnode psutil.
    """,
    "entropy": """
        os.urandom os.getrandom secrets. random.SystemRandom uuid.uuid1 uuid.uuid4 torch.seed torch.random.seed
        torch.cuda.seed
    """,
    "native": """
        ctypes. cffi. _ctypes. numpy.ctypeslib. torch.utils.cpp_extension. torch.ops.load_library
        torch.classes.load_library
    """,
}
"""By what it counts as; a name that ends in a dot stands for all that a module has."""
_WORDS = {name: word for word, names in _USED.items() for name in names.split() if not name.endswith(".")}
_MODULES = {name[:-1]: word for word, names in _USED.items() for name in names.split() if name.endswith(".")}
_SEEDED = {
    *("random.seed", "random.Random", "numpy.random.default_rng", "numpy.random.seed", "numpy.random.SeedSequence"),
    *("numpy.random.RandomState", "numpy.random.PCG64", "numpy.random.PCG64DXSM", "numpy.random.MT19937"),
    *("numpy.random.Philox", "numpy.random.SFC64"),
}
"""What takes the system's entropy where it is called without a seed."""

Use = tuple[str, int, str]
"""What it counts as, the line, and what stands there."""


def find_uses(nodes: Collection[ast.AST]) -> list[Use]:
    """Return each use of the system among a file's nodes, by line."""
    names = dict(_imported(nodes))
    found: set[Use] = set()
    for node in nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(word, node.lineno, ast.unparse(node)) for word in _words_of_import(node)}
        elif isinstance(node, (ast.Attribute, ast.Name)) and isinstance(node.ctx, ast.Load):
            word = _word(_path(node, names))
            found |= {(word, node.lineno, ast.unparse(node))} if word else set()
        elif isinstance(node, ast.Call) and _path(node.func, names) in _SEEDED and _has_no_seed(node):
            found.add(("entropy", node.lineno, ast.unparse(node)))
    return sorted(found, key=lambda use: (use[1], use))


def refuse_undeclared_uses(sources: Iterable[Source], declared: Collection[str]) -> None:
    """Raise DeclarationError for the first use of the system that an experiment does not declare."""
    for source in sources:
        for word, line, found in source.uses:
            if word not in declared:
                raise DeclarationError(
                    "an experiment says what of the system its code uses",
                    file=source.file,
                    line=line,
                    found=found,
                    expected=f'@experiment(uses=("{word}",), ...)',
                )


def _imported(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    """Yield the names that imports bind, each with what it stands for."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (first, first)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def _words_of_import(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """Yield what importing alone counts as: machine code is there once it is loaded, and `*` hides what is used."""
    modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    for module in modules:
        word = _word(f"{module}.")
        if word == "native":
            yield word
    if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
        yield from {word for name, word in _WORDS.items() if name.rpartition(".")[0] == node.module}


def _path(node: ast.AST, names: dict[str, str]) -> str:
    """Return the dotted name that an expression stands for, "" for any other expression."""
    if isinstance(node, ast.Attribute):
        before = _path(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    return names.get(node.id, "") if isinstance(node, ast.Name) else ""


def _word(path: str) -> str:
    """Return what a dotted name counts as, "" for nothing."""
    if path in _WORDS:
        return _WORDS[path]
    return next((word for module, word in _MODULES.items() if path.startswith(f"{module}.")), "")


def _has_no_seed(call: ast.Call) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return all(isinstance(value, ast.Constant) and value.value is None for value in given)
