"""Stands in for `gh`: keeps the comments of one pull request in a file, and notes every call."""

import json
import os
import re
import shutil
import subprocess
import sys

STATE = os.environ["FAKE_GITHUB"]
LIMIT = 65_536


def fail(text):
    print(f"gh: {text}", file=sys.stderr)
    sys.exit(1)


def path(value, names):
    for name in names.strip(".").split("."):
        value = value[name] if name else value
    return value


def query(value, expression):
    """The part of jq that the action uses; where jq itself is at hand, it must agree."""
    found = [value]
    for stage in re.split(r" \| (?!startswith)", expression):
        if stage.endswith("[]"):
            found = [item for one in found for item in path(one, stage[:-2])]
        elif match := re.fullmatch(r'select\((\S+) == "(.*)"\)', stage):
            found = [one for one in found if path(one, match[1]) == match[2]]
        elif match := re.fullmatch(r'select\((\S+) \| startswith\("(.*)"\)\)', stage):
            found = [one for one in found if path(one, match[1]).startswith(match[2])]
        elif re.fullmatch(r"[.\w]+", stage):
            found = [path(one, stage) for one in found]
        else:
            fail(f"cannot read the query {stage}")
    text = "".join(f"{one}\n" for one in found)
    if shutil.which("jq"):
        real = subprocess.run(["jq", "-r", expression], input=json.dumps(value), capture_output=True, text=True)
        if real.stdout != text:
            fail(f"jq finds {real.stdout!r} {real.stderr}, not {text!r}")
    return text


def options(args):
    found = {"fields": {}, "method": "GET"}
    args = iter(args)
    for arg in args:
        if arg in ("--field", "--raw-field"):
            name, _, value = next(args).partition("=")
            if arg == "--field" and value.startswith("@"):
                with open(value[1:], encoding="utf-8", newline="") as file:
                    value = file.read()
            found["fields"][name] = value
        elif arg in ("--method", "--jq"):
            found[arg[2:]] = next(args)
        elif arg in ("--paginate", "--silent"):
            found[arg[2:]] = True
        elif arg.startswith("-") or "endpoint" in found:
            fail(f"unknown argument {arg}")
        else:
            found["endpoint"] = arg
    return found


def answer(state, asked):
    endpoint, _, parameters = asked["endpoint"].partition("?")
    comments = state["comments"]
    if endpoint == "graphql":
        assert asked["fields"] == {"query": "{ viewer { login } }"}, asked
        return {"data": {"viewer": {"login": state["login"]}}}
    if asked["method"] == "GET" and endpoint == "repos/acme/lake/issues/7/comments":
        size = int(dict(p.split("=") for p in parameters.split("&") if p).get("per_page", 30))
        return comments if asked.get("paginate") else comments[:size]
    body = asked["fields"].get("body", "")
    if not body or len(body) > LIMIT:
        fail("Validation Failed (HTTP 422)")
    if asked["method"] == "POST" and endpoint == "repos/acme/lake/issues/7/comments":
        comments.append({"id": 1 + max(c["id"] for c in comments), "user": {"login": state["login"]}, "body": body})
        return comments[-1]
    if asked["method"] == "PATCH":
        (one,) = [c for c in comments if endpoint == f"repos/acme/lake/issues/comments/{c['id']}"]
        one["body"] = body
        return one
    fail("Not Found (HTTP 404)")


def main():
    with open(STATE, encoding="utf-8") as file:
        state = json.load(file)
    command, *args = sys.argv[1:]
    asked = options(args)
    state["calls"].append(f"{asked['method']} {asked['endpoint'].partition('?')[0]}")
    with open(STATE, "w", encoding="utf-8") as file:
        json.dump(state, file)
    if command != "api" or os.environ.get("GH_TOKEN") != "the token of the run":
        fail("Bad credentials (HTTP 401)")
    if asked["method"] in state["refuses"]:
        fail("Resource not accessible by integration (HTTP 403)\n100%")
    value = answer(state, asked)
    with open(STATE, "w", encoding="utf-8") as file:
        json.dump(state, file)
    if not asked.get("silent"):
        sys.stdout.write(query(value, asked["jq"]) if "jq" in asked else json.dumps(value))


main()
