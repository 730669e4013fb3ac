"""Organisations, units, vocabularies, imports."""

from tests.checks.permissions.rows import COORDINATOR, COORDINATORS, INSIDE, Row

TABLE = (
    # Units
    Row("GET", "/units/", {200: (*INSIDE, "neighbour")}, 404),
    Row("GET", "/units/<ref:unit>", {200: INSIDE}, 404),
    Row("GET", "/units/<ref:foreign_unit>", {200: ("neighbour",)}, 404),
    Row("GET", "/units/<ref:unit>/practices", {200: INSIDE}, 404),
    Row("GET", "/units/import", {200: COORDINATORS}, 404),
    Row("POST", "/units/import", {422: COORDINATORS}, 404),
    Row("GET", "/units/import/template.csv", {200: COORDINATORS}, 404),
    Row("GET", "/jobs/<ref:job>", {200: COORDINATOR}, 404),
    Row("POST", "/jobs/<ref:job>/stop", {302: COORDINATOR}, 404),
)
