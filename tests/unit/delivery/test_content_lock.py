"""The content lock finds every released file that was changed."""

import pytest

from delivery.content_lock import content_hashes, faults, read_lock, verify, write
from kernel.errors import ContentError

CAT = "questionnaires/definitions/cat-2.0.0.json"
RULE = "scoring/rules/cat-2.0.0.json"


@pytest.fixture
def root(tmp_path):
    for path, text in ((CAT, '{"id": "cat"}'), (RULE, '{"id": "cat"}'), ("scoring/rules/README.md", "not content")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def test_nothing_is_locked_before_the_lock_is_written(root):
    assert faults(root) == (f"{CAT} is not in content.lock", f"{RULE} is not in content.lock")
    with pytest.raises(ContentError, match="is not in content"):
        verify(root)


def test_a_written_lock_holds_every_content_file_and_agrees(root):
    assert write(root) == 2

    verify(root)
    assert read_lock(root) == content_hashes(root)
    assert list(read_lock(root)) == [CAT, RULE]


def test_the_lock_can_be_checked_by_other_tools(root):
    write(root)

    # SHA-256 of the bytes {"id": "cat"}, computed by sha256sum.
    digest = "9303a2f35b9d6c65d68f40adbf6e71b6a19544a588db86fe3b9c76881f0f9151"
    lines = (root / "content.lock").read_text(encoding="utf-8").splitlines()
    assert lines == [f"{digest}  {CAT}", f"{digest}  {RULE}"]


def test_a_changed_byte_is_found_and_not_locked_over(root):
    write(root)
    (root / CAT).write_text('{"id": "cat" }', encoding="utf-8")

    assert faults(root) == (f"{CAT} was changed without a new version",)
    with pytest.raises(ContentError, match="changed without a new version"):
        write(root)


def test_a_missing_file_is_found_and_not_forgotten(root):
    write(root)
    (root / RULE).unlink()

    assert faults(root) == (f"{RULE} is locked but missing",)
    with pytest.raises(ContentError, match="locked but missing"):
        write(root)


def test_a_new_version_is_added_beside_the_old(root):
    write(root)
    (root / CAT.replace("2.0.0", "2.1.0")).write_text("{}", encoding="utf-8")

    assert write(root) == 1
    assert write(root) == 0
    verify(root)


def test_a_file_that_was_never_released_may_still_change(root):
    write(root)
    (root / CAT).write_text("{}", encoding="utf-8")

    assert write(root, unreleased=[CAT]) == 1
    verify(root)


def test_a_broken_lock_is_refused(root):
    (root / "content.lock").write_text("half a line\n", encoding="utf-8")

    with pytest.raises(ContentError, match="has a line"):
        read_lock(root)
