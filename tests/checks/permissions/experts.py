"""Applying, experts' own pages, the register, the desk."""

from tests.checks.permissions.rows import COORDINATOR, COORDINATORS, EXPERTS, PUBLIC, SIGNED_IN, Row

EXPERT = ("expert",)
IN_A_REGISTER = {302: (*EXPERTS, "applicant"), 403: ("visitor",)}

TABLE = (
    # Applying; whoever has begun none on their device is sent to where one begins
    Row("GET", "/apply", PUBLIC, 200),
    Row("POST", "/apply", {303: (*EXPERTS, "applicant")}, 422),  # in one register already: the other is not asked for
    *(
        Row(method, f"/apply/{step}", PUBLIC, 303)
        for step in ("consent", "name", "reach", "themes", "where", "times", "needs", "more", "check")
        for method in ("GET", "POST")
    ),
    Row("GET", "/apply/on", PUBLIC, 303),
    Row("GET", "/apply/later", PUBLIC, 303),
    Row("GET", "/apply/done", PUBLIC, 303),
    Row("POST", "/apply/forget", PUBLIC, 303),
    Row("GET", "/apply/delete", PUBLIC, 303),
    Row("POST", "/apply/delete", PUBLIC, 303),
    Row("GET", "/apply/go-on", PUBLIC, 200),
    Row("POST", "/apply/go-on", PUBLIC, 422),
    Row("GET", "/apply/go-on/<token:going_on>", PUBLIC, 200),
    Row("POST", "/apply/go-on/<token:going_on>", PUBLIC, 303),
    Row("GET", "/apply/claim/<token:claiming>", PUBLIC, 200),
    Row("POST", "/apply/claim/<token:claiming>", PUBLIC, 303),
    Row("GET", "/apply/beside", {200: COORDINATORS}, 404),
    Row("POST", "/apply/beside", {303: COORDINATORS}, 404),
    # One's own; in these sessions, weakly identified, what tells of health is not shown
    Row("GET", "/me/profile", {200: SIGNED_IN}, 403),
    Row("POST", "/me/profile", {422: SIGNED_IN}, 403),
    *(Row("GET", f"/me/{page}", IN_A_REGISTER, 404) for page in ("availability", "limits", "themes", "needs")),
    Row("GET", "/me/consents", IN_A_REGISTER, 404),
    Row("GET", "/me/busy", {200: (*EXPERTS, "applicant"), 403: ("visitor",)}, 404),
    Row("POST", "/me/busy", {422: (*EXPERTS, "applicant"), 403: ("visitor",)}, 404),
    Row("GET", "/me/busy/remove", {302: (*EXPERTS, "applicant"), 403: ("visitor",)}, 404),
    Row("POST", "/me/busy/remove", {303: (*EXPERTS, "applicant"), 403: ("visitor",)}, 404),
    Row("GET", "/me/profile/<ref:expert_row>", {200: EXPERT}, 404),
    Row("POST", "/me/profile/<ref:expert_row>", {422: EXPERT}, 404),
    Row("GET", "/me/availability/<ref:expert_row>", {200: EXPERT}, 404),
    Row("GET", "/me/availability/<ref:expert_row>/hours", {200: EXPERT}, 404),
    Row("POST", "/me/availability/<ref:expert_row>/hours", {422: EXPERT}, 404),
    Row("POST", "/me/availability/<ref:expert_row>/hours/<number>/remove", {302: EXPERT}, 404),
    Row("GET", "/me/availability/<ref:expert_row>/away", {200: EXPERT}, 404),
    Row("POST", "/me/availability/<ref:expert_row>/away", {422: EXPERT}, 404),
    Row("POST", "/me/availability/<ref:expert_row>/away/<number>/remove", {302: EXPERT}, 404),
    Row("GET", "/me/limits/<ref:expert_row>", {200: EXPERT}, 404),
    Row("POST", "/me/limits/<ref:expert_row>", {302: EXPERT}, 404),
    *(
        Row(method, f"/me/{page}/<ref:expert_row>{end}", {status: EXPERT}, 404)
        for page in ("themes", "needs", "words")
        for method, end, status in (("GET", "", 200), ("POST", "", 422), ("GET", "/show", 302), ("POST", "/show", 403))
    ),
    Row("POST", "/me/words/<ref:expert_row>/delete", {302: EXPERT}, 404),
    Row("GET", "/me/consents/<ref:expert_row>", {200: EXPERT}, 404),
    Row("GET", "/me/consents/<ref:expert_row>/<consent>/withdraw", {200: EXPERT}, 404),
    Row("POST", "/me/consents/<ref:expert_row>/<consent>/withdraw", {302: EXPERT}, 404),
    # The register
    Row("GET", "/experts/", {200: COORDINATORS}, 404),
    Row("GET", "/experts/by-theme", {302: COORDINATORS}, 404),
    Row("POST", "/experts/by-theme", {302: COORDINATORS}, 404),
    Row("GET", "/experts/<ref:expert_row>", {200: COORDINATOR}, 404),
    Row("GET", "/experts/<ref:expert_row>/show", {302: COORDINATOR}, 404),
    Row("POST", "/experts/<ref:expert_row>/show", {302: COORDINATOR}, 404),
    Row("GET", "/experts/<ref:applicant_row>/approve", {302: COORDINATOR}, 404),
    Row("POST", "/experts/<ref:applicant_row>/approve", {302: COORDINATOR}, 404),
    Row("GET", "/experts/<ref:applicant_row>/decline", {200: COORDINATOR}, 404),
    Row("POST", "/experts/<ref:applicant_row>/decline", {302: COORDINATOR}, 404),
    Row("GET", "/experts/<ref:expert_row>/pause", {200: COORDINATOR}, 404),
    Row("POST", "/experts/<ref:expert_row>/pause", {302: COORDINATOR}, 404),
    Row("GET", "/experts/<ref:expert_row>/come-back", {302: COORDINATOR}, 404),
    Row("POST", "/experts/<ref:expert_row>/come-back", {302: COORDINATOR}, 404),
    Row("GET", "/experts/<ref:expert_row>/leave", {200: COORDINATOR}, 404),
    Row("POST", "/experts/<ref:expert_row>/leave", {302: COORDINATOR}, 404),
    Row("GET", "/experts/<ref:expert_row>/called", {302: COORDINATOR}, 404),
    Row("POST", "/experts/<ref:expert_row>/called", {302: COORDINATOR}, 404),
    Row("GET", "/experts/<ref:expert_row>/dates", {200: COORDINATOR}, 404),
    Row("POST", "/experts/<ref:expert_row>/dates", {302: COORDINATOR}, 404),
    Row("GET", "/experts/<ref:expert_row>/merge/<other:applicant_row>", {200: COORDINATOR}, 404),
    Row("POST", "/experts/<ref:expert_row>/merge/<other:applicant_row>", {422: COORDINATOR}, 404),
    Row("GET", "/experts/<ref:expert_row>/not-the-same/<other:applicant_row>", {302: COORDINATOR}, 404),
    Row("POST", "/experts/<ref:expert_row>/not-the-same/<other:applicant_row>", {302: COORDINATOR}, 404),
    Row("GET", "/experts/import", {200: COORDINATORS}, 404),
    Row("POST", "/experts/import", {422: COORDINATORS}, 404),
    Row("GET", "/experts/import/<file>", {200: COORDINATORS}, 404),
    # The desk
    Row("GET", "/desk", {200: (*COORDINATORS, "administrator")}, 403),
)
