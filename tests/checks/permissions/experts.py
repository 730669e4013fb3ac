"""Applying, experts' own pages, the register, the desk."""

from tests.checks.permissions.rows import COORDINATOR, COORDINATORS, Row

TABLE = (
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
