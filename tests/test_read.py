"""Reading files: what encodings, sizes and folders become, and what is refused in words that help."""

from __future__ import annotations

import codecs
import hashlib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read import MAX_BYTES, find_sources, from_bytes, from_text, read
from schemas.errors import InputError, UsageError

TEXT = "한빛시는 '하천 정비 계획(2025~2028)'을 발표했다.\n- (수질) 노후 하수관 120km 교체\n"


def put(folder: Path, name: str, raw: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return path


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("cp949"), "cp949"),
        (TEXT.encode("euc-kr"), "cp949"),
        (TEXT.replace("\n", "\r\n").encode(), "utf-8"),
        (TEXT.replace("\n", "\r\n").encode("cp949"), "cp949"),
        (codecs.BOM_UTF16_LE + TEXT.replace("\n", "\r\n").encode("utf-16-le"), "utf-16"),
    ],
)
def test_every_encoding_gives_the_same_text_and_says_which_it_was(tmp_path: Path, raw: bytes, encoding: str) -> None:
    document = read(put(tmp_path, "a.txt", raw))
    assert document.text == TEXT
    assert document.encoding == encoding
    assert document.sha256 == hashlib.sha256(raw).hexdigest()
    assert document.name == "a.txt"


def test_words_only_cp949_has(tmp_path: Path) -> None:
    text = "똠방각하 햏 ― 확장 완성형의 글자들이 쓰인 문서이다.\n"
    assert read(put(tmp_path, "a.txt", text.encode("cp949"))).text == text


@pytest.mark.parametrize(
    "text",
    [
        unicodedata.normalize("NFD", TEXT),
        "ＡＩ　１２％　（전각）　㎡ ① ％ ﬁ Å 樂\n",
        "짝 없는 CR\r과 줄 끝 공백   \n\n\n\t탭\n",
        "가\ufeff나\n",
    ],
)
def test_nothing_else_of_the_text_is_changed(tmp_path: Path, text: str) -> None:
    assert read(put(tmp_path, "a.txt", text)).text == text


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Co")), min_size=1).filter(
        lambda t: t.removeprefix("\ufeff").strip()
    )
)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    document = from_text(text)
    assert document.text == text.removeprefix("\ufeff").replace("\r\n", "\n")
    assert document.sha256 == hashlib.sha256(text.encode()).hexdigest()


