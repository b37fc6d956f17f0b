"""The book of the crash stories: Acme, whose directory is read, and Globex, which pays a flat fee."""

from pathlib import Path

_BOOK = """
version: 1
seller: {{name: Northwind IT, address: [1 Main St], country: US, invoice_series: NW, credit_series: NC}}
digests: [{digest}]
clients:
  - slug: acme
    name: Acme Corp
    currency: USD
    timezone: {timezone}
    locale: en_US
    channel: C0ACME
    taxes: {{standard: [{{name: Sales tax, rate: "8.25"}}]}}
    directories: [{directory}]
    rosters: [{{name: full, rule: {{basis: {basis}}}}}]
    agreements:
      - name: Managed services
        start: 2027-01-01
        bills_from: 2027-04-01
        cycle: {{months: 1, anchor: 2027-01-01}}
        timing: advance
        lines:
          - name: managed-user
            text: Managed user
            count: {{roster: full}}
            price: {{model: per_unit, unit: "40.00"}}
    quantities: [{{of: full, on: 2027-01-01, quantity: "5"}}]
    billed: [{{line: managed-user, from: 2027-04-01, to: 2027-05-01, amount: "200.00"}}]
  - slug: globex
    name: Globex Corp
    currency: USD
    timezone: UTC
    locale: en_US
    agreements:
      - name: Flat
        start: 2027-01-01
        bills_from: 2027-05-01
        cycle: {{months: 1, anchor: 2027-01-01}}
        timing: advance
        lines: [{{name: flat, text: Flat fee, price: {{model: flat, amount: "100.00"}}, tax: none}}]
"""


def write_book(
    folder: Path, directory: str, basis: str = "enabled", digest: str = "", timezone: str = "America/New_York"
) -> Path:
    """The book in a folder, with Acme's directory and perhaps a digest as written in YAML, and its rule's basis."""
    file = folder / "book.yaml"
    file.write_text(_BOOK.format(directory=directory, basis=basis, digest=digest, timezone=timezone), encoding="utf-8")
    return file
