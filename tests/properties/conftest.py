"""How long the laws are tried: briefly by default, long with ``SINGLEDISEASE_DEEP``.

``SINGLEDISEASE_DEEP=1`` tries each law on 1000 examples, a greater number on as many.  In CI the short run is
the same every time, so that a change is never blamed for what chance found.
"""

import os

from hypothesis import HealthCheck, settings

DEEP = int(os.environ.get("SINGLEDISEASE_DEEP", "0") or 0)

settings.register_profile(
    "laws",
    max_examples=(DEEP if DEEP > 1 else 1000) if DEEP else 40,
    deadline=None,
    derandomize=bool(os.environ.get("CI")) and not DEEP,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("laws")
