"""Regular expressions of a form: what they match, what is refused at load, and that none can make the gate hang."""

from time import process_time

import pytest

from questionnaires.pattern import PatternError, compile_pattern

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
    (r"[\[&][&~][a]", ["[&a", "&~a"], ["a&a"]),
    (r"\\u00e6", ["\\u00e6"], ["æ"]),
    (r"\p{L}+", ["åbC"], ["a1", ""]),
    (r"\bja\b", ["ja"], ["jaja"]),
    ("^ja|nej$", ["ja", "nej"], ["ja nej", "nej\n"]),
    ("a{2", ["a{2"], ["aa"]),
    ("^$", [""], ["a"]),
]


@pytest.mark.parametrize(("text", "matching", "others"), MATCHES, ids=[one[0] for one in MATCHES])
def test_a_whole_text_matches_or_does_not(text, matching, others):
    pattern = compile_pattern(text)

    assert [one for one in (*matching, *others) if pattern.fits(one)] == matching


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (r"\(\?=", "(?=a)b"),
        (r"\(\?<", "(?<!a)b"),
        (r"\\1", r"(a)\1"),
        (r"\\Z", r"a\Z"),
        (r"\*", "*a"),
        (r"\*\*", "a**"),
        ("missing ]", "[a"),
        ("trailing", "a\\"),
        (r"missing \)", "(a"),
        (r"\)", "a)"),
        ("repetition", "a{3,2}"),
        ("repetition", "a{1001}"),
        ("repetition", "((a{99}){99}){99}"),
        ("repetition", "(((){9999}){9999}){9999}"),
        ("holds a class", "[a-z&&[^b]]"),
        ("holds a class", "[a&&b]"),
        ("holds a class", "[a--b]"),
        ("holds a class", "[a~~b]"),
        ("holds a class", "[[:alpha:]]"),
        ("holds a class", "[^][a]"),
        ("z-a", "[z-a]"),
        ("takes a character apart", r"a\C"),
    ],
)
def test_what_cannot_be_matched_or_is_read_in_different_ways_is_refused_by_name(told, text):
    with pytest.raises(PatternError, match=told):
        compile_pattern(text)


@pytest.mark.parametrize("text", ["(a*)*b", "(a|a)*b", "(a|aa)+$", r"(\d+)+x", "(.*)*(.*)*(.*)*y"])
def test_an_expression_that_makes_others_hang_does_not(text):
    pattern = compile_pattern(text)

    before = process_time()
    assert not pattern.fits("a" * 200_000 + "!")

    assert process_time() - before < 5
