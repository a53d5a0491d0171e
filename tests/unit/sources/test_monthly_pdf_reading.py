"""The process that opens PDFs: what it is safe from, and that it is there again for the next document."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from gaugehouse.domain.errors import DocumentInvalid, SourceUnavailable
from gaugehouse.sources.mcfcd.monthly_pdf import reading
from gaugehouse.sources.mcfcd.monthly_pdf.reading import read_pages
from gaugehouse_local.simulator.mcfcd.monthly_pdf import write_monthly_pdf
from tests.unit.sources.pdfs import a_page, blanks, forms_within_forms, one_page

GOOD = write_monthly_pdf([a_page({("59700", 20): "1.06"})])


def words(content: bytes) -> list[str]:
    return [word.text for page in read_pages(content, "pcp1119.pdf") for word in page.words]


def reading_process() -> psutil.Process:
    words(GOOD)  # so that there is one
    (process,) = (
        child for child in psutil.Process().children() if "reading_process" in " ".join(child.cmdline())
    )
    return process


def kill(process: psutil.Process) -> None:
    process.kill()
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)


def test_a_stream_that_expands_without_end_takes_no_memory_of_ours() -> None:
    bomb = one_page(blanks(megabytes=600))
    before = psutil.Process().memory_info().rss
    with pytest.raises(DocumentInvalid, match=r"bomb\.pdf cannot be read: its reader took too much memory"):
        read_pages(bomb, "bomb.pdf")
    assert psutil.Process().memory_info().rss - before < 100_000_000
    assert "1.06" in words(GOOD)


def test_forms_that_draw_forms_that_draw_forms_end_with_the_memory_of_their_reader() -> None:
    with pytest.raises(DocumentInvalid, match=r"forms\.pdf cannot be read: its reader took too much memory"):
        read_pages(forms_within_forms(9), "forms.pdf")
    assert "1.06" in words(GOOD)


def test_a_document_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    kill(reading_process())
    monkeypatch.setattr(reading, "_CPU_SECONDS_OF_A_DOCUMENT", 1)
    with pytest.raises(DocumentInvalid, match=r"slow\.pdf takes too long to read"):
        read_pages(forms_within_forms(4, innermost=b"q Q " * 50_000), "slow.pdf")
    assert "1.06" in words(GOOD)
    kill(reading_process())  # the next test gets one with the usual patience


def test_what_does_not_start_is_no_fault_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    kill(reading_process())
    monkeypatch.setattr(reading, "_PROCESS", "gaugehouse.nothing_of_the_kind")
    with pytest.raises(SourceUnavailable, match="the process that opens PDFs does not start"):
        words(GOOD)
    monkeypatch.undo()
    assert "1.06" in words(GOOD)


def test_a_reader_that_died_between_two_documents_is_started_again() -> None:
    process = reading_process()
    kill(process)
    assert "1.06" in words(GOOD)
    assert reading_process().pid != process.pid


def test_one_process_reads_many_documents_and_does_not_grow() -> None:
    first = reading_process()
    for _ in range(20):
        words(GOOD)
    grown_from = first.memory_info().rss
    for _ in range(100):
        words(GOOD)
    assert reading_process().pid == first.pid
    assert first.memory_info().rss - grown_from < 10_000_000


def test_documents_of_several_threads_are_read_one_after_the_other() -> None:
    documents = [write_monthly_pdf([a_page({("1000", 5): f"{number}.25"})]) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for number, found in enumerate(pool.map(words, documents)):
            assert f"{number}.25" in found
    assert reading_process().is_running()


def test_the_reader_gets_no_secret_and_ignores_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    kill(reading_process())
    monkeypatch.setenv("GAUGEHOUSE_SECRET", "not for everybody")
    process = reading_process()
    assert set(process.environ()) <= {"PYTHONPATH", "LD_LIBRARY_PATH", "LC_CTYPE"}
    process.send_signal(signal.SIGINT)
    assert "1.06" in words(GOOD)
    assert reading_process().pid == process.pid


def test_the_reader_ends_with_the_process_that_asked(tmp_path: Path) -> None:
    document = tmp_path / "good.pdf"
    document.write_bytes(GOOD)
    program = (
        "import os, sys, psutil\n"
        "from pathlib import Path\n"
        "from gaugehouse.sources.mcfcd.monthly_pdf.reading import read_pages\n"
        "read_pages(Path(sys.argv[1]).read_bytes(), 'good.pdf')\n"
        "print(psutil.Process().children()[0].pid, flush=True)\n"
        "if sys.argv[2] == 'killed': os.kill(os.getpid(), 9)\n"
    )
    for end in ("usual", "killed"):
        ended = subprocess.run(
            [sys.executable, "-W", "error", "-c", program, str(document), end],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.stderr == ""
        _, alive = psutil.wait_procs([psutil.Process(pid) for pid in pids(ended.stdout)], timeout=10)
        assert alive == []


def pids(printed: str) -> list[int]:
    return [int(pid) for pid in printed.split() if psutil.pid_exists(int(pid))]


def test_the_parser_alone_loads_no_pdf_library() -> None:
    program = "import sys, gaugehouse.sources.mcfcd.monthly_pdf\nprint('pypdfium2' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program]
    printed = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert printed.stdout == "False\n"
