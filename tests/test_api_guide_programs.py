"""What docs/api.md says of programs in Python and of assistants happens as it says, against the served API."""

import ast
import json
import re
import threading
from contextlib import contextmanager

import pytest
from django.db import connections

from kariz.jobs import worker
from tests import assistants, programs
from tests.cast import gather
from tests.test_api_guide import GUIDE, differences

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS, TOKEN = "https://crm.example.com", "krz_…"


def blocks(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE)


@pytest.fixture
def cast(live_server):
    return gather()


@contextmanager
def working():
    """A worker at work, as it stands beside every site."""
    is_over = threading.Event()

    def work():
        while not is_over.wait(0.05):
            worker.drain()
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


class Told(ast.NodeTransformer):
    """Has each expression with a comment behind it checked against the comment, where it stands."""

    def __init__(self, source):
        self.lines = source.splitlines()

    def visit_Expr(self, node):
        _code, mark, promised = self.lines[node.end_lineno - 1].partition("  # ")
        if not mark:
            return node
        checking = ast.parse("checked(0, 0)", mode="eval").body
        checking.args = [ast.parse(promised, mode="eval").body, node.value]
        return ast.fix_missing_locations(ast.copy_location(ast.Expr(checking), node))


def plain(value):
    """Tuples as lists, so that a comment may say either."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def test_every_example_in_python_does_what_it_says(live_server, cast, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leads.csv").write_text("Name,E-mail,Source\nSara Ahmadi,sara@example.com,website\n")
    checked = []

    def check(promised, given):
        assert differences(plain(promised), plain(given)) == []
        checked.append(promised)

    known = {"checked": check}
    secret = programs.of(cast.shirin).secret
    with working():
        for source in blocks("python"):
            said = source.replace(ADDRESS, live_server.url).replace(TOKEN, secret)
            tree = Told(said).visit(ast.parse(said))
            exec(compile(tree, str(GUIDE), "exec"), known)
    assert len(checked) == sum(source.count("  # ") for source in blocks("python")) > 10
    assert (tmp_path / "copy.csv").exists()


def test_an_assistant_starts_and_works_as_it_says(live_server, cast, tmp_path):
    [configuration] = blocks("json mcp")
    [server] = json.loads(configuration)["mcpServers"].values()
    assert (server["command"], server["args"]) == ("kariz", ["mcp"])
    assert server["env"] == {"KARIZ_URL": ADDRESS, "KARIZ_TOKEN": TOKEN}
    secret = programs.of(cast.shirin).secret
    values = {"name": "Ali Karimi", "email": "ali.k@example.com", "source": "website"}
    with assistants.started(live_server.url, secret, tmp_path) as assistant:
        lead = assistant.call("create_record", type="lead", values=values)
        assistant.call("update_record", type="lead", id=lead["id"], values={"company": "Arvand"}, version=1)
        for asked, promised in zip(blocks("json tool"), blocks("json answer"), strict=True):
            call = json.loads(asked)
            answer = assistant.call(call["name"], **call["arguments"])
            assert differences(json.loads(promised), answer) == []
        tools = assistant.tools
    table = dict(
        re.findall(r"^\| `(\w+)` \| .* \| (reads|adds|changes) \|$", GUIDE.read_text(), re.MULTILINE)
    )
    assert table == {name: does_to_data(tool.annotations) for name, tool in tools.items()}


def does_to_data(hints):
    if hints.read_only_hint:
        return "reads"
    return "changes" if hints.destructive_hint else "adds"
