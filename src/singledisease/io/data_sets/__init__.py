"""Registries written as the data sets of China's standards, WS 365 and WS 372, by the mappings that read them."""

from singledisease.io.data_sets.write import DATA_SETS, Written, write_data_set

__all__ = ["DATA_SETS", "Written", "write_data_set"]
