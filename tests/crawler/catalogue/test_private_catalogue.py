"""What one catalogue does as that of one data directory, and as that of many."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crawler.catalogue.places import (
    EVERYWHERE,
    NOWHERE,
    enter_place,
    other_places,
    place_of,
    places,
)
from crawler.data_dir import DataDir
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.engine import open_engine
from crawler.errors import OperatorError


@pytest.fixture(params=[False, True], ids=["private", "shared"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue(open_engine("", tmp_path), is_shared=request.param)) as catalogue:
        yield catalogue


def directory(folder: Path, name: str) -> DataDir:
    data_dir = DataDir.at(folder / name)
    data_dir.make()
    return data_dir


def test_only_a_shared_catalogue_learns_where_its_directories_are(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    is_shared = catalogue.is_shared
    first, second = directory(tmp_path, "дім"), directory(tmp_path, "two")
    assert place_of(catalogue, first) == (NOWHERE if is_shared else EVERYWHERE)
    ids = [enter_place(catalogue, each) for each in (first, second)]
    assert [first.place, second.place] == ids
    with catalogue.read() as connection:
        stored = connection.execute(select(func.count()).select_from(schema.place)).scalar_one()
    assert stored == (2 if is_shared else 0)
    assert place_of(catalogue, first) == (ids[0] if is_shared else EVERYWHERE)


def test_a_private_catalogue_has_no_places_whatever_is_in_its_table(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    with closing(Catalogue(catalogue.engine, is_shared=True)) as shared:
        ids = [enter_place(shared, directory(tmp_path, name)) for name in ("one", "two")]
        assert {each.id for each in places(catalogue)} == (set(ids) if catalogue.is_shared else set())
        others = [each.place.id for each in other_places(catalogue, ids[0])]
    assert others == ([ids[1]] if catalogue.is_shared else [])


def test_a_copy_of_a_directory_is_refused_where_its_records_could_be_taken_for_the_others(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    first, copy = directory(tmp_path, "one"), directory(tmp_path, "copy")
    copy.keep_place(enter_place(catalogue, first))
    if catalogue.is_shared:
        with pytest.raises(OperatorError, match="is a copy of"):
            enter_place(catalogue, copy)
    else:
        assert enter_place(catalogue, copy) == first.place
