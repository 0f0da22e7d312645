from cli.browser import Page

QUESTION = """
<form method="get" action="/language"><input type="hidden" name="lang" value="en"></form>
<form method="post" action="/p/q/3">
  <input type="hidden" name="csrf_token" value="abc"><input type="hidden" name="back" value="">
  <input type="radio" name="answer" value="0"><input type="radio" name="answer" value="1">
  <input type="text" name="note" value="x"><button name="do" value="next">Videre</button>
</form>
"""


def test_a_form_is_found_with_its_hidden_fields_and_choices():
    (form,) = Page(QUESTION).forms

    assert form.action == "/p/q/3"
    assert form.fields == {"csrf_token": "abc", "back": ""}
    assert form.choices == {"answer": ["0", "1"]}


def test_the_first_link_that_looks_like_a_button_leads_onward():
    page = Page('<a href="/help">?</a><a class="button" href="/p/q/1">Begynd</a><a class="button" href="/x">x</a>')

    assert page.forms == []
    assert page.onward == "/p/q/1"
