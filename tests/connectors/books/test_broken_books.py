"""A broken book is refused with the file, the line, what was found, and what was expected."""

from pathlib import Path

import pytest

from connectors.books.problems import BookIsWrong
from connectors.books.reader import read_book
from connectors.books.schedules import EXPECTED
from connectors.directories import KINDS

ACME = "version: 1\nclients:\n  - {slug: acme, name: Acme, currency: USD"
AGREEMENT = ACME + ", agreements: [\n    {name: Care, start: 2027-01-01"
LINE = AGREEMENT + ", lines: [\n      {name: user, count: {roster: full}"
PRICED = LINE + ", price: {model: per_unit, unit: '5.00'}"
METERED = AGREEMENT + ", lines: [\n      {name: gb, count: {usage: gb}, price: {model: usage, unit: '1'}}]}]"

BROKEN = {
    "a word that is no mapping": ("hello", ["1: expected a mapping that begins with version: 1"]),
    "an empty file": ("", ["1: the file is empty; expected a book that begins with version: 1"]),
    "only comments": ("# nothing\n", ["1: the file is empty; expected a book that begins with version: 1"]),
    "two documents": (
        "version: 1\n---\nversion: 1\n",
        ["2: a second document begins here; expected one document"],
    ),
    "no version": ("clients: []\n", ["1: the key 'version' is missing; expected in the book"]),
    "another version": ("version: 2\n", ["1: 'version': found 2, expected 1"]),
    "a misspelt key": (
        "version: 1\nclient: []\n",
        ["2: found the unknown key 'client' in the book; did you mean 'clients'?"],
    ),
    "a key like no other": (
        "version: 1\nzzz: 1\n",
        [
            (
                "2: found the unknown key 'zzz' in the book; "
                "possible: version, seller, products, templates, digests, approvals, money_from, clients"
            )
        ],
    ),
    "a key twice": (
        "version: 1\nclients: []\nversion: 1\n",
        ["3: the key 'version' stands here again; expected it once (line 1)"],
    ),
    "a key that is a list": ("version: 1\n[a]: b\n", ["2: a key is a list or a mapping; expected a word"]),
    "a tag": (
        "version: 1\nclients: !!python/tuple []\n",
        ["2: the tag tag:yaml.org,2002:python/tuple can't be used here; expected a plain value without a tag"],
    ),
    "an anchor in itself": (
        "version: 1\nclients: &loop [*loop]\n",
        [
            "2: this anchor holds itself; expected values that end",
            "2: a client: found nothing, expected a mapping with keys",
        ],
    ),
    "a merge of a word": (
        "version: 1\n<<: word\n",
        ["2: << merges something else; expected a mapping or a list of mappings"],
    ),
    "a digest without its keys": (
        "version: 1\ndigests:\n  - {clients: [acme]}\n",
        [
            "3: the key 'channel' is missing; expected in a digest",
            "3: the key 'at' is missing; expected in a digest",
        ],
    ),
    "a digest that never comes": (
        "version: 1\ndigests:\n  - {channel: C0BILLING, at: someday 09:00}\n",
        [
            f"3: 'at': found 'someday 09:00', expected {EXPECTED}",
        ],
    ),
    "a digest about nobody, in no channel and no zone": (
        "version: 1\ndigests:\n  - {channel: billing, at: 09:00, timezone: Mars, clients: []}\n",
        [
            "3: 'channel': found 'billing', expected the id of a Slack channel, such as C0ACME, not its name",
            "3: 'timezone': found 'Mars', expected a time zone of the IANA database, such as America/New_York or UTC",
            "3: 'clients': found a list, expected at least one entry",
        ],
    ),
    "a digest twice": (
        "version: 1\ndigests:\n  - {channel: C0BILLING, at: mon 09:00}\n  - {channel: C0BILLING, at: Mon 09:00}\n",
        ["4: found the digest 'C0BILLING at mon 09:00' again; expected each channel and time once (line 3)"],
    ),
    "approvals of other kinds": (
        "version: 1\napprovals:\n  automatic: {people: 0, money: '3'}\n  two_people: true\n  by: U0DANA\n  own: 1\n",
        [
            "3: 'people': found 0, expected 1 or more",
            "3: 'money': found '3', expected a mapping with keys",
            "4: 'two_people': found true, expected a mapping with keys",
            "5: 'by': found 'U0DANA', expected a list",
            ("6: found the unknown key 'own' in approvals; possible: own_proposals, by, automatic, two_people"),
        ],
    ),
    "an automatic approval without an amount": (
        "version: 1\napprovals:\n  automatic: {people: 3}\n",
        ["3: the key 'money' is missing; expected in automatic"],
    ),
    "an approval limit in a currency that there isn't": (
        "version: 1\napprovals:\n  automatic: {people: 3, money: {EURO: '3'}}\n",
        ["3: 'EURO': found 'EURO', expected an ISO 4217 code, such as USD, EUR or GBP"],
    ),
    "an approval limit finer than a cent": (
        ACME + ",\n     approvals: {automatic: {people: 3,\n       money: '1.005'}}}\n",
        ["5: 1.005 is finer than USD can be paid: at most 2 digits."],
    ),
    "two people without a limit": (
        ACME + ",\n     approvals:\n       {two_people: {}}}\n",
        ["5: two_people needs people, money or both: above that, two people approve."],
    ),
    "an automatic approval of more people than one may approve": (
        "version: 1\napprovals:\n  two_people: {people: 2}\n  automatic: {people: 3, money: {USD: '1'}}\n",
        [("4: automatic lets 3 people through, and more than 2 take two_people: lower the one or raise the other.")],
    ),
    "an automatic approval of more money than one may approve": (
        ACME + ", approvals: {two_people: {money: '2'},\n    automatic: {people: 3, money: '3'}}}\n",
        [
            (
                "4: automatic lets 3.00 USD through, and more than 2.00 USD take two_people: "
                "lower the one or raise the other."
            )
        ],
    ),
    "a decision by somebody without an id": (
        ACME + ", approvals: {by: [Dana]}}\n",
        ["3: 'by': found 'Dana', expected the id of a Slack user or user group, such as U0DANA or S0LEADS"],
    ),
    "a decision by nobody": (
        ACME + ", approvals: {by: []}}\n",
        ["3: 'by': found a list, expected at least one entry"],
    ),
    "an hour that the day lacks": (
        ACME + ", sync_at: '25:00'}\n",
        ["3: 'sync_at': found '25:00', expected a time of the day, such as \"02:30\""],
    ),
    "a client without its keys": (
        "version: 1\nclients:\n  - {name: Acme}\n",
        [
            "3: the key 'slug' is missing; expected in a client",
            "3: the key 'currency' is missing; expected in a client",
        ],
    ),
    "a client that is a word": (
        "version: 1\nclients:\n  - acme\n",
        ["3: a client: found 'acme', expected a mapping with keys"],
    ),
    "clients that are a mapping": (
        "version: 1\nclients: {slug: acme}\n",
        ["2: 'clients': found a mapping, expected a list"],
    ),
    "a number for a name": (
        "version: 1\nseller:\n  name: 42\n",
        ["3: 'name': found 42, expected text (in quotes, where YAML would read it as something else)"],
    ),
    "a line break in a name": (
        'version: 1\nseller: {name: "A\\nB"}\n',
        ["2: 'name': found 'A\\nB', expected one line of text of 1 to 500 characters"],
    ),
    "an unknown currency": (
        "version: 1\nclients:\n  - {slug: acme, name: Acme,\n     currency: EURO}\n",
        ["4: 'currency': found 'EURO', expected an ISO 4217 code, such as USD, EUR or GBP"],
    ),
    "an unknown time zone": (
        ACME + ",\n     timezone: Europe/Bonn}",
        [
            (
                "4: 'timezone': found 'Europe/Bonn', expected a time zone of the IANA database, "
                "such as America/New_York or UTC"
            )
        ],
    ),
    "a time zone that is a folder": (
        ACME + ", timezone: Europe}",
        ["3: 'timezone': found 'Europe', expected a time zone of the IANA database, such as America/New_York or UTC"],
    ),
    "a path for a time zone": (
        ACME + ", timezone: ../../etc/passwd}",
        [
            (
                "3: 'timezone': found '../../etc/passwd', expected a time zone of the IANA database, "
                "such as America/New_York or UTC"
            )
        ],
    ),
    "a malformed locale": (
        ACME + ", locale: en-US}",
        ["3: 'locale': found 'en-US', expected a language and a country, such as en_US"],
    ),
    "a channel's name": (
        ACME + ", channel: general}",
        ["3: 'channel': found 'general', expected the id of a Slack channel, such as C0ACME, not its name"],
    ),
    "a slug with a space": (
        "version: 1\nclients:\n  - {slug: Acme Corp, name: Acme, currency: USD}",
        ["3: 'slug': found 'Acme Corp', expected small letters, digits and hyphens, such as acme-corp"],
    ),
    "a client twice": (
        ACME + "}\n  - {slug: acme, name: Other, currency: USD}",
        ["4: found the client 'acme' again; expected each slug once (line 3)"],
    ),
    "a product twice": (
        "version: 1\nproducts:\n  - {code: MU, text: User}\n  - {code: MU, text: Other}\n",
        ["4: found the product 'MU' again; expected each code once (line 3)"],
    ),
    "a roster twice": (
        ACME + ", rosters: [{name: full},\n    {name: full}]}",
        ["4: found the roster 'full' again; expected each name once (line 3)"],
    ),
    "a directory twice": (
        ACME + ", directories: [{name: a, kind: csv, path: a.csv},\n    {name: a, kind: csv, path: b.csv}]}",
        ["4: found the directory 'a' again; expected each name once (line 3)"],
    ),
    "an agreement twice": (
        AGREEMENT + "},\n    {name: Care, start: 2027-01-01}]}",
        ["5: found the agreement 'Care' again; expected each name once (line 4)"],
    ),
    "a line twice, in two agreements": (
        PRICED + "}]},\n    {name: More, start: 2027-01-01, lines: [\n"
        "      {name: user, price: {model: flat, amount: '1'}}]}]}",
        ["7: found the line 'user' again; expected each name once (line 5)"],
    ),
    "a price with a point and without quotes": (
        LINE + ",\n       price: {model: per_unit, unit: 45.00}}]}]}",
        ["6: 'unit': found the number 45.00 without quotes, expected an exact number: write it in quotes, \"45.00\""],
    ),
    "a price in words": (
        LINE + ", price: {model: per_unit, unit: 1e3}}]}]}",
        ["5: 'unit': found the number 1e3 without quotes, expected an exact number: write it in quotes, \"1000\""],
    ),
    "a price with a comma": (
        LINE + ", price: {model: per_unit, unit: '45,00'}}]}]}",
        ["5: 'unit': found '45,00', expected digits with a point, such as \"45.00\""],
    ),
    "a price with more digits than any has": (
        LINE + ", price: {model: per_unit, unit: '0.0000000000001'}}]}]}",
        ["5: 'unit': found '0.0000000000001', expected at most 15 digits before the point and 12 after it"],
    ),
    "an infinite price": (
        LINE + ", price: {model: per_unit, unit: 'Infinity'}}]}]}",
        ["5: 'unit': found 'Infinity', expected digits with a point, such as \"45.00\""],
    ),
    "a price that is a truth": (
        LINE + ", price: {model: per_unit, unit: true}}]}]}",
        ["5: 'unit': found true, expected a number in quotes, such as \"45.00\""],
    ),
    "a negative price": (
        LINE + ",\n       price: {model: per_unit, unit: '-1'}}]}]}",
        ["6: A unit price can't be negative (-1); a reduction is a one-off or a discount."],
    ),
    "no price": (
        LINE + "}]}]}",
        ["5: line user has no price; expected one here or in its product."],
    ),
    "a price without a model": (
        LINE + ", price: {unit: '1'}}]}]}",
        ["5: 'price': the key 'model' is missing; expected it to say which kind this is"],
    ),
    "an unknown model": (
        LINE + ",\n       price: {model: linear, unit: '1'}}]}]}",
        ["6: 'model': found 'linear', expected one of 'flat', 'per_unit', 'usage', 'graduated', 'volume', 'package'"],
    ),
    "a package of nothing": (
        LINE + ",\n       price: {model: package, size: 0, price: '10'}}]}]}",
        ["6: A package holds more than 0 units."],
    ),
    "a price with a zero too many": (
        LINE + ",\n       price: {model: per_unit, unit: '1000000000'}}]}]}",
        [
            (
                "6: A price of 1000000000 looks like a slip of the keyboard; "
                "correct it, or add confirmed: true to the price if it is meant."
            )
        ],
    ),
    "a tier's fee with a zero too many": (
        LINE + ",\n       price: {model: volume, tiers: [{unit: '1', flat: '1000000000000'}]}}]}]}",
        [
            (
                "6: A price of 1000000000000 looks like a slip of the keyboard; "
                "correct it, or add confirmed: true to the price if it is meant."
            )
        ],
    ),
    "a package with some zeros too many in it": (
        LINE + ",\n       price: {model: package, size: '1000000000000', price: '10'}}]}]}",
        [
            (
                "6: A package size of 1000000000000 looks like a slip of the keyboard; "
                "correct it, or add confirmed: true to the price if it is meant."
            )
        ],
    ),
    "a tier that ends some zeros too late": (
        LINE + ",\n       price: {model: volume, tiers: [{unit: '1', up_to: '1000000000'}, {unit: '2'}]}}]}]}",
        [
            (
                "6: A tier's end of 1000000000 looks like a slip of the keyboard; "
                "correct it, or add confirmed: true to the price if it is meant."
            )
        ],
    ),
    "a cost with some zeros too many": (
        PRICED + ",\n       cost: '1000000000000'}]}]}",
        [
            (
                "6: A cost of 1000000000000 looks like a slip of the keyboard; "
                "correct it, or add confirmed: true to the cost if it is meant."
            )
        ],
    ),
    "a product's cost with some zeros too many": (
        "version: 1\nproducts:\n  - {code: A, text: A,\n     cost: [{unit: 1}, {from: 2027-02-01, unit: 1000000000}]}",
        [
            (
                "4: A cost of 1000000000 looks like a slip of the keyboard; "
                "correct it, or add confirmed: true to the cost if it is meant."
            )
        ],
    ),
    "when an end was learnt that isn't there": (
        AGREEMENT + ",\n     end_known: 2027-05-01}]}",
        ["5: found end_known without an end; expected end as well, or neither"],
    ),
    "a one-off with a zero too many": (
        AGREEMENT + ", one_off: [\n      {on: 2027-01-05, text: Move, amount: '-1000000000'}]}]}",
        [
            (
                "5: An amount of -1000000000 looks like a slip of the keyboard; "
                "correct it, or add confirmed: true to the amount if it is meant."
            )
        ],
    ),
    "a minimum amount with a zero too many": (
        AGREEMENT + ",\n      minimum_amount: '1000000000000'}]}",
        [
            (
                "5: An amount of 1000000000000 looks like a slip of the keyboard; "
                "correct it, or add confirmed: true to the amount if it is meant."
            )
        ],
    ),
    "a discount with a zero too many": (
        PRICED + ",\n       discount: {amount: '1000000000'}}]}]}",
        [
            (
                "6: A discount of 1000000000 looks like a slip of the keyboard; "
                "correct it, or add confirmed: true to the discount if it is meant."
            )
        ],
    ),
    "a minimum that nobody has": (
        PRICED + ",\n       minimum: 1000000000}]}]}",
        ["6: found 1000000000 under minimum; expected fewer than 1000000000."],
    ),
    "an included number that nobody has": (
        PRICED + ", included: [{quantity: 1},\n       {from: 2027-02-01, quantity: 2000000000}]}]}]}",
        ["6: found 2000000000 under included; expected fewer than 1000000000."],
    ),
    "a fixed number that nobody has": (
        AGREEMENT + ", lines: [{name: x, price: {model: flat, amount: '1'},\n      count: {fixed: 1000000000}}]}]}",
        ["5: 'fixed': found 1000000000, expected fewer than 1000000000"],
    ),
    "a way of counting nothing": (
        AGREEMENT + ", lines: [{name: fee, price: {model: flat, amount: '1'},\n      basis: peak, minimum: 3}]}]}",
        ["5: Line fee counts nothing, so basis, minimum would do nothing: add count."],
    ),
    "a year that is a slip of the keyboard": (
        ACME + ", agreements: [\n    {name: Care, start: 0207-01-01}]}",
        ["4: 'start': found 0207-01-01, expected a day of the years 1970 to 2199"],
    ),
    "a price for usage of something else": (
        LINE + ", price: {model: usage, unit: '1'}}]}]}",
        ["5: Line user has a price for usage but no meter: write count: {usage: …}."],
    ),
    "a way of counting on a meter": (
        AGREEMENT
        + ", lines: [\n      {name: gb, count: {usage: gb}, basis: peak, price: {model: usage, unit: '1'}}]}]}",
        ["5: Line gb adds up what a meter read, so basis, proration, removals and commitment don't apply."],
    ),
    "a basis that is none": (
        PRICED + ",\n       basis: monthly}]}]}",
        ["6: 'basis': found 'monthly', expected daily, peak, or {on_day: N} with a day from 1 to 31"],
    ),
    "a basis on a word": (
        PRICED + ",\n       basis: {on_day: last}}]}]}",
        ["6: 'basis': found a mapping, expected daily, peak, or {on_day: N} with a day from 1 to 31"],
    ),
    "a basis on the day before the first": (
        PRICED + ",\n       basis: {on_day: 0}}]}]}",
        ["6: A basis on day 0 is none: expected a day from 1 to 31."],
    ),
    "a commitment that renews by the century": (
        PRICED + ", commitment: {from: 2027-01-01, until: 2028-01-01,\n       renews_months: 1200}}]}]}",
        ["6: 'renews_months': found 1200, expected 120 or less"],
    ),
    "a commitment whose window never closes": (
        PRICED + ", commitment: {from: 2027-01-01, until: 2028-01-01,\n       window_days: 99999999999}}]}]}",
        ["6: 'window_days': found 99999999999, expected 366 or less"],
    ),
    "a basis on a day that no month has": (
        PRICED + ",\n       basis: {on_day: 32}}]}]}",
        ["6: A basis on day 32 is none: expected a day from 1 to 31."],
    ),
    "a proration that the basis excludes": (
        PRICED + ",\n       basis: peak, proration: next_period}]}]}",
        ["6: The basis peak gives a period one quantity, so proration must be daily."],
    ),
    "removals that the basis excludes": (
        PRICED + ",\n       basis: {on_day: 15}, removals: keep}]}]}",
        ["6: The basis on day 15 gives a period one quantity, so removals must be credit."],
    ),
    "an unknown proration": (
        PRICED + ",\n       proration: none}]}]}",
        ["6: 'proration': found 'none', expected 'daily', 'next_period' or 'full_period'"],
    ),
    "a commitment without an end": (
        PRICED + ",\n       commitment: {from: 2027-01-01}}]}]}",
        ["6: the key 'until' is missing; expected in a commitment"],
    ),
    "a commitment that ends before it begins": (
        PRICED + ",\n       commitment: {from: 2027-02-01, until: 2027-01-01}}]}]}",
        ["6: A commitment until 2027-01-01 doesn't end after it begins on 2027-02-01."],
    ),
    "a discount over everything": (
        PRICED + ",\n       discount: {percent: '100.1'}}]}]}",
        ["6: A discount of 100.1 % is none: expected 0 to 100."],
    ),
    "a discount of two kinds": (
        PRICED + ",\n       discount: {percent: '5', amount: '5'}}]}]}",
        ["6: A discount is either a percentage or an amount: give one of them."],
    ),
    "a discount of nothing": (
        PRICED + ",\n       discount: {from: 2027-01-01}}]}]}",
        ["6: A discount is either a percentage or an amount: give one of them."],
    ),
    "a discount finer than a cent": (
        PRICED + ",\n       discount: {amount: '0.005'}}]}]}",
        ["6: 0.005 is finer than USD can be paid: at most 2 digits."],
    ),
    "a discount that ends before it begins": (
        PRICED + ",\n       discount: {percent: 5, from: 2027-02-01, until: 2027-02-01}}]}]}",
        ["6: A discount until 2027-02-01 doesn't end after it begins on 2027-02-01."],
    ),
    "a discount over a vendor that no line has": (
        PRICED + ", vendor: Microsoft}], discounts: [\n      {percent: 5, vendor: Microsfot}]}]}",
        ["6: found the vendor 'Microsfot', which no line has; did you mean 'Microsoft'?"],
    ),
    "a discount called as a line's": (
        PRICED + ", discount: {percent: 5}}], discounts: [\n      {percent: 5, name: user}]}]}",
        ["6: found the discount 'user' again; expected each name once (line 5)"],
    ),
    "two discounts of one name from one day": (
        AGREEMENT + ", discounts: [\n      {percent: 5, name: A}, {percent: 6, name: B}, {percent: 7, name: A}]}]}",
        ["5: the key 'from' is missing; only the first entry of a list may be without it."],
    ),
    "a discount over two scopes": (
        PRICED + ", vendor: X}], discounts: [{percent: 5, name: A},\n"
        "      {percent: 6, name: A, vendor: X, from: 2027-02-01}]}]}",
        ["6: The discount A is about all lines and about X: give each its own name."],
    ),
    "a minimum amount below nothing": (
        AGREEMENT + ", minimum_amount: '-1'}]}",
        ["4: 'minimum_amount': found '-1', expected a number that is not negative"],
    ),
    "a minimum amount finer than a cent": (
        AGREEMENT + ",\n      minimum_amount: '1.005'}]}",
        ["5: 1.005 is finer than USD can be paid: at most 2 digits."],
    ),
    "a path that is a number": (
        ACME + ",\n     directories: [{name: hr, kind: csv, path: 5}]}",
        ["4: 'path': found 5, expected the path of a file, as text"],
    ),
    "an account of no directory": (
        ACME + ",\n     people: [{same: [m365/1, b/2]}], directories: [{name: m365, kind: csv, path: a.csv}]}",
        ["4: found the unknown directory 'b'; possible: m365"],
    ),
    "a rule about a directory that isn't there": (
        ACME + ",\n     rosters: [{name: full, rule: {directories: [m356]}}],\n"
        "     directories: [{name: m365, kind: csv, path: a.csv}]}",
        ["4: found the unknown directory 'm356'; did you mean 'm365'?"],
    ),
    "a person with one account": (
        ACME + ",\n     people: [{same: [m365/1]}], directories: [{name: m365, kind: csv, path: a.csv}]}",
        ["4: found one account; expected two at least that are one person's"],
    ),
    "an account without its directory": (
        ACME + ",\n     people: [{same: [1f, b/2]}]}",
        ["4: 'same': found '1f', expected an account as DIRECTORY/OBJECT_ID, such as m365/6f1c"],
    ),
    "a day on which no month is billed": (
        ACME + ",\n     bill_day: 32}",
        ["4: 'bill_day': found 32, expected 31 or less"],
    ),
    "a reading of a meter that no line counts": (
        METERED + ", usage: [\n    {meter: bg, on: 2027-01-05, amount: 1, key: a}]}",
        ["6: found the meter 'bg', which no line counts; possible: gb"],
    ),
    "a reading below nothing": (
        METERED + ", usage: [\n    {meter: gb, on: 2027-01-05, amount: -1, key: a}]}",
        ["6: 'amount': found -1, expected a number that is not negative"],
    ),
    "a reading on a day that no line covers": (
        METERED + ", usage: [\n    {meter: gb, on: 2026-12-31, amount: 1, key: a}]}",
        [
            (
                "6: found a reading of gb on 2026-12-31, a day that no line counting it covers; "
                "expected a line with that day, or unbilled: true if nobody is to pay for it"
            )
        ],
    ),
    "a reading on the day after its line's last": (
        AGREEMENT + ", lines: [{name: gb, until: 2027-03-01, count: {usage: gb}, price: {model: usage, unit: '1'}}]}]"
        ", usage: [{meter: gb, on: 2027-02-28, amount: 1, key: a},\n"
        "    {meter: gb, on: 2027-03-01, amount: 1, key: b}]}",
        [
            (
                "5: found a reading of gb on 2027-03-01, a day that no line counting it covers; "
                "expected a line with that day, or unbilled: true if nobody is to pay for it"
            )
        ],
    ),
    "a reading that is not to be billed, and is": (
        METERED + ", usage: [\n    {meter: gb, on: 2027-01-05, amount: 1, key: a,\n     unbilled: true}]}",
        [
            (
                "7: found unbilled: true for gb on 2027-01-05, a day that a line counting it covers; "
                "leave out unbilled, since that line bills it"
            )
        ],
    ),
    "one key for two readings": (
        METERED + ", usage: [{meter: gb, on: 2027-01-05, amount: 1, key: a},\n"
        "    {meter: gb, on: 2027-01-05, amount: '1.5', key: a}]}",
        [
            (
                "6: found the reading 'a' of gb as 1.5 on 2027-01-05, and before as 1 on 2027-01-05 (line 5); "
                "expected each key once"
            )
        ],
    ),
    "a stated number of what a meter reads": (
        METERED + ", quantities: [\n    {of: {usage: gb}, on: 2027-01-01, quantity: 1}]}",
        ["6: 'of': what a meter reads stands under usage, not under quantities."],
    ),
    "a stated number of what is fixed": (
        METERED + ", quantities: [\n    {of: {fixed: 3}, on: 2027-01-01, quantity: 1}]}",
        ["6: 'of': a fixed number stands under count, on its line, not under quantities."],
    ),
    "a key of another model": (
        LINE + ", price: {model: flat, amount: '1',\n       unit: '2'}}]}]}",
        ["6: found the unknown key 'unit' in a flat price; possible: from, known, confirmed, model, amount"],
    ),
    "overlapping tiers": (
        LINE + ", price: {model: graduated,\n"
        "        tiers: [{up_to: 25, unit: '4'}, {up_to: 25, unit: '3'}, {unit: '2'}]}}]}]}",
        ["6: Tiers overlap at 25: each up_to must be above the one before."],
    ),
    "tiers without an end": (
        LINE + ", price: {model: volume,\n        tiers: [{up_to: 25, unit: '4'}]}}]}]}",
        ["6: The last tier ends at 25: leave out its up_to, so that none is unpriced."],
    ),
    "a tier below nothing": (
        LINE + ", price: {model: volume, tiers: [\n        {up_to: 0, unit: '4'}, {unit: '3'}]}}]}]}",
        ["6: A tier ends above 0, not at 0."],
    ),
    "two prices from one day": (
        LINE + ",\n      price: [{from: 2027-01-01, model: per_unit, unit: '4'},"
        " {from: 2027-01-01, model: per_unit, unit: '5'}]}]}]}",
        ["6: Two entries apply from 2027-01-01; only one can."],
    ),
    "a second price without a day": (
        LINE + ", price: [{model: per_unit, unit: '4'},\n        {model: per_unit, unit: '5'}]}]}]}",
        ["6: the key 'from' is missing; only the first entry of a list may be without it."],
    ),
    "a negative minimum": (
        PRICED + ", minimum: '-1'}]}]}",
        ["5: 'minimum': found '-1', expected a number that is not negative"],
    ),
    "a price a unit without anything to count": (
        AGREEMENT + ", lines: [\n      {name: user, price: {model: per_unit, unit: '5.00'}}]}]}",
        ["5: Line user has a price a unit but counts nothing: add count."],
    ),
    "two things to count": (
        AGREEMENT
        + ", lines: [\n      {name: user, count: {roster: a, licence: b}, price: {model: flat, amount: '1'}}]}]}",
        ["5: 'count': found a mapping, expected exactly one of roster, licence, device, usage, fixed"],
    ),
    "an impossible day": (
        ACME + ", agreements: [\n    {name: Care,\n     start: 2027-02-30}]}",
        ["5: 'start': found '2027-02-30', expected a day that the calendar has"],
    ),
    "a month for a day": (
        ACME + ", agreements: [{name: Care, start: 2027-02}]}",
        ["3: 'start': found '2027-02', expected a date, such as 2027-01-31"],
    ),
    "an end before the start": (
        AGREEMENT + ", end: 2026-01-01}]}",
        ["4: Agreement Care ends on 2026-01-01, not after it starts on 2027-01-01."],
    ),
    "a cycle of no month": (
        AGREEMENT + ", cycle: {months: 0}}]}",
        ["4: 'months': found 0, expected 1 or more"],
    ),
    "an unknown timing": (
        AGREEMENT + ", timing: later}]}",
        ["4: 'timing': found 'later', expected 'advance' or 'arrears'"],
    ),
    "an unknown product": (
        (
            "version: 1\nproducts: [{code: MU, text: User}]\nclients:\n"
            "  - {slug: acme, name: Acme, currency: USD, agreements: [{name: Care, start: 2027-01-01,\n"
            "     lines: [{name: user,\n"
            "       product: MV}]}]}"
        ),
        ["6: found the unknown product 'MV'; possible: MU"],
    ),
    "a category without a definition": (
        ACME + ",\n   taxes: {vat: []}, agreements: [{name: Care, start: 2027-01-01,\n"
        "     lines: [{name: fee, price: {model: flat, amount: '1'}}]}]}",
        ["4: acme uses the tax category standard, which taxes doesn't define (there: vat)."],
    ),
    "two rates of one tax": (
        ACME + ", taxes: {vat: [{name: VAT, rate: 19},\n     {name: VAT, rate: 20}]}}",
        ["4: found a second rate of 'VAT' from the same day; expected one."],
    ),
    "a negative rate": (
        ACME + ", taxes: {vat: [\n     {name: VAT, rate: '-1'}]}}",
        ["4: The rate of VAT can't be negative (-1)."],
    ),
    "an exempt category without the reason that documents give": (
        ACME + ", taxes: {none: {exempt: []}}}",
        ["3: found exempt without a reason; expected reason as well, which documents repeat"],
    ),
    "rates in an exempt category": (
        ACME + ", taxes: {none: {exempt: [x], reason: export}}}",
        ["3: 'exempt': found a list, expected an empty list"],
    ),
    "a one-off finer than a cent": (
        AGREEMENT + ", one_off: [{on: 2027-05-01, text: Fee,\n      amount: '1.005'}]}]}",
        ["5: 1.005 is finer than USD can be paid: at most 2 digits."],
    ),
    "a kind of directory that there isn't": (
        ACME + ", directories: [{name: jc, kind: jumpcloud}]}",
        [f"3: 'kind': found 'jumpcloud', expected one of {', '.join(map(repr, KINDS))}"],
    ),
    "a directory without its settings": (
        ACME + ", directories: [\n    {name: m365, kind: entra}]}",
        ["4: the key 'tenant' is missing; expected in a directory of kind entra"],
    ),
    "a directory over plain http": (
        ACME + ", directories: [{name: m365, kind: entra, tenant: contoso.com,\n     graph_url: 'http://graph'}]}",
        [
            (
                "4: 'graph_url': found 'http://graph', expected an address that begins with https://, such as "
                "https://server.example"
            )
        ],
    ),
    "an id of a tenant with a slip in it": (
        ACME + ", directories: [{name: m365, kind: entra,\n    tenant: 1111-22-33-44-55}]}",
        [
            (
                "4: 'tenant': found '1111-22-33-44-55', expected the tenant's id, such as "
                "11111111-2222-3333-4444-555555555555 (on Overview in the client's Entra admin center), or "
                "one of its domains, such as acme.onmicrosoft.com"
            )
        ],
    ),
    "a part of a directory that is everything": (
        ACME + ", directories: [{name: a, kind: csv, path: a.csv,\n    only: {groups: []}}]}",
        ["4: only describes no part: give it groups, departments or domains."],
    ),
    "a part of a directory by something else": (
        ACME + ", directories: [{name: a, kind: csv, path: a.csv,\n    only: {teams: [North], domains: [a.example]}}]}",
        ["4: found the unknown key 'teams' in only; possible: groups, departments, domains"],
    ),
    "every tenant": (
        ACME + ", directories: [{name: m365, kind: entra, tenant: common}]}",
        ["3: 'tenant': 'common' stands for every tenant; give the client's own tenant id or domain"],
    ),
    "an exclusion without a reason": (
        ACME + ", rosters: [{name: full, rule: {exclude: [\n    {upn: 'svc-*'}]}}]}",
        ["4: the key 'reason' is missing; expected in an exclusion"],
    ),
    "an exclusion of two fields": (
        ACME + ", rosters: [{name: full, rule: {exclude: [\n    {upn: 'svc-*', mail: 'x*', reason: both}]}}]}",
        ["4: an exclusion needs a pattern; expected exactly one of upn, mail, name, id, department."],
    ),
    "a basis that there isn't": (
        ACME + ", rosters: [{name: full, rule: {basis: paid}}]}",
        ["3: 'basis': found 'paid', expected 'licensed', 'enabled', 'group' or 'manual'"],
    ),
    "a basis without its groups": (
        ACME + ", rosters: [{name: full, rule:\n    {basis: group}}]}",
        ["4: The basis group needs groups: an account counts by being in one of them."],
    ),
    "a basis without its names": (
        ACME + ", rosters: [{name: full, rule:\n    {basis: manual}}]}",
        ["4: The basis manual needs include: the list of who counts."],
    ),
    "names under another basis": (
        ACME + ", rosters: [{name: full, rule:\n    {include: [{upn: 'jane@*'}]}}]}",
        ["4: The basis licensed doesn't look at include: write basis: manual, or leave it out."],
    ),
    "an entry of include that names nobody": (
        ACME + ", rosters: [{name: full, rule: {basis: manual, include: [\n    {}]}}]}",
        ["4: an entry of include needs a pattern; expected exactly one of upn, mail, name, id, department."],
    ),
    "licences under another basis": (
        ACME + ", rosters: [{name: full, rule: {basis: enabled,\n    licences: {count: [SPB]}}}]}",
        ["4: The basis enabled doesn't look at licences: write basis: licensed, or leave them out."],
    ),
    "guests": (
        ACME + ", rosters: [{name: full, rule: {guests: true}}]}",
        ["3: 'guests': this version never bills guests; leave out guests or write false"],
    ),
    "a roster that the client doesn't have": (
        ACME + ", rosters: [{name: full}], quantities: [\n    {of: ful, on: 2027-01-01, quantity: 1}]}",
        ["4: found the unknown roster 'ful'; did you mean 'full'?"],
    ),
    "a negative quantity": (
        ACME + ", quantities: [{of: full, on: 2027-01-01, quantity: '-1'}]}",
        ["3: 'quantity': found '-1', expected a number that is not negative"],
    ),
    "a quantity with some zeros too many": (
        ACME + ", quantities: [{of: full, on: 2027-01-01, quantity: '1000000000'}]}",
        ["3: 'quantity': found '1000000000', expected fewer than 1000000000"],
    ),
    "an amount billed for no line": (
        PRICED + "}]}], billed: [\n    {line: users, from: 2027-01-01, to: 2027-02-01, amount: '1.00'}]}",
        ["6: found the unknown line 'users'; did you mean 'user'?"],
    ),
    "an amount billed for no day": (
        PRICED + "}]}], billed: [\n    {line: user, from: 2027-02-01, to: 2027-02-01, amount: '1.00'}]}",
        ["6: A period from 2027-02-01 to 2027-02-01 has no day in it."],
    ),
    "an amount billed before the line": (
        PRICED + "}]}], billed: [\n    {line: user,\n     from: 2026-12-01, to: 2027-01-01, amount: '1.00'}]}",
        [
            (
                "7: found line 'user' billed from 2026-12-01 to 2027-01-01, when it isn't in force; "
                "expected a day of the line, or confirmed: true if it is paid back"
            )
        ],
    ),
    "an amount billed after the line": (
        PRICED
        + ", until: 2027-03-01}]}], billed: [\n    {line: user, from: 2027-03-01, to: 2027-04-01, amount: '1.00'}]}",
        [
            (
                "6: found line 'user' billed from 2027-03-01 to 2027-04-01, when it isn't in force; "
                "expected a day of the line, or confirmed: true if it is paid back"
            )
        ],
    ),
    "an amount billed with a zero too many": (
        PRICED + "}]}], billed: [\n    {line: user, from: 2027-01-01, to: 2027-02-01, amount: '1000000000'}]}",
        [
            (
                "6: An amount of 1000000000 looks like a slip of the keyboard; "
                "correct it, or add confirmed: true to the amount if it is meant."
            )
        ],
    ),
    "an amount billed twice": (
        PRICED + "}]}], billed: [\n    {line: user, from: 2027-01-01, to: 2027-02-01, amount: '1.00'},\n"
        "    {line: user, from: 2027-02-01, to: 2027-03-01, amount: '1.00'},\n"
        "    {line: user, from: 2027-01-01, to: 2027-02-01, amount: '2.00'}]}",
        [
            (
                "8: found line 'user' from 2027-01-01 to 2027-02-01 again; "
                "expected each period once (line 6), amounts added up"
            )
        ],
    ),
    "amounts billed for the same days": (
        PRICED + "}]}], billed: [\n    {line: user, from: 2027-01-20, to: 2027-02-01, amount: '1.00'},\n"
        "    {line: user, from: 2027-01-01, to: 2027-01-21, amount: '1.00'}]}",
        [
            (
                "7: found line 'user' from 2027-01-01 to 2027-01-21, and before from 2027-01-20 to 2027-02-01 "
                "(line 6); expected periods that don't overlap, amounts added up"
            )
        ],
    ),
    "amounts billed within a longer period": (
        PRICED + "}]}], billed: [\n    {line: user, from: 2027-01-01, to: 2027-04-01, amount: '3.00'},\n"
        "    {line: user, from: 2027-01-01, to: 2027-02-01, amount: '1.00'},\n"
        "    {line: user, from: 2027-03-01, to: 2027-04-01, amount: '1.00'}]}",
        [
            (
                f"{place}: found line 'user' from 2027-{days}, and before from 2027-01-01 to 2027-04-01 "
                "(line 6); expected periods that don't overlap, amounts added up"
            )
            for place, days in ((7, "01-01 to 2027-02-01"), (8, "03-01 to 2027-04-01"))
        ],
    ),
    "a line that ends before its agreement starts": (
        PRICED + ",\n       from: 2026-01-01, until: 2027-01-01}]}]}",
        [
            (
                "6: found line user until 2027-01-01, and agreement Care from 2027-01-01; "
                "expected a line with a day of its agreement, or no such line"
            )
        ],
    ),
    "a line that starts when its agreement is over": (
        AGREEMENT + ", end: 2028-01-01, lines: [\n      {name: fee, from: 2028-01-01,\n"
        "       price: {model: flat, amount: '1'}}]}]}",
        [
            (
                "5: found line fee from 2028-01-01, and agreement Care until 2028-01-01; expected a line with a day of "
                "its agreement, or no such line, or end_known if the end was learnt"
            )
        ],
    ),
    "a tax that is higher than the amount": (
        ACME + ", taxes: {vat: [\n     {name: VAT, rate: '825'}]}}",
        [
            (
                "4: A tax rate of 825 % looks like a slip of the keyboard; "
                "correct it, or add confirmed: true to the tax rate if it is meant."
            )
        ],
    ),
    "a former name that is still in use": (
        PRICED + "},\n      {name: other, was: user, price: {model: flat, amount: '1'}}]}]}",
        ["6: found 'user' as a former name; expected one that no line has any more"],
    ),
}


