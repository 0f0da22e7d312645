"""Reference two: a plain service in Flask, fhir.resources and Flask-SQLAlchemy's ORM that writes the same rows.

It does what an afternoon's work would, and well: the Questionnaire is read and parsed once, sums and bands are written
by hand, the suggestion is a constant, the database is set up as ours and writers take turns as ours do. What it lacks
costs us, not it: no table is walked, no rule is looked up, no structure is checked beyond what the library checks.
"""

import argparse
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from flask import Flask, Response, request
from sqlalchemy import func

import questionnaires
from cli.webserver import WebServer
from kernel.ids import new_id
from kernel.settings import Settings
from security.keys import KeyRing, read_key_file
from security.links import token_hash
from security.vault import WrappedKey, seal, unwrap
from store.engine import IMMEDIATE, connection_url, engine_options, prepare
from store.turn import WriterTurn
from tests.bench import plain_models as rows
from tests.bench.plain_models import db

DEFINITION = Path(questionnaires.__file__).parent / "definitions" / "cat-2.0.0.json"
BANDS = ((10, "low"), (20, "medium"), (30, "high"), (40, "very-high"))
RULE = {"rule_id": "cat", "rule_version": "2.0.0", "rule_sha256": "a" * 64, "params": {"edition": "gold-2023"}}
Values = dict[str, Any]


class Refused(Exception):  # noqa: N818 - as plain as the rest
    """The response cannot be taken."""


class Options:
    """The options of each item, taken out of the Questionnaire once."""

    def __init__(self, raw: bytes) -> None:
        definition: Any = Questionnaire.model_validate_json(raw)
        self.url = f"{definition.url}|{definition.version}"
        self.codes = {
            item.linkId: {option.valueCoding.code for option in item.answerOption}
            for item in definition.item
            if item.type == "choice"
        }
        self.required = {item.linkId for item in definition.item if item.required and item.type == "choice"}

    def checked(self, resource: Any) -> dict[str, int]:
        """Check the answers and return their points."""
        if resource.questionnaire != self.url or resource.status != "completed":
            raise Refused("questionnaire or status")
        points = {}
        for item in resource.item:
            code = item.answer[0].valueCoding.code
            if code not in self.codes[item.linkId]:
                raise Refused(item.linkId)
            points[item.linkId] = int(code)
        if not self.required <= points.keys():
            raise Refused("required")
        return points


def create_plain(settings: Settings) -> Flask:
    """Build the service."""
    app = Flask("plain")
    url = connection_url(settings.database_url)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        template = db.session.execute(db.select(rows.Suggestion).limit(1)).scalar_one()
        advice = {"alert": template.alert, "needs": template.needs, "made_with": template.made_with}
    options = Options(DEFINITION.read_bytes())
    keyring = read_key_file(settings.keys_file)
    is_sqlite = url.get_backend_name() == "sqlite"
    turn = WriterTurn(settings.instance_dir / "writer.lock")

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/fhir/QuestionnaireResponse")
    def create() -> Response:
        clinic_id = _clinic(request.headers["Authorization"].removeprefix("Bearer "))
        raw = request.get_data()
        resource = QuestionnaireResponse.model_validate_json(raw)
        points = options.checked(resource)
        filed = _Filing(clinic_id, keyring, raw, resource, points, advice)
        if is_sqlite:
            with turn.take():
                response_id = filed.commit()
        else:
            response_id = filed.commit()
        resource.id = response_id
        return Response(resource.model_dump_json(), 201, content_type="application/fhir+json")

    return app


def _clinic(token: str) -> str:
    query = db.select(rows.AccessToken).filter_by(token_hash=token_hash(token))
    found = db.session.execute(query).scalar_one()
    if found.expires_at <= datetime.now(UTC):
        raise Refused("token")
    clinic_id: str = found.clinic_id
    db.session.rollback()
    return clinic_id


