"""The class's hub as it is, but for its people: names with one password, all of one system user."""

import os

load_subconfig(os.environ["COURSE_HUB_CONFIG"])  # noqa: F821  (JupyterHub puts both there)
c = get_config()  # noqa: F821

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["COURSE_HUB_PASSWORD"]
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = os.environ["COURSE_HUB_HOMES"] + "/{username}"
# The servers begin as root where the tests do, and each has settings of its own.
c.Spawner.args = [*c.Spawner.args, "--allow-root"]
c.Spawner.environment["PYTHONPATH"] = os.environ["COURSE_HUB_CONTAINER"]
c.JupyterHub.services = [{"name": "test", "api_token": os.environ["COURSE_HUB_TOKEN"]}]
c.JupyterHub.load_roles = [
    {
        "name": "test",
        "services": ["test"],
        "scopes": ["admin:users", "admin:servers", "tokens", "access:servers"],
    }
]
