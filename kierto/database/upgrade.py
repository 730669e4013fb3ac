"""The database's version: Alembic, run by `kierto upgrade`, looked at by `/health`."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from kierto.database.engine import engine
from kierto.settings import resources


def upgrade(revision: str = "head") -> None:
    """Bring the current application's database to the revision, from wherever it is (empty included)."""
    command.upgrade(_config(), revision)


def downgrade(revision: str) -> None:
    """Take the database back; what the newer tables held is lost."""
    command.downgrade(_config(), revision)


def newest() -> str | None:
    """The revision this version of Kierto needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def applied() -> str | None:
    """The revision the database has, None when it is empty."""
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine()
    return config
