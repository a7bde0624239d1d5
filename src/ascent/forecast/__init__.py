"""Forward in time: extrapolate, pool, judge (the room is announced; its first tenants come later)."""