def refusal(folder: Path, text: str | bytes) -> list[str]:
    """The lines of the refusal of a book, each without the file's name before it."""
    file = folder / "book.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BookIsWrong) as refused:
        read_book(file)
    return str(refused.value).removeprefix(f"{file}:").split(f"\n{file}:")


@pytest.mark.parametrize(("text", "expected"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_book_is_refused_with_line_and_expectation(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert refusal(tmp_path, text) == expected


def test_all_problems_of_a_book_are_listed_in_the_files_order(tmp_path: Path) -> None:
    text = "version: 2\nclients:\n  - {slug: acme, name: Acme, currency: XXX}\n  - {slug: b, nam: B, currency: USD}\n"
    assert refusal(tmp_path, text) == [
        "1: 'version': found 2, expected 1",
        "3: 'currency': found 'XXX', expected an ISO 4217 code, such as USD, EUR or GBP",
        "4: found the unknown key 'nam' in a client; did you mean 'name'?",
        "4: the key 'name' is missing; expected in a client",
    ]


def test_the_sense_of_one_client_is_checked_although_another_has_a_wrong_shape(tmp_path: Path) -> None:
    text = AGREEMENT + ", end: 2026-01-01}]}\n  - {slug: b, name: B}\n"
    assert refusal(tmp_path, text) == [
        "4: Agreement Care ends on 2026-01-01, not after it starts on 2027-01-01.",
        "5: the key 'currency' is missing; expected in a client",
    ]


def test_after_twenty_problems_the_rest_is_counted(tmp_path: Path) -> None:
    text = "version: 1\nclients:\n" + "  - {slug: a}\n" * 15
    lines = refusal(tmp_path, text)
    assert len(lines) == 20
    assert lines[-1].endswith("\nand 10 more")


def test_an_error_inside_a_shared_anchor_is_told_once_where_it_stands(tmp_path: Path) -> None:
    text = (
        "version: 1\nproducts:\n  - {code: A, text: A, price: &price {model: flat, amount: 1.5}}\n"
        "  - {code: B, text: B, price: *price}\n"
    )
    assert refusal(tmp_path, text) == [
        "3: 'amount': found the number 1.5 without quotes, expected an exact number: write it in quotes, \"1.5\""
    ]


def test_a_tab_is_named(tmp_path: Path) -> None:
    (line,) = refusal(tmp_path, "version: 1\nclients:\n\t- {slug: acme}\n")
    assert line.startswith("3: ")
    assert "spaces, not tabs" in line


def test_an_open_bracket_is_told_where_yaml_noticed_it(tmp_path: Path) -> None:
    (line,) = refusal(tmp_path, "version: 1\nclients: [\n")
    assert line.startswith(("2: ", "3: "))
    assert line.endswith("; expected YAML")


def test_binary_garbage_is_no_book(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"version: 1\n\xff\xfe\x00\x81") == ["2: these bytes are no text; expected YAML in UTF-8"]


def test_a_zero_byte_is_no_book(tmp_path: Path) -> None:
    (line,) = refusal(tmp_path, b"version: 1\nseller: \x00\n")
    assert line == "2: the file holds a character that YAML does not allow; expected text in UTF-8"


def test_a_book_nested_beyond_measure_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "[" * 100_000) == ["1: this is nested too deeply; expected YAML"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BookIsWrong, match=r"none\.yaml: there is no such file; expected a book\."):
        read_book(tmp_path / "none.yaml")


def test_a_folder_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(BookIsWrong, match="this is a folder; expected a book, which is a file"):
        read_book(tmp_path)


def test_a_path_that_no_system_allows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BookIsWrong, match="the file can't be read"):
        read_book(tmp_path / "a\0b")
