"""The seed of RealtimeHub: one Tornado process that pushes to the WebSockets of a user. Debian's python3-tornado and python3-redis."""

import argparse
import asyncio
import gc
import hmac
import itertools
import json
import os
import re
import signal
import sys
from collections import defaultdict
from datetime import datetime, timedelta

import redis.asyncio as redis
from redis.exceptions import RedisError
from tornado.web import Application, HTTPError, RequestHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

TOKEN = re.compile(r"wstoken[0-9a-fA-F]{32}")
TOKEN_LIFETIME = timedelta(seconds=20)


async def spend(database, token):
    """The user the token was minted for, or None. GET, then DEL, as the seed does: two at once may both get the user."""
    record = await database.get(token) if TOKEN.fullmatch(token) else None
    if record is None:
        return None
    await database.delete(token)
    record = json.loads(record)
    minted = datetime.strptime(record["time"], "%d:%m:%Y:%H:%M:%S")
    return record["user"] if datetime.utcnow() - TOKEN_LIFETIME <= minted else None


class Sockets:
    """The open sockets of this process, by user."""

    def __init__(self):
        self._by_user = defaultdict(set)

    def add(self, user, socket):
        self._by_user[user].add(socket)

    def remove(self, user, socket):
        self._by_user[user].discard(socket)
        if not self._by_user[user]:
            del self._by_user[user]

    def of_user(self, user):
        return list(self._by_user.get(user, ()))

    def of_everyone(self):
        return list(itertools.chain.from_iterable(self._by_user.values()))


class HubHandler(WebSocketHandler):
    user = None

    async def prepare(self):
        """Refuses before the upgrade."""
        self.user = await spend(self.settings["database"], self.get_query_argument("access_token", ""))
        if self.user is None:
            raise HTTPError(401)

    def open(self):
        self.set_nodelay(True)
        self.settings["sockets"].add(self.user, self)

    def on_message(self, message):
        pass

    def on_close(self):
        self.settings["sockets"].remove(self.user, self)

    def push(self, frame):
        """Skips a closed socket and forgets it: of one that closed while its token was being spent, on_close came before open."""
        try:
            self.write_message(frame)
        except WebSocketClosedError:
            self.on_close()


class PublishHandler(RequestHandler):
    ids = itertools.count(1)

    def prepare(self):
        if not hmac.compare_digest(self.request.headers.get("X-Api-Key", "").encode(), self.settings["key"]):
            raise HTTPError(401)

    def post(self, user=None):
        frame, sockets = self._frame(), self.settings["sockets"]
        for socket in sockets.of_everyone() if user is None else sockets.of_user(user):
            socket.push(frame)
        self.set_status(202)
        self.finish({"id": str(next(self.ids))})

    def _frame(self):
        """Serialized once for all sockets: write_message sends bytes as they are, in a text frame."""
        try:
            body = json.loads(self.request.body)
            message = {"type": body["type"], "payload": body["payload"]}
            return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        except (ValueError, TypeError, KeyError) as error:
            raise HTTPError(400) from error


class ReadyHandler(RequestHandler):
    async def get(self):
        try:
            await self.settings["database"].ping()
        except RedisError as error:
            raise HTTPError(503) from error
        self.finish("Healthy")


def application(**settings):
    return Application(
        [
            (r"/hub", HubHandler),
            (r"/api/users/([^/]+)/messages", PublishHandler),
            (r"/api/everyone/messages", PublishHandler),
            (r"/health/ready", ReadyHandler),
        ],
        sockets=Sockets(),
        websocket_ping_interval=30,
        log_function=lambda handler: None,
        **settings,
    )


def collect_garbage():
    gc.collect()
    print("garbage collected", file=sys.stderr, flush=True)


def ignore_sockets_that_close_under_a_write(loop, context):
    if not isinstance(context.get("exception"), WebSocketClosedError):
        loop.default_exception_handler(context)


async def main(port, redis_address, key):
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(ignore_sockets_that_close_under_a_write)
    loop.add_signal_handler(signal.SIGUSR2, collect_garbage)
    loop.add_signal_handler(signal.SIGTERM, os._exit, 0)
    pool = redis.BlockingConnectionPool.from_url(f"redis://{redis_address}")
    application(database=redis.Redis(connection_pool=pool), key=key).listen(port, "127.0.0.1", backlog=4096)
    await asyncio.Event().wait()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--redis", default="127.0.0.1:6379")
    given, key = arguments.parse_args(), os.environ.get("BENCH_API_KEY")
    if not key:
        arguments.error("the API's key is missing in BENCH_API_KEY")
    asyncio.run(main(given.port, given.redis, key.encode()))
