"""Invitations, joining links, roles, administrators."""

from tests.checks.permissions.rows import COORDINATOR, INSIDE, ITS_HOST, ITS_UNIT, PUBLIC, SIGNED_IN, Row

ADMINISTRATOR = ("administrator",)
ITS_GIVERS = ("coordinator", "administrator")

TABLE = (
    # Who works in a unit is known there and to its coordinator; others inside see the unit and not its people
    Row("GET", "/units/<ref:unit>/people", {200: ITS_UNIT, 403: INSIDE}, 404),
    Row("GET", "/units/<ref:foreign_unit>/people", {200: ("neighbour",)}, 404),
    # Its contact person and coordinator invite, take out and hand on; a contact person only the coordinator takes out
    Row("GET", "/units/<ref:unit>/people/invite", {200: ITS_HOST, 403: INSIDE}, 404),
    Row("POST", "/units/<ref:unit>/people/invite", {422: ITS_HOST, 403: INSIDE}, 404),
    Row("GET", "/units/<ref:unit>/people/hand-on", {200: ITS_HOST, 403: INSIDE}, 404),
    Row("POST", "/units/<ref:unit>/people/hand-on", {422: ITS_HOST, 403: INSIDE}, 404),
    Row("GET", "/units/<ref:unit>/people/<person:staff_person>/remove", {303: ITS_HOST, 403: INSIDE}, 404),
    Row("POST", "/units/<ref:unit>/people/<person:staff_person>/remove", {303: ITS_HOST, 403: INSIDE}, 404),
    Row("POST", "/units/<ref:unit>/people/<person:host_person>/remove", {303: COORDINATOR, 403: INSIDE}, 404),
    Row("GET", "/units/<ref:unit>/people/joining-link", {200: ITS_HOST, 403: INSIDE}, 404),
    Row("POST", "/units/<ref:unit>/people/joining-link", {422: ITS_HOST, 403: INSIDE}, 404),
    Row("GET", "/units/<ref:unit>/people/joining-link/end", {303: ITS_HOST, 403: INSIDE}, 404),
    Row("POST", "/units/<ref:unit>/people/joining-link/end", {303: ITS_HOST, 403: INSIDE}, 404),
    # An organisation's own roles are given by its coordinators and by administrators
    Row("GET", "/organisations/<ref:organisation>/people", {200: ITS_GIVERS}, 404),
    Row("GET", "/organisations/<ref:other_organisation>/people", {200: ("neighbour", "administrator")}, 404),
    Row("GET", "/organisations/<ref:organisation>/people/invite", {200: ITS_GIVERS}, 404),
    Row("POST", "/organisations/<ref:organisation>/people/invite", {422: ITS_GIVERS}, 404),
    Row(
        "GET",
        "/organisations/<ref:organisation>/people/<person:host_person>/<role:coordinator_role>/end",
        {303: ITS_GIVERS},
        404,
    ),
    Row(
        "POST",
        "/organisations/<ref:organisation>/people/<person:host_person>/<role:coordinator_role>/end",
        {303: ITS_GIVERS},
        404,
    ),
    # An invitation is handled by who may give the role; it is accepted by whoever holds the letter
    Row("GET", "/invitations/<ref:invitation>/send", {303: ITS_HOST}, 404),
    Row("POST", "/invitations/<ref:invitation>/send", {303: ITS_HOST}, 404),
    Row("GET", "/invitations/<ref:invitation>/withdraw", {303: ITS_HOST}, 404),
    Row("POST", "/invitations/<ref:invitation>/withdraw", {303: ITS_HOST}, 404),
    Row("POST", "/invitations/<ref:invitation_to_administer>/withdraw", {303: ADMINISTRATOR}, 404),
    Row("GET", "/invitation/<token:invitation_token>", PUBLIC, 200),
    Row("POST", "/invitation/<token:invitation_token>", PUBLIC, 422),  # whose name is asked
    Row("GET", "/join/<token:joining_token>", PUBLIC, 200),
    Row("POST", "/join/<token:joining_token>", PUBLIC, 422),
    Row("GET", "/join/<token:joining_token>/sent", PUBLIC, 200),
    # One's own roles
    Row("GET", "/me/roles", {200: SIGNED_IN}, 403),
    Row("GET", "/me/roles/<role:staff_role>/<ref:unit>", {200: ("staff",)}, 404),
    Row("POST", "/me/roles/<role:staff_role>/<ref:unit>", {303: ("staff",)}, 404),
    Row("POST", "/me/roles/<role:coordinator_role>/<ref:organisation>", {422: COORDINATOR}, 404),  # the only one
    # Administration
    Row("GET", "/admin/", {200: ADMINISTRATOR}, 404),
    Row("GET", "/admin/people", {200: ADMINISTRATOR}, 404),
    Row("GET", "/admin/people/invite", {200: ADMINISTRATOR}, 404),
    Row("POST", "/admin/people/invite", {422: ADMINISTRATOR}, 404),
    Row("GET", "/admin/people/<ref:staff_person>", {200: ADMINISTRATOR}, 404),
    Row("GET", "/admin/people/<ref:expert_person>", {}, 404),  # who is an expert is not an administrator's to know
    Row("GET", "/admin/people/<ref:staff_person>/administrator", {303: ADMINISTRATOR}, 404),
    Row("POST", "/admin/people/<ref:staff_person>/administrator", {303: ADMINISTRATOR}, 404),
    Row("GET", "/admin/people/<ref:staff_person>/administrator/end", {303: ADMINISTRATOR}, 404),
    Row("POST", "/admin/people/<ref:staff_person>/administrator/end", {303: ADMINISTRATOR}, 404),
    Row("GET", "/admin/people/<ref:staff_person>/roles/<role:staff_role>/<place:unit>/end", {303: ADMINISTRATOR}, 404),
    Row("POST", "/admin/people/<ref:staff_person>/roles/<role:staff_role>/<place:unit>/end", {303: ADMINISTRATOR}, 404),
    Row("GET", "/admin/organisations/<ref:organisation>/people", {302: ITS_GIVERS}, 404),
)
