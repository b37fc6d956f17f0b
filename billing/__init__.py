"""What is owed: agreements and their lines, prices, quantities, taxes, and the invoices and credit notes made of them.

The first of three packages of rules (`rosters` says who counts, `checks` what disagrees): pure functions over frozen
values. No clock, no ids, no input or output: whatever a rule needs comes in as an argument, so that a preview, a run
and an explanation that are given the same facts cannot differ.
"""
