"""Gaps -> questions; a typed question -> what it is about -> an answer."""
