"""What of the project a run is shown: on Linux its process sees what was declared, and nothing else.

Readers that are written in Rust or C++, databases that attach others, and programs that a run starts tell no audit hook
what they open. For them the undeclared files are not there: the process gets a mount namespace of its own, an empty
file system on the project's folder, and in it the files that it may read. See mount_namespaces(7).
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Collection, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

_NEW_USER, _NEW_MOUNTS = 0x10000000, 0x00020000  # unshare(2)
_READ_ONLY, _REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 1, 32, 4096, 16384, 1 << 18  # mount(2)
_HARMLESS = 2 | 4  # no set-user-id programs, no devices
_KEPT = {2: 2, 4: 4, 8: 8, 1024: 1024, 2048: 2048, 4096: 1 << 21}
"""Flags of a mount, as statvfs(3) tells them and as mount(2) takes them: a user's namespace may not drop them."""


class View:
    """What this process is shown of a project, until it ends; without namespaces everything, and the guard is alone."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._real: int | None = None

    def narrow(self, files: Iterable[str], folders: Iterable[str], own: Path) -> bool:
        """Show these files and folders (from the root) read-only and nothing else; return whether the system lets us.

        `own` is a folder that `make` may make later.
        """
        if sys.platform != "linux" or not _unshare():
            return False
        root, here = os.path.realpath(self._root), os.getcwd()
        mounted = 0
        try:
            _mount(None, "/", _RECURSIVE | _PRIVATE)
            real = os.open(root, os.O_PATH | os.O_DIRECTORY)
            _mount(root, root, _BIND | _RECURSIVE)
            mounted += 1
            _mount(None, root, _BIND | _REMOUNT | _READ_ONLY | _kept_flags(root))
            read_only = os.open(root, os.O_PATH | os.O_DIRECTORY)
            plan = [(name, os.path.realpath(os.path.join(root, name))) for name in _outermost({*files, *folders})]
            _mount("tmpfs", root, _HARMLESS, kind="tmpfs")
            mounted += 1
            for name, place in plan:
                _show(root, name, place, read_only)
            if own.is_relative_to(self._root):
                own.mkdir(parents=True, exist_ok=True)
            _mount(None, root, _BIND | _REMOUNT | _READ_ONLY | _HARMLESS)
            os.close(read_only)
            os.chdir(here)
        except OSError:
            for _ in range(mounted):
                _library().umount2(os.fsencode(root), 2)  # at once
            os.chdir(here)
            return False
        self._real = real
        return True

    def exists(self, path: str) -> bool:
        """Tell whether a path of the project is there, shown or not."""
        if self._real is None:
            return os.path.exists(path)
        try:
            os.stat(os.path.relpath(path, os.path.realpath(self._root)), dir_fd=self._real)
        except OSError:
            return False
        return True

    def make(self, folder: Path) -> None:
        """Make a folder and show it, to be written into."""
        if self._real is None or not folder.is_relative_to(self._root):
            folder.mkdir(parents=True)
            return
        name = os.path.relpath(folder, self._root)
        for parent in [*reversed(Path(name).parents)][1:]:
            with suppress(
                FileExistsError
            ):  # whoever is asked first whether it is there can meet another run's making it
                os.mkdir(parent, dir_fd=self._real)
        os.mkdir(name, dir_fd=self._real)
        _mount(f"/proc/self/fd/{self._real}/{name}", str(folder), _BIND)

    def hidden(self, message: str) -> str | None:
        """Return the file of the project that a message names and that is not shown, from the root."""
        if self._real is None:
            return None
        for word in re.findall(r"[^\s'\"`<>(),;]+", message):
            path = os.path.join(os.path.realpath(self._root), word.rstrip(".:"))
            name = os.path.relpath(path, os.path.realpath(self._root))
            if not name.startswith("..") and not os.path.exists(path) and self.exists(path):
                return name
        return None


def _outermost(names: Collection[str]) -> list[str]:
    """Return names in their order without those that lie in one of the others."""
    return [name for name in sorted(names) if not any(str(folder) in names for folder in Path(name).parents)]


def _show(root: str, name: str, place: str, read_only: int) -> None:
    """Show a file or folder under its name, and where a link inside the project leads to; nothing if there is none."""
    inside = os.path.relpath(place, root)
    source = f"/proc/self/fd/{read_only}/{inside}" if not inside.startswith("..") else place
    if not os.path.exists(source):
        return
    targets = dict.fromkeys((name,) if inside.startswith("..") else (name, inside))
    for target in (os.path.join(root, one) for one in targets):
        if os.path.isdir(source):
            os.makedirs(target, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "ab"):
                pass
        _mount(source, target, _BIND | _RECURSIVE)


def _unshare() -> bool:
    """Give this process mounts of its own; whoever is not the system's administrator becomes one of a new namespace."""
    user, group = os.geteuid(), os.getegid()
    if user == 0 and _library().unshare(_NEW_MOUNTS) == 0:
        return True
    if _library().unshare(_NEW_USER | _NEW_MOUNTS) != 0:
        return False
    try:
        for file, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            Path(f"/proc/self/{file}").write_text(text)
    except OSError:
        return False
    return True


def _mount(source: str | None, target: str, flags: int, *, kind: str | None = None) -> None:
    """Call mount(2); raise OSError."""
    names = [None if name is None else os.fsencode(name) for name in (source, target, kind)]
    if _library().mount(*names, ctypes.c_ulong(flags), None) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), target)


@cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _kept_flags(folder: str) -> int:
    flags = os.statvfs(folder).f_flag
    return sum(given for told, given in _KEPT.items() if flags & told)
