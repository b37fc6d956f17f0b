"""Slack's Web API: a module a family of methods, and the table of them all."""