@given(st.binary(max_size=400))
def test_any_bytes_are_a_text_or_a_refusal(raw: bytes) -> None:
    try:
        document = from_bytes(raw, "x.txt")
    except InputError as problem:
        assert "x.txt" in str(problem)
    else:
        assert document.text.strip() and "\r\n" not in document.text


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b" \n\t\r\n ", "empty"),
        ("\u3000\u00a0\n".encode(), "white space"),
        (codecs.BOM_UTF8 + b"\n", "white space"),
        (codecs.BOM_UTF8, "white space"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "picture"),
        (b"\x7fELF" + bytes(range(256)) * 8, "binary"),
        (b"a.txt" + bytes(500) + TEXT.encode() * 300, "binary"),
        (b"%PDF-1.7\n" + bytes(range(128, 256)) * 20 + b"\x00" * 40, "damaged"),
        (b"PK\x03\x04" + bytes(range(256)) * 20, "another kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Office"),
        (b"\xff\xfe\x00\xd8A", "utf-16"),
        (codecs.BOM_UTF8 + b"\xb0\xa1", "utf-8-sig"),
        ("단신".encode() + b"\xff\xff\x80" * 9, "neither UTF-8"),
        ("日本語の文書です。".encode("shift_jis") + b"\xfd\xfe\xff", "neither UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_with_the_file_and_the_reason(tmp_path: Path, raw: bytes, words: str) -> None:
    path = put(tmp_path, "odd.txt", raw)
    with pytest.raises(InputError) as caught:
        read(path)
    assert words in str(caught.value) and "odd.txt" in str(caught.value)
    assert caught.value.kind == "input_error"


def test_a_text_of_20_mb_is_refused_naming_the_limit(tmp_path: Path) -> None:
    path = put(tmp_path, "big.txt", b"")
    with path.open("wb") as file:
        file.truncate(20_000_000)  # sparse: refused by its size, before it is read
    with pytest.raises(InputError) as caught:
        read(path)
    message = str(caught.value)
    assert "20.0 MB" in message and f"{MAX_BYTES / 1e6:.0f} MB" in message and "split" in message


def test_a_text_just_within_the_limit_is_read(tmp_path: Path) -> None:
    raw = b"a line of text that is long enough\n" * (MAX_BYTES // 35)
    assert len(read(put(tmp_path, "large.txt", raw)).text) == len(raw) <= MAX_BYTES


def test_a_file_that_went_away_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        read(tmp_path / "gone.txt")


# -- which files -------------------------------------------------------------------------------------------


def names(*paths: Path) -> list[str]:
    return [source.name for source in find_sources(paths)]


def test_a_folder_is_searched_with_its_subfolders_in_order(tmp_path: Path) -> None:
    for name in ("나.txt", "가.md", "하위/B.TXT", ".hidden/x.txt", ".y.txt", "c.png", "d"):
        put(tmp_path, name, TEXT)
    assert names(tmp_path) == ["가.md", "나.txt", "하위/B.TXT"]


def test_a_file_named_directly_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    assert names(put(tmp_path, "brief.hwp.converted", TEXT)) == ["brief.hwp.converted"]


def test_a_missing_path_says_which(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere") as caught:
        find_sources([tmp_path, tmp_path / "nowhere"] if put(tmp_path, "a.txt", TEXT) else [])
    assert "no such file or folder" in str(caught.value)


def test_a_folder_of_nothing_among_others_stops_no_run(tmp_path: Path) -> None:
    put(tmp_path, "full/a.txt", TEXT)
    put(tmp_path, "empty/picture.png", b"x")
    assert names(tmp_path / "empty", tmp_path / "full") == ["a.txt"]


def test_a_folder_of_nothing_says_what_was_looked_for(tmp_path: Path) -> None:
    put(tmp_path, "picture.png", b"x")
    with pytest.raises(UsageError, match=r"no document in this folder.*\.txt.*\.md.*\.hwpx.*\.zip"):
        find_sources([tmp_path])


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = put(tmp_path, "elsewhere/secret.txt", TEXT)
    inside = put(tmp_path, "docs/a.txt", TEXT)
    (tmp_path / "docs" / "out.txt").symlink_to(secret)
    (tmp_path / "docs" / "outdir").symlink_to(secret.parent)
    (tmp_path / "docs" / "in.txt").symlink_to(inside)
    (tmp_path / "docs" / "broken.txt").symlink_to(tmp_path / "nothing")
    assert names(tmp_path / "docs") == ["a.txt", "in.txt"]


def test_files_of_one_name_in_two_folders_are_told_apart(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        put(tmp_path, f"{folder}/brief.txt", TEXT + folder)
    found = find_sources([tmp_path / "one", tmp_path / "two"])
    assert [source.name for source in found] == ["brief.txt", "two/brief.txt"]
    assert [read(source).text for source in found] == [TEXT + "one", TEXT + "two"]


def test_the_same_path_given_twice_is_one_document(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", TEXT)
    assert names(path, tmp_path, path) == ["a.txt"]


def test_a_third_folder_of_one_name_is_refused_and_not_mixed_up(tmp_path: Path) -> None:
    for top in ("x", "y", "z"):
        put(tmp_path, f"{top}/same/brief.txt", TEXT + top)
    with pytest.raises(UsageError, match="second document would be called"):
        find_sources([tmp_path / top / "same" for top in ("x", "y", "z")])


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line", ["제목\0{n} 하천\0 정비 계획을 수립한다.\n", "Clean rivers\0{n} and\0 plans.\n"])
def test_a_text_with_a_few_zero_bytes_is_read_with_them_in_their_place(
    tmp_path: Path, encoding: str, line: str
) -> None:
    whole = ("발표하였다 가나다라마바사 아자차카타파하.\n" * 12).join(line.format(n=n) for n in range(12))
    document = read(put(tmp_path, "a.txt", whole.encode(encoding)))
    assert (document.text, document.encoding) == (whole, encoding)
