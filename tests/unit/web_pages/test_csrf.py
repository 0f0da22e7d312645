"""Every form of the pages, found by the addresses of the application: without our token nothing is done."""

import pytest
from werkzeug.test import Client

from tests.browser.world import World

PAGES = ("/clinic", "/p")


def changing(world: World) -> list[tuple[str, str]]:
    """List method and address of every page that changes something; ids in addresses are of nobody."""
    found = []
    for rule in world.app.url_map.iter_rules():
        if rule.rule.startswith(PAGES):
            path = "/".join("1" if part.startswith("<") else part for part in rule.rule.split("/"))
            found += [(method, path) for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}]
    return sorted(found)


@pytest.mark.parametrize("token", ["", "forged"])
def test_no_page_changes_anything_without_the_token_of_this_browser(world, token):
    client = Client(world.app)
    client.get(f"/p/i/{world.invite().token}")
    client.get("/clinic/login")

    statuses = {
        address: client.open(address[1], method=address[0], data={"csrf_token": token}).status_code
        for address in changing(world)
    }

    assert len(statuses) >= 8
    wrong = {address: status for address, status in statuses.items() if status != 400}
    assert wrong == {}
