"""A GStreamer RTSP server for the system's Python (`/usr/bin/python3`), which alone sees Debian's `gi`.

Takes one JSON argument: `{"port": int, "streams": {path: launch line}, "scheme": "basic" | "digest" | null,
"user": str, "password": str}`; prints READY when it listens. Imports nothing of this repository.
"""

import json
import sys
from typing import Any

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402  # versions are chosen before the import

ROLE = "viewer"
REALM = "camera"


def main(config: dict[str, Any]) -> None:
    """Serve the streams until a signal ends the process."""
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(config["port"]))
    if config["scheme"]:
        server.set_auth(_auth(config))
    mounts = server.get_mount_points()
    for path, launch in config["streams"].items():
        mounts.add_factory(path, _factory(launch, protected=bool(config["scheme"])))
    if not server.attach(None):
        sys.exit(f"cannot listen on port {config['port']}")
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    GLib.MainLoop().run()


def _factory(launch: str, *, protected: bool) -> GstRtspServer.RTSPMediaFactory:
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(launch)
    # Two first clients of one shared pipeline end the whole server by an assertion (gst_rtsp_media_get_rates, 1.22).
    factory.set_shared(False)  # gi: positions
    factory.set_protocols(GstRtsp.RTSPLowerTrans.TCP)
    if protected:
        permissions = GstRtspServer.RTSPPermissions.new()
        for right in ("access", "construct"):
            permissions.add_permission_for_role(ROLE, f"media.factory.{right}", True)  # noqa: FBT003  # gi: positions
        factory.set_permissions(permissions)
    return factory


def _auth(config: dict[str, Any]) -> GstRtspServer.RTSPAuth:
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", ROLE)
    if config["scheme"] == "digest":
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.set_realm(REALM)
        auth.add_digest(config["user"], config["password"], token)
    else:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(config["user"], config["password"]), token)
    return auth


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
