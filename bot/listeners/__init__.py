"""What Slack asks for, a module a noun: each answer parses nothing, calls one command and shows one view."""
