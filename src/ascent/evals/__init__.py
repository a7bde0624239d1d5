"""Live evaluations: plan, run, resume (the room is announced; its first tenants come later)."""
