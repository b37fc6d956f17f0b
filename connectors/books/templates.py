"""Templates: what agreements have in common is said once, and each agreement says what is its own.

An agreement takes every key of its template that it doesn't have itself. Its lines take theirs from the template's
line of the same name, key by key; `null` takes a key back, `without` a line. Written again, it says only what differs.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from billing.agreement import Agreement
from connectors.books.agreement_shapes import AgreementShape, TemplateShape
from connectors.books.agreement_terms import Products, agreement_of, line_costs
from connectors.books.currencies import CURRENCIES
from connectors.books.document import Block, Items
from connectors.books.plain_terms import Plain, agreement_keys, without_nothing
from connectors.books.problems import Problems
from connectors.books.shape import did_you_mean, shaped, shown
from connectors.books.values import BookTemplate, Catalogue

# A day and a currency to try a template with: it names no day, and no currency has more digits.
_SOME_DAY = date(2000, 1, 1)
_FINEST = "CLF"
_DAYS = frozenset({"from", "until", "known", "anchor"})
_LINES = "lines"


def template_of(shape: TemplateShape, block: Block, products: Products, problems: Problems) -> BookTemplate:
    """A template of the book, tried as an agreement of its own; what is refused of it is noted."""
    for line in shape.lines or ():
        if line.was:
            problems.add(line.line("was"), "found was in a template; expected it on the line of each client")
    tried = Block(block.line)
    for key, value in block.items():
        if key not in TemplateShape.model_fields:
            # It is told already as a key that no template has.
            continue
        tried.place(key, value, block.key_lines[key], block.value_lines[key])
    tried.place("start", _SOME_DAY, block.line, block.line)
    agreement = shaped(AgreementShape, tried, block.line, problems)
    if agreement is not None:
        with problems.noted(block.line):
            agreement_of(agreement, _FINEST, products, problems)
    return BookTemplate(shape.name, {key: _data(value) for key, value in block.items() if key != "name"})


def _data(value: object) -> object:
    """Plain data as JSON has it."""
    if isinstance(value, dict):
        return {key: _data(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_data(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def template_keys(template: BookTemplate) -> Plain:
    """The template as the book has it."""
    return without_nothing({"name": template.name} | {key: _written(key, each) for key, each in template.keys.items()})


def _written(key: str, value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _written(name, each) for name, each in value.items()}
    if isinstance(value, list):
        return [_written(key, each) for each in value]
    return date.fromisoformat(value) if key in _DAYS and isinstance(value, str) else value


def placed(value: object, line: int) -> object:
    """Plain data as if all of it stood on one line of the book."""
    if isinstance(value, Mapping):
        block = Block(line)
        for key, each in value.items():
            block.place(key, placed(each, line), line, line)
        return block
    if isinstance(value, list):
        return Items([placed(each, line) for each in value], [line] * len(value))
    return value


def complete(client: Block, catalogue: Catalogue, problems: Problems) -> None:
    """Gives every agreement of a client what it takes from its template."""
    agreements = client.get("agreements")
    if not isinstance(agreements, Items):
        return
    for place, agreement in enumerate(agreements):
        if not isinstance(agreement, Block):
            continue
        name = agreement.get("template")
        if isinstance(name, str) and name in catalogue.templates:
            agreements[place] = _completed(agreement, catalogue.templates[name], problems)
            _check_alone(agreement, catalogue, client.get("currency"), problems)
        elif isinstance(name, str):
            hint = did_you_mean(name, list(catalogue.templates))
            problems.add(agreement.value_lines["template"], f"found the unknown template '{shown(name)}'; {hint}")
        elif agreement.get("without"):
            problems.add(agreement.value_lines["without"], "found without, and no template; expected both or neither")


def _completed(agreement: Block, template: BookTemplate, problems: Problems) -> Block:
    line = agreement.value_lines["template"]
    made = _over(agreement, {key: each for key, each in template.keys.items() if key != _LINES}, line)
    own = agreement.get(_LINES)
    theirs = template.keys.get(_LINES)
    if (own is None or isinstance(own, Items)) and isinstance(theirs, list):
        without = agreement.get("without")
        taken_back = without if isinstance(without, Items) else Items()
        _check_taken_back(taken_back, [str(each["name"]) for each in theirs], problems)
        kept = [each for each in theirs if each["name"] not in taken_back]
        lines = list(_lines(own or Items(), kept, line))
        where = agreement.value_lines.get(_LINES, line)
        made.place(_LINES, Items([each for each, _ in lines], [place for _, place in lines]), where, where)
    return made


def _check_taken_back(taken_back: Items, names: Sequence[str], problems: Problems) -> None:
    for name, place in zip(taken_back, taken_back.lines, strict=True):
        if name not in names:
            hint = did_you_mean(str(name), names)
            problems.add(place, f"found no line '{shown(str(name))}' in the template; {hint}")


def _over(own: Block, theirs: Mapping[str, object], line: int) -> Block:
    """Own keys over those of the template, which stand where the agreement names it."""
    made = Block(own.line)
    for key, each in theirs.items():
        if key not in own:
            made.place(key, placed(each, line), line, line)
    for key, each in own.items():
        made.place(key, each, own.key_lines[key], own.value_lines[key])
    return made


def _lines(own: Items, theirs: Sequence[Mapping[str, object]], line: int) -> Iterator[tuple[object, int]]:
    """The template's lines in its order, under what the agreement says of them, and then the agreement's own."""
    said = {each["name"]: place for place, each in reversed(list(enumerate(own))) if _is_named(each)}
    used = set()
    for keys in theirs:
        place = said.get(keys["name"])
        if place is None:
            yield placed(keys, line), line
        else:
            used.add(place)
            yield _over(own[place], keys, line), own.lines[place]
    yield from ((each, own.lines[place]) for place, each in enumerate(own) if place not in used)


def _is_named(line: object) -> bool:
    return isinstance(line, Block) and isinstance(line.get("name"), str)


def _check_alone(agreement: Block, catalogue: Catalogue, currency: object, problems: Problems) -> None:
    """A template must make sense in the client's currency by itself, or what differs from it could not be told."""
    template = catalogue.templates[agreement["template"]]
    if isinstance(currency, str) and currency in CURRENCIES:
        tried = {"name": template.name, "start": _SOME_DAY}
        _alone(template, tried, currency, catalogue, agreement.value_lines["template"], problems)


