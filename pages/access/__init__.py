"""Who may see what: people and their roles, which routes a role has, which rows a reviewer sees."""
