"""Access that people give to programs, by OAuth 2: authorization code with PKCE, as RFC 9700 would have it.

An administrator registers a program (`registering`). It sends a person's browser here (`asking`), the person says yes
or no (`consent`), the browser takes a code back, and the program exchanges the code for tokens (`connections`).
"""
