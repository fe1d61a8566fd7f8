"""Start the desk: ``python -m desk``."""

from __future__ import annotations

import uvicorn

from desk.bounds import MAX_HEADERS
from wegweiser.settings import VAR, settings


def main() -> None:
    """Serve until Ctrl-C or SIGTERM."""
    (VAR / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise looks there and complains
    uvicorn.run(
        "desk.asgi:application",
        host=settings().desk_host,
        port=settings().desk_port,
        # The other parser, which uvicorn would prefer, takes headers of any length.
        http="h11",
        h11_max_incomplete_event_size=MAX_HEADERS,
        ws="none",  # the desk speaks no WebSocket, and Rasa pins a `websockets` too old to load
        lifespan="off",  # Django has none
        access_log=False,  # network addresses of people are nobody's business
        log_level="warning",
        log_config=None,  # Django's, so that the server's own errors hold no text either
        # Open pages hold event streams; a server that waited for their end would never stop.
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
