import pytest

from archive.index.packed_lines import PackedLines


@pytest.mark.parametrize("count", [0, 1, 3, 5_000])
def test_lines_are_taken_as_they_were_added(count: int) -> None:
    made = [
        b'example,marisol)/%d 20210128 {"offset": "%d"}\n' % (number, 7 * number) for number in range(count)
    ]
    lines = PackedLines()
    for line in made:
        lines.add(line)

    assert list(lines.take()) == made
