"""A night's news → people: what failed, what holds a release back, what is late, a daily digest."""
