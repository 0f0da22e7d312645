"""Regular expressions of a form: what they match, what is refused at load, and that none can make the gate hang."""

from time import process_time

import pytest

from questionnaires.pattern import MOST_WORK, PatternError
from questionnaires.pattern_file import compile_pattern

MATCHES = [
    ("abc", ["abc"], ["ab", "abcd", ""]),
    ("^abc$", ["abc"], ["xabc"]),
    ("", [""], ["a"]),
    ("a*", ["", "aaa"], ["b"]),
    ("a+?", ["a", "aa"], [""]),
    ("a?b", ["b", "ab"], ["aab"]),
    ("a{2}", ["aa"], ["a", "aaa"]),
    ("a{2,}", ["aa", "aaaa"], ["a"]),
    ("a{1,2}?", ["a", "aa"], ["", "aaa"]),
    ("a{0}b", ["b"], ["ab"]),
    ("ja|nej|", ["ja", "nej", ""], ["jan"]),
    ("(a|b)*c", ["c", "abac"], ["ad"]),
    ("(?:ab){2}", ["abab"], ["ab"]),
    ("((a)|(b(c)?))+", ["abca"], ["ca"]),
    ("()*a", ["a"], ["b"]),
    ("(a*)*b", ["aab"], ["aa"]),
    ("[a-cæ]", ["æ", "b"], ["d", "ab"]),
    ("[^a-c]", ["d"], ["a", ""]),
    (r"[\]\-x]", ["]", "-"], ["a"]),
    ("[]a]", ["]", "a"], ["b"]),
    (r"\d{4}-\d{2}", ["2026-02"], ["2026-2", "٢٠٢٦-٠٢"]),
    (r"\w+@\w+\.dk", ["a@b.dk"], ["a@b_dk"]),
    (r"\s\S\D\W", [" x-."], ["x x."]),
    (r"\t\n\x41\u00e6", ["\t\nAæ"], ["tnAæ"]),
    (".", ["a", "."], ["\n", ""]),
    (r"\.\*\$", [".*$"], ["a*$"]),
    ("^$", [""], ["a"]),
]


@pytest.mark.parametrize(("text", "matching", "others"), MATCHES, ids=[one[0] for one in MATCHES])
def test_a_whole_text_matches_or_does_not(text, matching, others):
    pattern = compile_pattern(text)

    assert [one for one in (*matching, *others) if pattern.fits(one)] == matching


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("looks around", "(?=a)b"),
        ("looks around", "(?<!a)b"),
        ("names a group", "(?P<n>a)"),
        ("not matched here", r"(a)\1"),
        ("not matched here", r"\bword\b"),
        ("not matched here", r"\p{L}+"),
        ("not matched here", "*a"),
        ("not matched here", "a**"),
        ("not matched here", "a{1"),
        ("not matched here", "[a"),
        ("not matched here", "a]"),
        ("not matched here", "a$b"),
        ("not matched here", "a\\"),
        ("not closed", "(a"),
        ("was not opened", "a)"),
        ("nested too deep", "(" * 22 + "a" + ")" * 22),
        ("before it begins", "a{3,2}"),
        ("more than 1000 steps", "a{1001}"),
        ("more than 1000 steps", "((a{99}){99}){99}"),
        ("more than 1000 steps", "(((){9999}){9999}){9999}"),
        ("holds a class", "[a-z&&[^b]]"),
        ("holds a class", "[[:alpha:]]"),
        ("is no class", "[z-a]"),
    ],
)
def test_what_the_machine_cannot_do_is_refused_by_name(told, text):
    with pytest.raises(PatternError, match=told):
        compile_pattern(text)


@pytest.mark.parametrize("text", ["(a*)*b", "(a|a)*b", "(a|aa)+$", r"(\d+)+x", "(.*)*(.*)*(.*)*y"])
def test_an_expression_that_makes_others_hang_does_not(text):
    pattern = compile_pattern(text)

    before = process_time()
    assert not pattern.fits("a" * 2_000 + "!")

    assert process_time() - before < 5


def test_a_text_that_would_be_too_much_work_does_not_match():
    pattern = compile_pattern("a*")
    longest = MOST_WORK // len(pattern.steps)

    assert pattern.fits("a" * 1_000)
    assert not pattern.fits("a" * (longest + 1))
