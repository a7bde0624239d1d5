"""The dashboard on this machine (the room is announced; its first tenants come later)."""
