"""The OpenAPI document as a page for people. It needs no script, and nothing from anybody else."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = """\
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
article { border-top: 1px solid GrayText; margin-top: 1.5rem; }
h3 { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; overflow-wrap: break-word; }
.wide { overflow-x: auto; }
"""
Schema = Mapping[str, Any]


def render_page(document: Mapping[str, Any]) -> str:
    """Make the page: every operation by its subject, then every shape of answers."""
    info = document["info"]
    subjects = "".join(_subject(tag, document["paths"]) for tag in document["tags"])
    shapes = "".join(_shape(*shape) for shape in sorted(document["components"]["schemas"].items()))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])} API</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{escape(info['title'])} API {escape(info['version'])}</h1>{_text(info['description'])}"
        '<p>For programs: <a href="openapi.json">openapi.json</a>.</p>'
        f'{subjects}<h2 id="shapes">What answers hold</h2>{shapes}</main></body></html>\n'
    )


def _subject(tag: Mapping[str, str], paths: Mapping[str, Mapping[str, Any]]) -> str:
    operations = (
        _operation(path, method, operation)
        for path, methods in sorted(paths.items())
        for method, operation in methods.items()
        if tag["name"] in operation["tags"]
    )
    return f"<h2>{escape(tag['name'].capitalize())}</h2>{_text(tag['description'])}{''.join(operations)}"


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> str:
    parameters = [
        (
            f"<code>{escape(each['name'])}</code>",
            _kind(each["schema"]) + ("" if each["required"] else ", or left out"),
            _inline(each.get("description", "")),
        )
        for each in operation.get("parameters", ())
    ]
    body = operation.get("requestBody")
    sent = f"<p>Send {_contents(body['content'])}.</p>" if body else ""
    return (
        f'<article id="{escape(operation["operationId"])}">'
        f"<h3><code>{method.upper()} {escape(path)}</code></h3>"
        f"{_text(operation['summary'])}{_text(operation.get('description', ''))}{_access(operation)}"
        f"{_table(('Parameter', 'Kind', 'What it is'), parameters)}{sent}"
        f"{_answers(operation['responses'])}</article>"
    )


def _access(operation: Mapping[str, Any]) -> str:
    if not operation["security"]:
        return "<p>Needs no key.</p>"
    if {} in operation["security"]:
        return "<p>Needs a key, unless this deployment lets everybody read.</p>"
    return "<p>Needs a key of the scope <code>operate</code>.</p>"


def _answers(answers: Mapping[str, Mapping[str, Any]]) -> str:
    """Tell what is answered when all is well; problems are alike everywhere."""
    well = [answers[status] for status in sorted(answers) if status < "300"]
    told = "".join(
        f"<p>Answers: {_inline(each['description'])} ({_contents(each['content'])}).</p>" for each in well
    )
    problems = ", ".join(status for status in sorted(answers) if status >= "400")
    return f'{told}<p>Else a <a href="#Problem">Problem</a> of the status {problems}.</p>'


def _contents(content: Mapping[str, Mapping[str, Schema]]) -> str:
    return "; ".join(f"{escape(kind)} {_kind(told.get('schema', {}))}" for kind, told in content.items())


def _shape(name: str, schema: Schema) -> str:
    fields = [
        (f"<code>{escape(field)}</code>", _kind(told), _inline(told.get("description", "")))
        for field, told in schema.get("properties", {}).items()
    ]
    told = _table(("Field", "Kind", "What it is"), fields) if fields else f"<p>{_kind(schema)}</p>"
    description = _text(schema.get("description", ""))
    return f'<article id="{escape(name)}"><h3>{escape(name)}</h3>{description}{told}</article>'


def _kind(schema: Schema) -> str:
    """Say in words what a value can be."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " or ".join(f"<code>{escape(str(value))}</code>" for value in values)
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    bounds = [
        f"{word} {schema[name]:g}"
        for name, word in (("minimum", "from"), ("maximum", "to"))
        if name in schema
    ]
    return escape(" ".join([schema.get("format", schema.get("type", "anything")), *bounds]))


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    if not lines:
        return ""
    names = "".join(f'<th scope="col">{name}</th>' for name in header)
    return f'<div class="wide"><table><thead><tr>{names}</tr></thead><tbody>{lines}</tbody></table></div>'


def _text(text: str) -> str:
    return "".join(f"<p>{_inline(paragraph)}</p>" for paragraph in text.split("\n\n") if paragraph)


def _inline(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
