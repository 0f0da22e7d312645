"""The result after several answers, in a browser: pictures for everyone, a note that is copied, a PDF that opens."""

from tests.browser.test_accessible import check
from tests.browser.walk import sign_in
from tests.unit.web_pages.explanations import choices

POINTS = ((1, 2, 1, 2, 2, 1, 2, 1), (2, 2, 1, 2, 2, 1, 2, 1), (3, 3, 3, 4, 3, 3, 3, 2))
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
HEIGHTS = """() => [...document.querySelectorAll("svg.trend")].filter(one => one.checkVisibility()).map(one =>
    one.getBoundingClientRect()).map(box => [Math.round(box.width), Math.round(box.height)])"""

CROSSED = """() => [...document.querySelectorAll("svg.trend")].filter(one => one.checkVisibility()).flatMap(svg => {
    const inside = svg.getBoundingClientRect();
    const all = [...svg.querySelectorAll("text")].map(one => [one.textContent, one.getBoundingClientRect()]);
    const clipped = all.filter(([, box]) => box.left < inside.left || box.right > inside.right
        || box.top < inside.top || box.bottom > inside.bottom).map(([words]) => words);
    const meet = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
        && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 4;
    const over = all.flatMap(([words, box], place) => all.slice(place + 1).filter(([, other]) => meet(box, other))
        .map(([others]) => words + " / " + others));
    return [...clipped, ...over];
})"""
"""Words of pictures that are cut off or lie on one another; a line of text is some pixels higher than its letters."""


def test_a_result_is_looked_at_its_note_is_copied_and_its_sheet_is_opened(world, wide):
    invited = world.invite()
    world.answer(invited, **choices("cat", *POINTS[0]))
    for points in POINTS[1:]:
        invited = world.ask_again(invited, days=100)
        world.answer(invited, **choices("cat", *points))
    world.decide(invited, "YELLOW")
    sign_in(wide)
    wide.goto(f"/clinic/enrolments/{invited.enrolment_id}")
    wide.evaluate(OPEN_ALL)

    check(wide, 44)
    assert wide.evaluate(CROSSED) == []

    wide.set_viewport_size({"width": 390, "height": 800})
    assert all(300 <= width <= 390 for width, _ in wide.evaluate(HEIGHTS)), "as wide as the telephone"
    assert wide.evaluate(CROSSED) == []
    wide.context.grant_permissions(["clipboard-read", "clipboard-write"])
    wide.get_by_role("button", name="Kopiér teksten").click()
    wide.get_by_text("Teksten er kopieret.").wait_for()
    copied = wide.evaluate("navigator.clipboard.readText()")
    assert copied == wide.get_by_role("textbox", name="Til journalen").input_value()
    assert copied.startswith("KOL-forløb: svar vurderet ")
    assert "CAT i alt 24" in copied
    assert len(copied) <= 600

    sheet = wide.get_by_role("link", name="Resultat og udvikling som PDF").get_attribute("href")
    answer = wide.request.get(sheet)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    assert len(answer.body()) <= 100_000
