"""Rows, queries, transactions and migrations: the only folder that knows a database.

`database` opens transactions, `tables` says what is stored, and one module a noun holds its queries. The functions
take an open session and never commit: a transaction is opened by a command and committed by leaving its block.
"""
