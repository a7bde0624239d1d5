"""One question per file, answered from assumptions (the room is announced; its first tenants come later)."""
