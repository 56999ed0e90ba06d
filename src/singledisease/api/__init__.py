"""The public functions: the only place where the parts are put together.

Every function here takes diseases as ids of the catalogue, as values or as paths of TOML files, days as
``datetime.date`` or ``YYYY-MM-DD``, and periods as values or as text.
"""
