"""A demo's own pages."""

from tests.checks.permissions.rows import PUBLIC, Row

DEMO = (
    # In a demo nobody is real: anyone steps into any role and reads any mail. Elsewhere these pages do not exist.
    Row("GET", "/demo", PUBLIC, 200),
    Row("POST", "/demo/enter/<ref:host_person>", PUBLIC, 303),
    Row("GET", "/demo/mail", PUBLIC, 200),
    Row("GET", "/demo/mail/<key:mail>", PUBLIC, 200),
)
