"""What a webhook is told, and what stands in the database then."""


def refused(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    return {error.get("field"): error["code"] for error in answer.json()["errors"]}


def state(house):
    return tuple(house.counted(table) for table in ("webhook_event", "response", "receipt"))
