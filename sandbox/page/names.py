"""Names for people who are about to be hired: of many places, and none that the tenant has already."""

import random
from collections.abc import Collection

_FIRST = (
    "Amara Anton Aoife Bela Camille Chidi Dalia Diego Elif Emeka Farah Felix Greta Hana Ines Ivo Jamal Jana Kofi Lars "
    "Leila Mateo Mei Milan Nadia Nils Noor Olga Paulo Priya Quentin Rania Ravi Rosa Sami Sanna Tariq Thea Uma Viktor "
    "Wanjiru Yara Yusuf Zoë"
).split()
_LAST = (
    "Adeyemi Almeida Bauer Bianchi Castro Chen Dahl Diallo Eriksen Fischer García Haddad Horvat Ito Jansen Kaya Khan "
    "Kowalski Laurent Lindqvist Mbeki Moreau Müller Nakamura Novak Okafor Olsen Park Petrov Quispe Rossi Santos "
    "Schmidt Silva Singh Suzuki Tanaka Torres Varga Weber Yilmaz Zhang"
).split()


def somebody(taken: Collection[str]) -> str:
    """A name that nobody among these has."""
    while True:
        name = f"{random.choice(_FIRST)} {random.choice(_LAST)}"  # noqa: S311 - a name in a demo is no secret
        if name not in taken:
            return name
