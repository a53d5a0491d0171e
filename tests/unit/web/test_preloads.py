"""The page names every module of its first view: a browser asks for all at once, not level by level."""

import re
from pathlib import Path

from tests.real_files import PROJECT_ROOT

WEB = PROJECT_ROOT / "web"
IMPORT = re.compile(r"""^(?:import|export)\b[^;'"]*?from\s*["'](\.[^"']+)["']""", re.MULTILINE)
PRELOAD = re.compile(r'<link rel="modulepreload" href="([^"]+)">')


def modules_from(*names: str) -> set[str]:
    """Return these modules and all that they import at once, however far away."""
    found: set[str] = set()
    open_names = list(names)
    while open_names:
        name = open_names.pop()
        if name not in found:
            found.add(name)
            file = WEB / name
            open_names += [_beside(file, path) for path in IMPORT.findall(file.read_text())]
    return found


def _beside(file: Path, path: str) -> str:
    return (file.parent / path).resolve().relative_to(WEB.resolve()).as_posix()


def test_every_module_of_the_page_now_is_preloaded_and_no_other() -> None:
    named = PRELOAD.findall((WEB / "index.html").read_text())
    assert named == sorted(modules_from("js/main.js", "js/now.js") - {"js/main.js"})
