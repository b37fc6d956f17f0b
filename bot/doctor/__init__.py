"""`rollcall doctor` as far as it is about this process, its settings and Slack; commands.examinations has the rest."""
