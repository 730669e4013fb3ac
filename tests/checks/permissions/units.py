"""Organisations, units, vocabularies, imports."""

from tests.checks.permissions.rows import ADMINISTRATOR, COORDINATOR, COORDINATORS, INSIDE, ITS_HOST, Row

TABLE = (
    # Units
    Row("GET", "/units/", {200: (*INSIDE, "neighbour")}, 404),
    Row("GET", "/units/<ref:unit>", {200: INSIDE}, 404),
    Row("GET", "/units/<ref:foreign_unit>", {200: ("neighbour",)}, 404),
    Row("GET", "/units/<ref:unit>/practices", {200: INSIDE}, 404),
    Row("GET", "/units/units.csv", {200: (*INSIDE, "neighbour")}, 404),
    # Making and changing them: coordinators; what visitors should know and when it hosts, the unit's host contact too
    Row("GET", "/units/new", {200: COORDINATORS}, 404),
    Row("POST", "/units/new", {422: COORDINATORS}, 404),
    Row("GET", "/units/<ref:unit>/edit", {200: ITS_HOST, 403: INSIDE}, 404),
    Row("POST", "/units/<ref:unit>/edit", {422: COORDINATOR, 302: ("host",), 403: INSIDE}, 404),
    Row("GET", "/units/<ref:unit>/hours", {200: ITS_HOST, 403: INSIDE}, 404),
    Row("POST", "/units/<ref:unit>/hours", {302: ITS_HOST, 403: INSIDE}, 404),
    Row("GET", "/units/<ref:unit>/blocked", {200: ITS_HOST, 403: INSIDE}, 404),
    Row("POST", "/units/<ref:unit>/blocked", {422: ITS_HOST, 403: INSIDE}, 404),
    Row("GET", "/units/<ref:unit>/blocked/<dates:unit>/free", {302: ITS_HOST, 403: INSIDE}, 404),
    Row("POST", "/units/<ref:unit>/blocked/<dates:unit>/free", {302: ITS_HOST, 403: INSIDE}, 404),
    Row("GET", "/units/<ref:unit>/retire", {200: COORDINATOR, 403: INSIDE}, 404),
    Row("POST", "/units/<ref:unit>/retire", {422: COORDINATOR, 403: INSIDE}, 404),
    Row("GET", "/units/<ref:unit>/unretire", {302: COORDINATOR, 403: INSIDE}, 404),
    Row("POST", "/units/<ref:unit>/unretire", {302: COORDINATOR, 403: INSIDE}, 404),
    # Organisations and the words they share: administrators; how its coordinators are reached, they themselves
    Row("GET", "/admin/organisations/", {200: ADMINISTRATOR}, 404),
    Row("GET", "/admin/organisations/new", {200: ADMINISTRATOR}, 404),
    Row("POST", "/admin/organisations/new", {422: ADMINISTRATOR}, 404),
    Row("GET", "/admin/organisations/<ref:organisation>", {200: ADMINISTRATOR}, 404),
    Row("POST", "/admin/organisations/<ref:organisation>", {422: ADMINISTRATOR}, 404),
    Row("GET", "/organisation", {200: COORDINATORS}, 404),
    Row("POST", "/organisation", {422: COORDINATORS}, 404),
    Row("GET", "/admin/vocabulary", {200: ADMINISTRATOR}, 404),
    Row("GET", "/admin/vocabulary/services/new", {200: ADMINISTRATOR}, 404),
    Row("POST", "/admin/vocabulary/services/new", {422: ADMINISTRATOR}, 404),
    Row("GET", "/admin/vocabulary/themes/new", {200: ADMINISTRATOR}, 404),
    Row("POST", "/admin/vocabulary/themes/new", {422: ADMINISTRATOR}, 404),
    Row("GET", "/admin/vocabulary/services/<code:service>", {200: ADMINISTRATOR}, 404),
    Row("POST", "/admin/vocabulary/services/<code:service>", {422: ADMINISTRATOR}, 404),
    Row("GET", "/admin/vocabulary/themes/<code:theme>", {200: ADMINISTRATOR}, 404),
    Row("POST", "/admin/vocabulary/themes/<code:theme>", {422: ADMINISTRATOR}, 404),
    Row("GET", "/units/import", {200: COORDINATORS}, 404),
    Row("POST", "/units/import", {422: COORDINATORS}, 404),
    Row("GET", "/units/import/template.csv", {200: COORDINATORS}, 404),
    Row("GET", "/jobs/<ref:job>", {200: COORDINATOR}, 404),
    Row("POST", "/jobs/<ref:job>/stop", {302: COORDINATOR}, 404),
)
