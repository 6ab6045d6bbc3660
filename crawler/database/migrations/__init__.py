"""The steps from each version of the schema to the next one, in literal SQL: no later schema can change what they do.

What follows from rows by an algorithm of ours (keys of URLs, keys of near texts) is filled in afterwards, by the
present algorithm: see `crawler.catalogue.upgrades`.
"""

from crawler.database.migrations import (
    to_2,
    to_3,
    to_4,
    to_5,
    to_6,
    to_7,
    to_8,
    to_9,
    to_10,
    to_11,
    to_12,
    to_13,
    to_14,
    to_15,
    to_16,
    to_17,
    to_18,
)

STEPS = {
    1: to_2.STEP,
    2: to_3.STEP,
    3: to_4.STEP,
    4: to_5.STEP,
    5: to_6.STEP,
    6: to_7.STEP,
    7: to_8.STEP,
    8: to_9.STEP,
    9: to_10.STEP,
    10: to_11.STEP,
    11: to_12.STEP,
    12: to_13.STEP,
    13: to_14.STEP,
    14: to_15.STEP,
    15: to_16.STEP,
    16: to_17.STEP,
    17: to_18.STEP,
}
"""The step that leads from each version to the next one."""
