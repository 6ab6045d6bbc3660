"""What statements share means the same in both databases."""

import pytest
from sqlalchemy import insert, select

from crawler.database import schema
from crawler.database.bulk import is_among
from crawler.database.catalogue import Catalogue

NAMES = ["plain", 'a "quoted" one', "back\\slash", "it's", "{brace}", "Кивда", "a,b", ""]


@pytest.mark.parametrize("wanted", [[], ["plain"], NAMES, NAMES[1:4], ["other"]])
def test_a_column_is_one_of_a_list_of_text(wanted: list[str], catalogue: Catalogue) -> None:
    host = schema.host.c
    its = is_among(catalogue.engine.dialect.name, host.name, "wanted")
    with catalogue.engine.begin() as connection:
        connection.execute(insert(schema.host), [{"name": name} for name in NAMES])
        for condition, found in ((its, set(wanted) & {*NAMES}), (~its, {*NAMES} - set(wanted))):
            names = connection.execute(select(host.name).where(condition), {"wanted": wanted}).scalars()
            assert set(names) == found
