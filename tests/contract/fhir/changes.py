"""What the tests of changing a response share."""

from fhir.resources.R4B.operationoutcome import OperationOutcome

from tests.contract.doors import cat

PATH = "/fhir/QuestionnaireResponse"
TABLES = ("response", "score", "suggestion", "outbox", "decision")


def change(house, response_id, *, version='W/"1"', token=None, points=5, drop=(), **others):
    """PUT a changed CAT."""
    body = cat(None, points, id=response_id, **{"status": "amended", **others})
    for name in drop:
        del body[name]
    headers = {"Content-Type": "application/fhir+json", **({"If-Match": version} if version else {})}
    return house.call("PUT", f"{PATH}/{response_id}", token, json=body, headers=headers)


def refused(answer, status, code, expression):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/fhir+json")
    OperationOutcome.model_validate_json(answer.content)
    issue = answer.json()["issue"][0]
    assert (issue["code"], issue.get("expression")) == (code, [expression] if expression else None)


def filed(house):
    return {table: house.counted(table) for table in TABLES}
