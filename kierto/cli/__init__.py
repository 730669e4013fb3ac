"""The `kierto` command. Each verb has its own file, loaded when it is called, and named like it: `def sign_in_link`."""

from importlib import import_module
from typing import Any

import click

from kierto import __version__
from kierto.cli import logs
from kierto.settings import SettingsError

VERBS = ("serve", "worker", "upgrade", "demo", "check", "sign-in-link")
HIDDEN = ("job",)


class Verbs(click.Group):
    """Finds a verb's command in its file."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, in the order in which one meets them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a verb."""
        if cmd_name not in (*VERBS, *HIDDEN):
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(f"kierto.cli.{name}"), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; a wrong setting is said in one sentence."""
        try:
            return super().invoke(ctx)
        except SettingsError as fault:
            raise click.ClickException(str(fault)) from fault


@click.group(cls=Verbs)
@click.version_option(__version__, prog_name="kierto")
def main() -> None:
    """Kierto: rotating meetings in health care. Settings come from KIERTO_* in the environment."""
    logs.configure()
