#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Hold mcpeer.txt against the specification: every command, every attribute
with its kind, every value of an enum; and nothing that is not there. Complains
and exits with 1 if they differ."""

import pathlib
import re
import sys

import yaml

HERE = pathlib.Path(__file__).resolve().parent
SPEC = HERE / "../../uapi/specs/mcpeer.yaml"

# What a type of the specification looks like in syzlang.
KINDS = {"string": r"string\b|devname", "binary": "ipv[46]_addr",
         "u32": r"int32\b|ifindex", "u64": r"int64\b", "flag": "void",
         "pad": "void", "nest": "array"}


def constant(*words):
    """The name that the generator makes of these words."""
    return "_".join(("mcpeer",) + words).upper().replace("-", "_")


def specified(spec):
    """Constants by kind: commands, attributes with type, values of enums."""
    commands = {constant("cmd", item["name"])
                for item in spec["operations"]["list"]}
    attributes = {constant("a", attrs["name"], item["name"]): item["type"]
                  for attrs in spec["attribute-sets"]
                  if "subset-of" not in attrs
                  for item in attrs["attributes"]}
    values = {constant(enum["name"], entry["name"])
              for enum in spec["definitions"] if enum["type"] == "enum"
              for entry in enum["entries"]}
    return commands, attributes, values


def complaints(text, spec):
    """Sentences about what is wrong."""
    commands, attributes, values = specified(spec)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    text = "\n".join(lines)
    calls = set(re.findall(r"^sendmsg\$(MCPEER_CMD_\w+)\(.*\1,", text, re.M))
    for name in sorted(commands - calls):
        yield f"no sendmsg${name}"
    found = {}
    for what, name, kind in re.findall(r"(nlattr|nlnest)\[(\w+), (.*)\]$",
                                       text, re.M):
        found.setdefault(name, []).append((what, kind))
    for name, kind in attributes.items():
        if name not in found:
            yield f"no attribute {name}"
        for what, form in found.get(name, []):
            if (what == "nlnest") != (kind == "nest") or \
               not re.search(KINDS[kind], form):
                yield f"{name} is {kind}, not {what}[{form}]"
    named = set(re.findall(r"\bMCPEER_(?!A_\w+4\b|A_\w+6\b)\w+", text))
    for name in sorted(values - named):
        yield f"no value {name}"
    for name in sorted(named - commands - set(attributes) - values):
        yield f"{name} is not in the specification"


def main():
    """Print all that is wrong."""
    with open(SPEC, encoding="utf-8") as stream:
        spec = yaml.safe_load(stream)
    wrong = list(complaints((HERE / "mcpeer.txt").read_text("utf-8"), spec))
    print("\n".join(wrong), end="\n" if wrong else "")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
