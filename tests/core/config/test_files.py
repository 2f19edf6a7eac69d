from pathlib import Path

import pytest

from pyfly.core.config import ConfigurationError
from pyfly.core.config.files import display, read_documents, read_text
from pyfly.core.config.tree import plain
from tests.core.config.conftest import Write


def test_the_suffix_decides_about_the_format(write: Write) -> None:
    assert [plain(tree) for tree in read_documents(write("a.toml", "x = 1\n"))] == [{"x": 1}]
    assert [plain(tree) for tree in read_documents(write("a.conf", "x: 1\n"))] == [{"x": 1}]


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfx: 1")
    assert read_text(path) == "x: 1"


@pytest.mark.parametrize(
    ("content", "problem"), [(b"x" * 1_000_001, "larger than 1 MB"), (b"\xff\xfe\x00", "not UTF-8")]
)
def test_files_outside_the_limits_are_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=problem):
        read_text(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"cannot be read.*none\.yaml"):
        read_text(tmp_path / "none.yaml")


def test_paths_below_the_current_directory_are_shown_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert display(tmp_path / "config" / "pyfly.yaml") == "config/pyfly.yaml"
    assert display(Path("/elsewhere/x.yaml")) == "/elsewhere/x.yaml"
