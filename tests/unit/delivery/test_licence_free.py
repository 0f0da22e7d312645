"""The licence-free variants: they exist, belong to the same package and ask nothing that needs a licence."""

from dataclasses import replace

import pytest

from delivery.content import load_content
from delivery.licence_free import default_forms, refuse_licensed_variants, variant_of
from kernel.errors import ContentError


@pytest.fixture(scope="module")
def content():
    return load_content()


@pytest.mark.parametrize(("programme", "variant"), [("kol", "kol-free"), ("lrs", "lrs-free")])
def test_a_package_has_a_programme_that_needs_no_licence(content, programme, variant):
    found = variant_of(content.licences, content.programmes, content.programmes.newest(programme))

    assert found is not None
    assert found == content.programmes.newest(variant)
    assert not any(content.licences.needs_record(name) for name in default_forms(found))


def test_a_variant_has_no_variant_of_its_own(content):
    assert variant_of(content.licences, content.programmes, content.programmes.newest("kol-free")) is None


@pytest.mark.parametrize(
    ("free", "said"),
    [
        ({"kol": "lrs-free"}, "variant of kol belongs to another package"),
        ({"kol-free": "kol"}, "kol is to need no licence, but asks cat"),
        ({"kol": "nothing"}, "nothing is not loaded"),
        ({"nothing": "kol"}, "nothing is not loaded"),
    ],
)
def test_a_variant_that_cannot_take_the_place_stops_the_start(content, free, said):
    with pytest.raises(ContentError, match=said):
        refuse_licensed_variants(replace(content.licences, licence_free=free), content.programmes)
