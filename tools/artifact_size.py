"""Print what is deployed, with its size, and refuse what is too large: `artifact_size.py PROCESSOR=LAYER...`.

Lambda takes 250 MiB unzipped, function and layers together; we keep the layer to 45. It is built for each
processor that the template offers: the libraries for arm64, a deployment's default, are the larger ones.
"""

import sys
import zipfile
from io import BytesIO
from pathlib import Path

MIB = 2**20
FUNCTIONS = Path(__file__).parents[1] / "functions"
MOST = {"layer": 45 * MIB, "function": MIB // 4}


def main() -> int:
    """Print a line for each part. Exit code 1 when one is over its bound."""
    layers = (argument.split("=", 1) for argument in sys.argv[1:])
    parts = [("layer for " + processor, Path(folder)) for processor, folder in layers]
    parts += [
        ("function " + folder.name, folder)
        for folder in sorted(FUNCTIONS.iterdir())
        if (folder / "app.py").is_file()
    ]
    too_large = False
    for name, folder in parts:
        unzipped, zipped = sizes_of(folder)
        most = MOST[name.split()[0]]
        over = unzipped > most
        too_large |= over
        print(
            f"  {'FAILED' if over else 'ok':<8}{name}: {unzipped / MIB:.1f} MiB, "
            f"{zipped / MIB:.1f} MiB zipped (at most {most / MIB:g} MiB)"
        )
    return 1 if too_large else 0


def sizes_of(folder: Path) -> tuple[int, int]:
    """Return the bytes of all files, and of a zip of them."""
    content = BytesIO()
    unzipped = 0
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                unzipped += file.stat().st_size
                archive.write(file, file.relative_to(folder))
    return unzipped, len(content.getbuffer())


if __name__ == "__main__":
    sys.exit(main())