def _alone(
    template: BookTemplate, keys: Plain, currency: str, catalogue: Catalogue, line: int, problems: Problems
) -> Plain:
    """The keys of an agreement that follows the template and says nothing itself, in their normal form."""
    block = placed({**template.keys, **keys}, line)
    shape = shaped(AgreementShape, block, line, problems)
    if shape is None:
        return {}

    def keys_of(whole: AgreementShape) -> Plain:
        made = agreement_of(whole, currency, catalogue.products, problems)
        costs = {each.line: each.cost for each in line_costs(whole.lines or (), problems)}
        return agreement_keys(made, currency, catalogue.products, {}, costs)

    return next(iter(problems.each([shape], keys_of)), {})


def own_keys(agreement: Agreement, keys: Plain, currency: str, catalogue: Catalogue) -> Plain:
    """What an agreement says itself: all of its keys where it follows no template, else what differs from that."""
    template = catalogue.templates.get(agreement.template or "")
    if template is None:
        return keys
    problems = Problems(template.name)
    named = {"name": agreement.name, "start": agreement.start}
    alone = _alone(template, named, currency, catalogue, 0, problems)
    problems.stop()
    mine, theirs = _by_name(keys), _by_name(alone)
    own = _difference({**keys, _LINES: None}, {**alone, _LINES: None}) | named
    lines = [_own_line(line, theirs.get(name)) for name, line in mine.items()]
    own[_LINES] = [line for line in lines if list(line) != ["name"]] or None
    own["without"] = [name for name in theirs if name not in mine] or None
    told = without_nothing({key: own.get(key) for key in ("lines", "without")})
    first = {"name": agreement.name, "template": agreement.template, "start": agreement.start}
    return first | {key: value for key, value in own.items() if key not in {*first, "lines", "without"}} | told


def _by_name(keys: Plain) -> dict[str, Plain]:
    lines = keys.get(_LINES)
    return {str(line["name"]): line for line in lines} if isinstance(lines, list) else {}


def _own_line(line: Plain, theirs: Plain | None) -> Plain:
    return line if theirs is None else {"name": line["name"], **_difference(line, theirs)}


def _difference(mine: Plain, theirs: Plain) -> Plain:
    """The keys in which two differ; one that only the other has is there as None, which takes it back."""
    return {key: mine.get(key) for key in {**mine, **theirs} if mine.get(key) != theirs.get(key)}
