"""The tables of the plain service: Flask-SQLAlchemy models of the very same tables."""

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import foreign, relationship

from store import tables
from store.base import Base

ALL_TABLES = tables.__all__
"""Naming them here makes sure that the metadata is complete."""
db = SQLAlchemy(metadata=Base.metadata)


class AccessToken(db.Model):  # type: ignore[name-defined,misc]  # Flask-SQLAlchemy makes the base at run time
    __table__ = Base.metadata.tables["access_token"]


class Patient(db.Model):  # type: ignore[name-defined,misc]
    __table__ = Base.metadata.tables["patient"]


class Enrolment(db.Model):  # type: ignore[name-defined,misc]
    __table__ = Base.metadata.tables["enrolment"]


class Slot(db.Model):  # type: ignore[name-defined,misc]
    __table__ = Base.metadata.tables["slot"]


class Series(db.Model):  # type: ignore[name-defined,misc]
    __table__ = Base.metadata.tables["series"]


class Decision(db.Model):  # type: ignore[name-defined,misc]
    __table__ = Base.metadata.tables["decision"]


class Suggestion(db.Model):  # type: ignore[name-defined,misc]
    __table__ = Base.metadata.tables["suggestion"]


class Outbox(db.Model):  # type: ignore[name-defined,misc]
    __table__ = Base.metadata.tables["outbox"]


class AuditEvent(db.Model):  # type: ignore[name-defined,misc]
    __table__ = Base.metadata.tables["audit_event"]


class Score(db.Model):  # type: ignore[name-defined,misc]
    __table__ = Base.metadata.tables["score"]


class Occasion(db.Model):  # type: ignore[name-defined,misc]
    __table__ = Base.metadata.tables["occasion"]


class Request(db.Model):  # type: ignore[name-defined,misc]
    __table__ = Base.metadata.tables["request"]


class Response(db.Model):  # type: ignore[name-defined,misc]
    __table__ = Base.metadata.tables["response"]
    scores = relationship(
        Score,
        primaryjoin=lambda: (
            (Response.clinic_id == foreign(Score.clinic_id)) & (Response.id == foreign(Score.response_id))
        ),
        viewonly=True,
        lazy="selectin",
    )
