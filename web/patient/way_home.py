"""The way back to the app that handed the patient over: an address that the installation has on its list, or none."""

from collections.abc import Collection

from flask import current_app, request, session

PARAMETER = "return"
KEY = "way_home"
LISTED = "RETURN_ADDRESSES"
"""Setting of the app: addresses; one that ends with `/` stands for all below it."""
LONGEST = 500


def keep_way_home() -> None:
    """Keep where the app wants its patient back; an address that is on no list is forgotten, and with it any older."""
    address = request.values.get(PARAMETER, "")
    if is_listed(address, current_app.config.get(LISTED, ())):
        session[KEY] = address
    else:
        session.pop(KEY, None)


def way_home() -> str | None:
    """Return the kept address; one that is on the list no more counts for nothing."""
    address = str(session.get(KEY, ""))
    return address if is_listed(address, current_app.config.get(LISTED, ())) else None


def is_listed(address: str, listed: Collection[str]) -> bool:
    """Tell whether an address is on a list, itself or by a beginning that ends with `/`.

    Args:
        listed: each has a scheme and, if it ends with `/`, a host before it: so nothing of the host can be changed.
    """
    if not 0 < len(address) <= LONGEST or not _is_plain(address):
        return False
    return any(address == one or (one.endswith("/") and address.startswith(one)) for one in listed)


def _is_plain(address: str) -> bool:
    """Tell whether every reader reads the same: no blanks, no controls, no backslash, no way up."""
    return address.isascii() and address.isprintable() and not set(address) & set(' \\"<>') and "/.." not in address
