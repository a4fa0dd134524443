"""What other programs read back from an export is what the archive holds."""

from __future__ import annotations

import csv
import gzip
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import import_module
from io import BytesIO
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from newscrawler import open_archive
from newscrawler.archive.export import Format, export
from newscrawler.archive.export.csv import FORMULA
from newscrawler.archive.export.csv import write as write_csv
from newscrawler.archive.filters import Filters
from newscrawler.archive.reader import Archive, CaptureKey, StoredArticle, StoredCapture
from newscrawler.cli.export import command
from newscrawler.exceptions import MissingLibraryError
from newscrawler.items import Image, Reporter
from newscrawler.store.atomic_file import whole_file
from tests.making import article, keep

HARD = article(
    1,
    '수소차 "10만대" 시대, 소재가 관건',
    "첫 문단이다.\n둘째 줄, 쉼표.\n\n둘째 문단 ㈜가나 ℃ H₂ “인용”",
    subtitle="부제",
    section="소재",
    section_code="m1abcd",
    byline="홍길동, 김철수 기자",
    reporters=(Reporter("홍길동", "hong@example.org"), Reporter("김철수")),
    images=(
        Image("http://amenews.kr/data/가.jpg", "사진 설명"),
        Image("http://amenews.kr/data/b.jpg"),
    ),
    keywords=("수소", "연료전지"),
    recommend_count=3,
)
PLAIN = article(2, "=HYPERLINK(1)", "본문", published_at=None)


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    keep(path, HARD, PLAIN)
    with open_archive(path) as archive:
        yield archive


def exported(archive: Archive, form: Format, **options: Any) -> bytes:
    out = BytesIO()
    export(archive, form, out, **options)
    return out.getvalue()


# CSV


def csv_rows(archive: Archive) -> list[dict[str, str]]:
    text = exported(archive, Format.CSV).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def test_csv_begins_with_the_mark_by_which_excel_knows_utf_8(archive: Archive) -> None:
    assert exported(archive, Format.CSV).startswith(b"\xef\xbb\xbfsite,idx,url,title,")


def test_csv_keeps_quotes_line_breaks_and_korean(archive: Archive) -> None:
    row = csv_rows(archive)[0]
    assert row["title"] == HARD.title
    assert row["body"] == HARD.body


def test_csv_joins_lists_in_one_cell(archive: Archive) -> None:
    row = csv_rows(archive)[0]
    assert row["reporters"] == "홍길동; 김철수"
    assert row["keywords"] == "수소; 연료전지"
    assert row["images"] == "http://amenews.kr/data/가.jpg; http://amenews.kr/data/b.jpg"
    assert row["captions"] == "사진 설명"


def test_csv_has_the_day_for_spreadsheets_and_the_moment_for_programs(archive: Archive) -> None:
    dated, undated = csv_rows(archive)
    assert (dated["published_on"], dated["published_at"]) == (
        "2020-01-01",
        "2020-01-01T09:30:00+09:00",
    )
    assert (undated["published_on"], undated["published_at"]) == ("", "")


@pytest.mark.parametrize("sign", FORMULA)
def test_no_cell_of_a_csv_is_a_formula(path: Path, sign: str) -> None:
    keep(path, article(1, f"{sign}1+1", f"{sign}본문", byline=f"{sign}기자"))
    with open_archive(path) as archive:
        row = csv_rows(archive)[0]
    assert all(not value.startswith(FORMULA) for value in row.values())
    assert row["title"] == f"'{sign}1+1"


# JSON Lines


def test_json_lines_hold_every_field_as_it_is(archive: Archive) -> None:
    lines = exported(archive, Format.JSONL).decode().splitlines()
    first, second = (json.loads(line) for line in lines)
    assert first["reporters"] == [
        {"name": "홍길동", "email": "hong@example.org"},
        {"name": "김철수", "email": None},
    ]
    assert first["images"][0] == {"url": "http://amenews.kr/data/가.jpg", "caption": "사진 설명"}
    assert first["published_at"] == "2020-01-01T09:30:00+09:00"
    assert first["content_hash"] == HARD.content_hash
    assert second["title"] == "=HYPERLINK(1)"
    assert second["published_at"] is None


def test_every_article_of_a_newspaper_comes_out_as_it_went_in(paper_archive: Archive) -> None:
    lines = exported(paper_archive, Format.JSONL).decode().splitlines()
    stored = {article.idx: article for article in paper_archive.articles()}
    assert len(lines) == len(stored)
    for line in lines:
        record = json.loads(line)
        article = stored[record["idx"]]
        assert record["body"] == article.body
        assert record["title"] == article.title
        assert [image["caption"] for image in record["images"]] == [
            image.caption for image in article.images
        ]


