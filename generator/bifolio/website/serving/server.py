"""Serves the shown site over HTTP; a page that is open hears of it when it looks different."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import mimetypes
import posixpath
import re
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from urllib.parse import parse_qs, quote, unquote, urlsplit

from bifolio.programs import package_file
from bifolio.website.serving.overlay import Found, Overlay

OURS = "/_bifolio/"
_FILES = ("live.js", "live.css")
_HEAD = re.compile(rb"</head\s*>", re.IGNORECASE)
_FOR_EVER = re.compile(r"/assets/[^?]*\.[0-9a-f]{8}\.min\.(?:js|css)\Z")
"""What carries the hash of its content in its name, and so need not be asked for again."""
_HEARTBEAT = 15.0
"""Seconds after which a browser that has nothing to be told is written to, to find out whether it is still there."""
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".csv": "text/csv"}
"""What systems know under other names, or not at all."""


class Server(ThreadingMixIn, TCPServer):
    """A server of one author's browsers; `tell` lets each of them see whether its page changed."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, overlay: Overlay, host: str, port: int, prefix: str = "") -> None:
        """`prefix` is the path under which the site will be published: addresses there lead to the same pages here."""
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.overlay, self.host, self.prefix = overlay, host, prefix
        self.changed = threading.Condition()
        self.version, self.ended, self.problem = 0, False, ""
        self.opened: Callable[[str], None] = lambda _file: None
        """Called, in a thread of its own, with the file of a page that a browser opened."""
        super().__init__((host, port), Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"

    def tell(self, problem: str | None = None) -> None:
        """Wake whoever waits for a change; a problem stays until it is taken back with an empty one."""
        with self.changed:
            self.version += 1
            self.problem = self.problem if problem is None else problem
            self.changed.notify_all()

    def wait(self, version: int, seconds: float) -> bool:
        """Wait until there is something to tell since a version; return False when the time is over first."""
        with self.changed:
            return self.changed.wait_for(lambda: self.version != version or self.ended, seconds)

    def end(self) -> None:
        """Stop serving, and let everybody go who waits."""
        with self.changed:
            self.ended = True
            self.changed.notify_all()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that went away."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Handler(BaseHTTPRequestHandler):
    """Answers one browser."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "Bifolio"
    sys_version = ""
    timeout = 60
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer with a page, a file, one of our own two, or with what happens from now on."""
        if not _is_own_name(self.headers.get("Host", ""), self.server.host):
            return self._answer(HTTPStatus.MISDIRECTED_REQUEST, b"This server answers to its own name only.\n")
        address, _, query = self.path.partition("?")
        if address == f"{OURS}events":
            return self._stream(parse_qs(query))
        if address.startswith(OURS):
            name = address.removeprefix(OURS)
            known = name in _FILES
            status = HTTPStatus.OK if known else HTTPStatus.NOT_FOUND
            return self._answer(status, _own(name) if known else b"", _type(name))
        prefix = self.server.prefix
        if prefix and address.startswith(f"{prefix}/"):
            return self._redirect(address.removeprefix(prefix))
        return self._page(address)

    do_HEAD = do_GET  # noqa: N815  # http.server asks for the name; `_answer` leaves the body out

    def _page(self, address: str) -> None:
        """Answer with what stands at an address, or with the page for addresses at which nothing stands."""
        overlay, path = self.server.overlay, clean_path(address)
        if path and not path.endswith("/") and not overlay.find(path) and overlay.find(f"{path}/index.html"):
            return self._redirect(f"{quote(path)}/")
        status, file, found = look_up(overlay, path)
        kind = _type(file)
        data = _live(overlay, address, file, found) if kind == "text/html" else found.data
        return self._answer(status, data, kind)

    def _answer(self, status: HTTPStatus, data: bytes, kind: str = "text/plain") -> None:
        etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        known = status == HTTPStatus.OK and self.headers.get("If-None-Match") == etag
        self.send_response(HTTPStatus.NOT_MODIFIED if known else status)
        if not known:
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
            self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", etag)
        # All else is asked for each time; what is unchanged is not sent again.
        lasting = status == HTTPStatus.OK and _FOR_EVER.search(self.path)
        self.send_header("Cache-Control", "max-age=31536000, immutable" if lasting else "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if not known and self.command != "HEAD":
            self.wfile.write(data)

    def _redirect(self, address: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", f"/{address.lstrip('/')}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _stream(self, query: dict[str, list[str]]) -> None:
        """Tell a browser what is wrong, and once that its page looks different, if only in its text."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            with suppress(OSError):  # the browser went away
                self._tell(clean_path(query.get("page", [""])[0]), query.get("digest", [""])[0])

    def _tell(self, path: str | None, digest: str) -> None:
        server, told = self.server, ""
        opened = look_up(server.overlay, path)[1]
        threading.Thread(target=server.opened, args=(opened,), name="bifolio-opened", daemon=True).start()
        while not server.ended:
            version = server.version
            _, file, found = look_up(server.overlay, path)
            problem = "\n\n".join(filter(None, (server.problem, found.problem)))
            if problem != told:
                self._event("problem", problem)
                told = problem
            now = server.overlay.digest(file, found.data)
            if not found.problem and now != digest:
                return self._event("change", "all" if now.partition("-")[2] != digest.partition("-")[2] else "text")
            if not server.wait(version, _HEARTBEAT):
                self.wfile.write(b":\n\n")
        return None

    def _event(self, kind: str, data: str) -> None:
        self.wfile.write(f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Print nothing: the terminal is for what the author has to know."""


def clean_path(address: str) -> str | None:
    """Return the path in the site that an address asks for, None for one that no site has."""
    try:
        path = unquote(address, errors="strict").removeprefix("/")
    except UnicodeDecodeError:
        return None
    parts = path.removesuffix("/").split("/") if path else []
    return None if any(part in ("", ".", "..") or set(part) & set("\\\0:") for part in parts) else path


def look_up(overlay: Overlay, path: str | None) -> tuple[HTTPStatus, str, Found]:
    """Return what is answered for a path: a file, the page for lost readers, or a promise while nothing is built."""
    file = "404.html" if path is None else f"{path}index.html" if path.endswith("/") or not path else path
    found = overlay.find(file)
    if found is not None and path is not None:
        return HTTPStatus.OK, file, found
    for lost in dict.fromkeys((f"{file.partition('/')[0]}/404.html", "404.html")):
        found = overlay.find(lost)
        if found is not None:
            return HTTPStatus.NOT_FOUND, lost, found
    return HTTPStatus.SERVICE_UNAVAILABLE, "waiting.html", Found(_own("waiting.html"))


def _own(name: str) -> bytes:
    return package_file(f"website/serving/{name}").read_bytes()


def _live(overlay: Overlay, address: str, file: str, found: Found) -> bytes:
    """Return a page with the script that keeps it up to date."""
    tags = (
        f'<link rel="stylesheet" href="{OURS}live.css"><script src="{OURS}live.js" defer '
        f'data-page="{escape(address)}" data-digest="{overlay.digest(file, found.data)}"></script>'
    ).encode()
    head = _HEAD.search(found.data)
    end = head.start() if head else len(found.data)
    return found.data[:end] + tags + found.data[end:]


def _type(path: str) -> str:
    ending = posixpath.splitext(path)[1].lower()
    return _TYPES.get(ending) or mimetypes.guess_type(f"file{ending}")[0] or "application/octet-stream"


def _is_own_name(header: str, host: str) -> bool:
    """Tell whether a Host header names this server: a page elsewhere can make a name lead here, but no number."""
    try:
        name = urlsplit(f"//{header}").hostname or ""
        return name in ("localhost", host) or bool(ipaddress.ip_address(name))
    except ValueError:
        return False