class _Filing:
    def __init__(
        self,
        clinic_id: str,
        keyring: KeyRing,
        raw: bytes,
        resource: Any,
        points: dict[str, int],
        advice: Values,
    ) -> None:
        self.clinic_id, self.keyring, self.raw, self.resource, self.points = clinic_id, keyring, raw, resource, points
        self.advice = advice
        self.now = datetime.now(UTC)

    def commit(self) -> str:
        """Write all rows and commit."""
        db.session.connection(execution_options={IMMEDIATE: True})
        asked = self._asked()
        response = self._response(asked)
        asked.state, asked.completed_at = "completed", self.now
        enrolments = self._enrolments(asked)
        for enrolment in enrolments:
            self._look_back(enrolment)
            self._suggest(enrolment, asked)
            for kind, lane in (("plan-report", f"flp:{enrolment.id}"), ("inbox-answer", f"lps-inbox:{enrolment.id}")):
                self._message(enrolment, response, kind, lane)
        self._add(
            rows.AuditEvent,
            at=self.now,
            role="system",
            actor_id="lps",
            action="receive",
            entity=f"QuestionnaireResponse/{response.id}",
            patients=[asked.patient_ref],
            purpose="treatment",
        )
        db.session.commit()
        response_id: str = response.id
        db.session.remove()
        return response_id

    def _asked(self) -> Any:
        reference = self.resource.basedOn[0].reference.removeprefix("ServiceRequest/")
        asked = db.session.get_one(rows.Request, (self.clinic_id, reference))
        if asked.state == "completed" or asked.expires_at <= self.now:
            raise Refused("state")
        if self._one_of(rows.Response, request_id=asked.id):
            raise Refused("answered")
        return asked

    def _response(self, asked: Any) -> Any:
        patient = db.session.get_one(rows.Patient, (self.clinic_id, asked.patient_ref))
        context = f"{self.clinic_id}/data_key/{patient.id}"
        data_key = unwrap(self.keyring, WrappedKey(patient.key_id, patient.data_key), context)
        id_ = new_id()
        response = self._add(
            rows.Response,
            id=id_,
            request_id=asked.id,
            patient_ref=asked.patient_ref,
            questionnaire=asked.questionnaire,
            status="completed",
            authored_at=self.resource.authored,
            received_at=self.now,
            via="fhir",
            sha256=hashlib.sha256(self.raw).hexdigest(),
            body_enc=seal(data_key, self.raw, f"{self.clinic_id}/response.body/{id_}"),
            vector=self.points,
            version=1,
            is_current=True,
            definition_sha256="c" * 64,
        )
        total = sum(self.points.values())
        band = next(code for highest, code in BANDS if total <= highest)
        db.session.flush()
        self._add(
            rows.Score,
            response_id=id_,
            position=0,
            score_id="catTotal",
            value=total,
            display=str(total),
            band=band,
            estimated=False,
            answered=len(self.points),
            missing=0,
            **RULE,
        )
        return response

    def _enrolments(self, asked: Any) -> list[Any]:
        occasion = db.session.get_one(rows.Occasion, (self.clinic_id, asked.occasion_id))
        others = self._all_of(rows.Request, occasion_id=occasion.id)
        if all(other.state == "completed" for other in others):
            occasion.state, occasion.completed_at = "completed", self.now
        found = []
        for slot in self._all_of(rows.Slot, occasion_id=occasion.id):
            db.session.get_one(rows.Series, (self.clinic_id, slot.series_id))
            found.append(db.session.get_one(rows.Enrolment, (self.clinic_id, slot.enrolment_id)))
        return found

    def _look_back(self, enrolment: Any) -> None:
        """Read the history as it must be read for any advice: responses with their scores, and decisions."""
        for response in self._all_of(rows.Response, patient_ref=enrolment.patient_ref, is_current=True):
            {score.score_id: score.value for score in response.scores}
        self._all_of(rows.Decision, enrolment_id=enrolment.id)

    def _suggest(self, enrolment: Any, asked: Any) -> None:
        counted = db.select(func.count()).select_from(rows.Suggestion)
        n = db.session.execute(
            counted.filter_by(clinic_id=self.clinic_id, occasion_id=asked.occasion_id, enrolment_id=enrolment.id)
        ).scalar_one()
        self._add(
            rows.Suggestion,
            enrolment_id=enrolment.id,
            occasion_id=asked.occasion_id,
            n=n + 1,
            made_at=self.now,
            complete=False,
            colour="GREEN",
            urgency="routine",
            **self.advice,
            table_id="alert/kol",
            table_version="2.0.0",
            table_sha256="b" * 64,
        )

    def _message(self, enrolment: Any, response: Any, kind: str, lane: str) -> None:
        newest = db.select(func.max(rows.Outbox.sequence)).filter_by(clinic_id=self.clinic_id, lane=lane)
        sequence = db.session.execute(newest).scalar_one() or 0
        for older in self._all_of(rows.Outbox, lane=lane, kind=kind, state="due"):
            older.state, older.closed_at = "superseded", self.now
        self._add(
            rows.Outbox,
            kind=kind,
            lane=lane,
            sequence=sequence + 1,
            target=lane.partition(":")[0],
            state="due",
            supersedes=True,
            due_at=self.now,
            attempts=0,
            fence=0,
            in_doubt=False,
            patient_ref=enrolment.patient_ref,
            enrolment_id=enrolment.id,
            response_id=response.id,
            created_at=self.now,
        )

    def _add(self, model: Any, **values: Any) -> Any:
        row = model(clinic_id=self.clinic_id, **{"id": new_id(), **values})
        db.session.add(row)
        return row

    def _all_of(self, model: Any, **criteria: Any) -> Any:
        return db.session.execute(db.select(model).filter_by(clinic_id=self.clinic_id, **criteria)).scalars().all()

    def _one_of(self, model: Any, **criteria: Any) -> Any:
        query = db.select(model).filter_by(clinic_id=self.clinic_id, **criteria)
        return db.session.execute(query.limit(1)).scalar_one_or_none()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    given = parser.parse_args()
    WebServer(lambda: create_plain(Settings.from_env()), f"127.0.0.1:{given.port}").run()
