"""Books: clients and agreements as a YAML file, read into frozen values and written back.

`document` turns YAML into plain data that remembers its lines, the `shape` modules say which keys and types there are,
the `…_terms` modules hand them to `billing`'s constructors, and `problems` gathers what was wrong on the way.
"""
