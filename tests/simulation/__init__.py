"""A firm that is not built as the estimator of like-for-like win rate supposes.

The firm lives in continuous time: a deal has a momentum nobody records, hazards of being won and
lost follow it, and sellers choose content for reasons of their own. What the content truly did is
known, so what the reports say of it can be judged: `make simulate`.
"""
