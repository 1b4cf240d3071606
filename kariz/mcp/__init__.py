"""The MCP server: lets assistants that speak the Model Context Protocol work with Kariz, as far as one token reaches.

It goes through the API by `kariz.client`, so that it runs on any machine, sees what the token's user sees, and writes
what he may write. It needs neither Django nor a database.
"""

HELP = "Serve assistants that speak the Model Context Protocol, through the API of a Kariz anywhere."
