"""The codes of a ValueSet that a Questionnaire brings along, where they are written out; none is looked up."""

from collections.abc import Iterator, Mapping, Sequence

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.model import Option, Text

LISTED = ("system", "version", "concept", "id", "extension")


class ValueSets:
    """The value sets that a Questionnaire contains.

    Args:
        contained: `contained` of the Questionnaire.
        where: for messages.
    """

    def __init__(self, contained: Sequence[Fields]) -> None:
        self._known: dict[str, Fields] = {}
        for fields in contained:
            if fields.raw.get("resourceType") == "ValueSet":
                self._known |= dict(_names(fields))

    def options(self, canonical: str, where: str) -> tuple[Option, ...]:
        """List the codes of a value set.

        Args:
            canonical: `#id` of a contained one, or its `url` or `url|version`.
            where: item and element that name it, for messages.

        Raises:
            ContentError: it is not contained, or its codes are not written out.
        """
        fields = self._known.get(canonical)
        if fields is None:
            raise ContentError(f"{where}: the value set is not contained in the questionnaire, and none is looked up")
        for name in ("modifierExtension", "implicitRules"):
            if name in fields:
                raise ContentError(f"{where}: {name} of the value set is not supported")
        found = _expanded(fields, where) if "expansion" in fields else _composed(fields, where)
        options = {(one.system, one.code): one for one in found}
        if not options:
            raise ContentError(f"{where}: the value set is empty")
        return tuple(options.values())


def _names(fields: Fields) -> Iterator[tuple[str, Fields]]:
    told: Mapping[str, object] = fields.raw
    if "id" in told:
        yield f"#{told['id']}", fields
    if "url" in told:
        yield str(told["url"]), fields
        if "version" in told:
            yield f"{told['url']}|{told['version']}", fields


def _expanded(fields: Fields, where: str) -> list[Option]:
    expansion = fields.part("expansion")
    found = list(_contains(expansion))
    total = expansion.raw.get("total", len(found))
    if total != len(found) or expansion.raw.get("offset", 0) != 0:
        raise ContentError(f"{where}: the expansion of the value set is not the whole of it")
    return found


def _contains(fields: Fields) -> Iterator[Option]:
    for part in fields.parts("contains"):
        if not part.flag("abstract") and "code" in part:
            yield _option(part, part.text("system"))
        yield from _contains(part)


def _composed(fields: Fields, where: str) -> list[Option]:
    compose = fields.part("compose")
    left_out = {(one.system, one.code) for part in compose.parts("exclude") for one in _listed(part, where)}
    included = [one for part in compose.parts("include") for one in _listed(part, where)]
    return [one for one in included if (one.system, one.code) not in left_out]


def _listed(part: Fields, where: str) -> Iterator[Option]:
    if set(part.raw) - set(LISTED) or not part.parts("concept"):
        raise ContentError(f"{where}: the value set does not write its codes out, and no terminology is looked up")
    for concept in part.parts("concept"):
        yield _option(concept, part.text("system"), version=str(part.raw.get("version", "")))


def _option(fields: Fields, system: str, *, version: str = "") -> Option:
    code = fields.text("code")
    return Option(system, code, Text(str(fields.raw.get("display", code))), None, version)
