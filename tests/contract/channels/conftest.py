import pytest


@pytest.fixture
def enrolled(house):
    return house.enrol()


@pytest.fixture
def asked(house, enrolled):
    return house.asked(enrolled)


@pytest.fixture
def invitation(house, asked):
    where = f"kind = 'invitation' AND clinic_id = '{house.one.clinic_id}'"
    return house.value(f"SELECT id FROM outbox WHERE {where}")
