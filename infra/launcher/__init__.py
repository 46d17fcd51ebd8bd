"""The command `./sahip`: standard library only, since it makes the environments of the rest."""