# Parquet


def test_duckdb_reads_times_and_lists_from_parquet(archive: Archive, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    file = tmp_path / "a.parquet"
    file.write_bytes(exported(archive, Format.PARQUET))
    rows = duckdb.sql(
        f"SELECT idx, epoch(published_at), typeof(published_at), keywords, reporters[1].name,"
        f" images[1].caption, body FROM '{file}' ORDER BY idx"
    ).fetchall()
    moment = datetime(2020, 1, 1, 0, 30, tzinfo=UTC).timestamp()
    assert rows[0] == (
        1,
        moment,
        "TIMESTAMP WITH TIME ZONE",
        ["수소", "연료전지"],
        "홍길동",
        "사진 설명",
        HARD.body,
    )
    assert rows[1][1] is None
    assert rows[1][3] == []


def test_pandas_reads_times_in_the_papers_zone_from_parquet(
    archive: Archive, tmp_path: Path
) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    file = tmp_path / "a.parquet"
    file.write_bytes(exported(archive, Format.PARQUET))
    frame = pandas.read_parquet(file).set_index("idx")
    assert str(frame["published_at"].dtype.tz) == "Asia/Seoul"
    assert frame.loc[1, "published_at"].isoformat() == "2020-01-01T09:30:00+09:00"
    assert str(frame["first_fetched_at"].dtype.tz) == "UTC"
    assert list(frame.loc[1, "keywords"]) == ["수소", "연료전지"]
    assert frame.loc[1, "title"] == HARD.title
    assert pandas.isna(frame.loc[2, "published_at"])


# WARC


AT = datetime(2024, 5, 1, 3, 0, tzinfo=UTC)


def capture(number: int, body: bytes, *, first: CaptureKey | None = None, **changes: Any) -> Any:
    plain = StoredCapture(
        site="amenews",
        idx=number,
        url=f"http://amenews.kr/news/view.php?idx={number}",
        fetched_at=AT,
        http_status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=body,
        id=number,
        revisit_of=first,
    )
    return replace(plain, **changes)


def warc(*captures: StoredCapture, gzip: bool = False) -> bytes:
    pytest.importorskip("warcio")
    from newscrawler.archive.export.warc import write

    out = BytesIO()
    write(captures, out, gzip=gzip)
    return out.getvalue()


def records(data: bytes) -> list[tuple[Any, bytes]]:
    from warcio import ArchiveIterator

    found = ArchiveIterator(BytesIO(data), check_digests="raise")
    return [(record, record.content_stream().read()) for record in found]


def test_a_capture_is_read_back_from_warc_to_the_byte() -> None:
    _, (record, body) = records(warc(capture(7, "본문 ㈜".encode())))
    headers = record.rec_headers
    assert headers.protocol == "WARC/1.1"
    assert record.rec_type == "response"
    assert headers["WARC-Target-URI"] == "http://amenews.kr/news/view.php?idx=7"
    assert headers["WARC-Date"] == "2024-05-01T03:00:00Z"
    assert headers["WARC-Payload-Digest"].startswith("sha1:")
    assert record.http_headers.get_statuscode() == "200"
    assert body == "본문 ㈜".encode()


def test_headers_of_the_wire_do_not_describe_the_decoded_body() -> None:
    packed = (("Content-Encoding", "gzip"), ("Content-Length", "12"), ("Server", "Apache"))
    _, (record, body) = records(warc(capture(7, b"twice as long as that", headers=packed)))
    assert body == b"twice as long as that"
    assert record.http_headers.headers == [
        ("X-Archive-Orig-Content-Encoding", "gzip"),
        ("X-Archive-Orig-Content-Length", "12"),
        ("Server", "Apache"),
        ("Content-Length", "21"),
    ]


def test_headers_that_are_true_stay_as_they_were_sent() -> None:
    sent = (("content-length", "4"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    _, (record, _) = records(warc(capture(7, b"body", headers=sent)))
    assert record.http_headers.headers == list(sent)


def test_a_body_that_came_twice_is_a_revisit_of_the_first() -> None:
    first = capture(1, b"nothing here")
    again = capture(2, b"nothing here", first=first.key)
    _, (one, _), (two, body) = records(warc(first, again))
    assert two.rec_type == "revisit"
    assert body == b""
    assert two.rec_headers["WARC-Refers-To"] == one.rec_headers["WARC-Record-ID"]
    assert two.rec_headers["WARC-Refers-To-Target-URI"] == first.url
    assert two.rec_headers["WARC-Refers-To-Date"] == "2024-05-01T03:00:00Z"
    assert two.rec_headers["WARC-Payload-Digest"] == one.rec_headers["WARC-Payload-Digest"]
    assert two.rec_headers["WARC-Profile"].endswith("/1.1/revisit/identical-payload-digest")


def test_a_revisit_never_refers_to_what_the_file_lacks() -> None:
    elsewhere = capture(1, b"nothing here").key
    second, third = (capture(n, b"nothing here", first=elsewhere) for n in (2, 3))
    _, (one, body), (two, _) = records(warc(second, third))
    assert (one.rec_type, body) == ("response", b"nothing here")
    assert two.rec_headers["WARC-Refers-To"] == one.rec_headers["WARC-Record-ID"]


def test_a_capture_has_the_same_record_id_in_every_export() -> None:
    ids = [records(warc(capture(7, b"x")))[1][0].rec_headers["WARC-Record-ID"] for _ in range(2)]
    assert ids[0] == ids[1]


@pytest.mark.parametrize("name", ["paper.warc", "paper.warc.gz"])
def test_warcio_finds_nothing_wrong_with_a_newspaper(
    paper_path: Path, tmp_path: Path, name: str
) -> None:
    pytest.importorskip("warcio")
    target = tmp_path / name
    run = CliRunner().invoke(command, ["warc", "-o", str(target), "--db", str(paper_path)])
    assert run.exit_code == 0, run.output
    check = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", str(target)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout
    assert "digest pass" in check.stdout
    with open_archive(paper_path) as archive:
        kept = [(each.url, each.body) for each in archive.captures()]
    bodies: dict[str, bytes] = {}
    for record, body in records(target.read_bytes())[1:]:
        headers = record.rec_headers
        original = headers["WARC-Refers-To-Target-URI"]
        bodies[headers["WARC-Target-URI"]] = bodies[original] if original else body
    assert bodies == dict(kept)


def test_pywb_replays_articles_and_revisits(tmp_path: Path) -> None:
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    wayback, manager = (shutil.which(name, path=beside) for name in ("wayback", "wb-manager"))
    if not (wayback and manager):
        pytest.skip("pywb is not installed; the test above reads the same records with warcio")
    first = capture(1, "<p>여기에는 아무것도 없다</p>".encode())
    again = capture(2, first.body, first=first.key)
    (tmp_path / "a.warc.gz").write_bytes(warc(first, again, gzip=True))
    subprocess.run([manager, "init", "news"], cwd=tmp_path, check=True, capture_output=True)
    subprocess.run(
        [manager, "add", "news", "a.warc.gz"], cwd=tmp_path, check=True, capture_output=True
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [wayback, "--bind", "127.0.0.1", "--port", str(port)],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for each in (first, again):
            address = f"http://127.0.0.1:{port}/news/20240501030000id_/{each.url}"
            assert fetched(address) == first.body
    finally:
        server.terminate()
        server.wait(timeout=10)


def fetched(address: str) -> bytes:
    """The answer, asked for until the server is up."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return bytes(answer.read())
        except urllib.error.URLError:
            time.sleep(0.1)
    raise TimeoutError(address)


# The file


def test_an_export_takes_the_filters_of_search(paper_path: Path, tmp_path: Path) -> None:
    filters = Filters(words="수소", since=date(2026, 6, 10), until=date(2026, 6, 20))
    with open_archive(paper_path) as archive:
        wanted = [article.idx for article in archive.articles(filters)]
    target = tmp_path / "some.jsonl"
    words = ["--words", "수소", "--since", "2026-06-10", "--until", "2026-06-20"]
    run = CliRunner().invoke(command, ["jsonl", "-o", str(target), "--db", str(paper_path), *words])
    assert run.exit_code == 0, run.output
    assert wanted
    assert [json.loads(line)["idx"] for line in target.read_text().splitlines()] == wanted


def test_a_name_in_gz_is_compressed(paper_path: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.jsonl.gz"
    run = CliRunner().invoke(command, ["jsonl", "-o", str(target), "--db", str(paper_path)])
    assert run.exit_code == 0, run.output
    assert json.loads(gzip.decompress(target.read_bytes()).splitlines()[0])["site"] == "amenews"


def test_a_dash_writes_to_stdout(paper_path: Path) -> None:
    run = CliRunner().invoke(command, ["csv", "-o", "-", "--db", str(paper_path)])
    assert run.exit_code == 0
    assert run.stdout_bytes.startswith(b"\xef\xbb\xbfsite,")


def test_a_failed_export_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_text("yesterday's")

    def failing() -> Iterator[StoredArticle]:
        raise RuntimeError
        yield

    with pytest.raises(RuntimeError), whole_file(target) as out:
        write_csv(failing(), out)
    assert target.read_text() == "yesterday's"
    assert list(tmp_path.iterdir()) == [target]


def test_a_new_file_takes_the_place_and_the_permissions_of_the_old(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_text("yesterday's")
    target.chmod(0o640)
    with whole_file(target) as out:
        out.write(b"today's")
    assert target.read_text() == "today's"
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_symbolic_link_is_neither_followed_nor_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "a.csv", tmp_path / "link.csv"
    target.write_text("somebody's")
    link.symlink_to(target)
    with pytest.raises(OSError, match="symbolic link"), whole_file(link) as out:
        out.write(b"ours")
    assert (target.read_text(), link.is_symlink()) == ("somebody's", True)
    assert sorted(tmp_path.iterdir()) == [target, link]


def test_a_database_is_not_overwritten_by_a_file(paper_path: Path) -> None:
    before = paper_path.read_bytes()
    with pytest.raises(OSError, match="database"), whole_file(paper_path) as out:
        out.write(b"ours")
    assert paper_path.read_bytes() == before


def test_a_device_is_written_to_and_not_replaced() -> None:
    with whole_file(Path(os.devnull)) as out:
        out.write(b"gone")
    assert not Path(os.devnull).is_file()


def test_a_place_that_cannot_be_written_is_told_in_one_sentence(
    paper_path: Path, tmp_path: Path
) -> None:
    target = tmp_path / "no such directory" / "a.csv"
    run = CliRunner().invoke(command, ["csv", "-o", str(target), "--db", str(paper_path)])
    assert run.exit_code == 6
    assert run.stderr.count("\n") == 1
    assert "No such file or directory" in run.stderr


@pytest.mark.parametrize("form", list(Format))
def test_a_full_disk_is_told_in_one_sentence(paper_path: Path, form: Format) -> None:
    run = CliRunner().invoke(command, [form.value, "-o", "/dev/full", "--db", str(paper_path)])
    assert run.exit_code == 6
    assert run.stderr == "newscrawler: cannot write /dev/full: No space left on device\n"


def test_a_missing_library_is_told_in_one_sentence(
    paper_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, form in (("pyarrow", "parquet"), ("warcio", "warc")):
        monkeypatch.setitem(sys.modules, name, None)
        target = tmp_path / f"a.{form}"
        run = CliRunner().invoke(command, [form, "-o", str(target), "--db", str(paper_path)])
        assert isinstance(run.exception, MissingLibraryError)
        assert str(run.exception) == (
            f"export {form} needs {name}: pip install '.[research]' in newscrawler's folder"
        )
    assert list(tmp_path.iterdir()) == []


INTERRUPTED = """
import sys
from pathlib import Path
from newscrawler.store.atomic_file import whole_file
with whole_file(Path(sys.argv[1])) as out:
    while True:
        out.write(b"x" * 1000)
        print(flush=True)
"""


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(tmp_path / "a.csv")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    process.stdout.close()
    process.wait(timeout=10)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", list(Format))
def test_memory_stays_flat_whatever_is_exported(form: Format, archive: Archive) -> None:
    rows: Iterator[Any]
    if form is Format.WARC:
        rows = (capture(number, os.urandom(8_000)) for number in count(1))
    else:
        one = archive.article(1)
        assert one
        rows = (replace(one, idx=number, body=f"{number} {'소재 ' * 1_500}") for number in count(1))
    for library in {
        Format.PARQUET: ["pyarrow"],
        Format.WARC: ["warcio"],
        Format.XLSX: ["xlsxwriter"],
    }.get(form, []):
        pytest.importorskip(library)
    write = import_module(f"newscrawler.archive.export.{form.replace('-', '_')}").write
    # Parquet collects some thousand rows before it writes them.
    few, many = (5_000, 7_500) if form is Format.PARQUET else (1_500, 4_500)
    with Path(os.devnull).open("wb") as out:
        write(islice(rows, few), out)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        write(islice(rows, many), out)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 15_000  # kB; the rows that are more take 27 MB, or 22
