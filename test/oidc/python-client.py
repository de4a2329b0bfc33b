"""The official Python SDK as a client: signs in, calls a tool, renews, and calls again.

Usage: python-client.py <URL of the site> <redirect URI>
Writes `open <URL>` where a browser is to go on, and reads the query of the answer from standard input.
Each result is a line `result <JSON>`.
"""

import asyncio
import json
import sys
from urllib.parse import parse_qs

from mcp import ClientSession
from mcp.client.auth import OAuthClientProvider, TokenStorage
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata


class Storage(TokenStorage):
    tokens = None
    client = None
    issued = 0

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens
        self.issued += 1

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client_info):
        self.client = client_info


async def redirect(url):
    print(f"open {url}", flush=True)


async def answered():
    line = await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    query = parse_qs(line.strip())
    first = lambda name: query.get(name, [None])[0]
    return AuthorizationCodeResult(code=first("code"), state=first("state"), iss=first("iss"))


async def main(url, callback):
    storage = Storage()
    provider = OAuthClientProvider(
        server_url=url,
        client_metadata=OAuthClientMetadata(client_name="Python client", redirect_uris=[callback]),
        storage=storage,
        redirect_handler=redirect,
        callback_handler=answered,
    )
    async with create_mcp_http_client(auth=provider) as http:
        async with streamable_http_client(url, http_client=http) as streams:
            async with ClientSession(streams[0], streams[1]) as session:
                await session.initialize()
                tools = await session.list_tools()
                first = await session.call_tool("rucio_whoami", {})
                # As if its time had come: the next call renews.
                provider.context.token_expiry_time = 1
                second = await session.call_tool("rucio_whoami", {})
                result = {
                    "tools": [tool.name for tool in tools.tools],
                    "accounts": [
                        json.loads(answer.content[0].text)["account"] for answer in (first, second)
                    ],
                    "issued": storage.issued,
                }
                print(f"result {json.dumps(result)}", flush=True)


asyncio.run(main(*sys.argv[1:]))
