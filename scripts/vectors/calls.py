"""Calls written in Python, as the engine's tests write them in TypeScript."""

import re


def in_typescript(call):
    for python, typescript in (("True", "true"), ("False", "false"), ("None", "null")):
        call = re.sub(rf"\b{python}\b", typescript, call)
    keywords = lambda m: "{ " + re.sub(r"\b([a-z_]+)=", r"\1: ", m.group(1)) + " })"
    call = re.sub(r"((?:\b[a-z_]+=(?:\[[^\]]*\]|[^,()\[\]]|\([^()]*\))+(?:, )?)+)\)", keywords, call)
    index = re.match(r"^(.*\))\[(.*)\]$", call)
    several = call.startswith(("torch.meshgrid", "torch.where"))
    return f"{index.group(1)}.index({index.group(2)})" if index and not several else call
