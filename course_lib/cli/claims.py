"""`course claims`: make synthetic claims."""

import typer

app = typer.Typer(help="Build, check and price claims, and simulate many.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Add this part's commands to the application."""
    root.add_typer(app, name="claims")
