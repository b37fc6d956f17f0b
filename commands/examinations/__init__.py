"""What `rollcall doctor` looks at: each module looks at one part of the house, alters nothing, and gives findings."""
