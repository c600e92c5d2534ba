"""Floor 2 of Lincoln High School: the academic wing and the rooms along Main hall."""

from shapely.geometry import box

from backend.demo.campus_map.walls import Space, hall, room, row_east, row_north


def floor_two() -> list[Space]:
    """Return all rooms, corridors, stairs and the elevator of floor 2."""
    return [*_halls(), *_south_hall(), *_east_hall(), *_center_hall(), *_main_hall()]


def _halls() -> list[Space]:
    return [
        hall("Main hall", box(42, 60, 141.6, 64)),
        hall("East hall", box(138, 17.6, 141.6, 60)),
        hall("South hall", box(86, 14, 154, 17.6)),
        hall("Center hall", box(82, 4, 86, 60)),
    ]


def _south_hall() -> list[Space]:
    return [
        *row_east(
            86, 4, 14, "South hall",
            ("S-C", 4, ""),
            ("225", 10, "English"),
            ("223", 10, "English"),
            ("221", 10, "English"),
            ("219", 10, "Literature"),
            ("217", 10, "Spanish"),
            ("215", 10, "Spanish"),
            ("S-B", 4, ""),
        ),
        *row_east(
            86, 17.6, 27.6, "South hall",
            ("228", 8.5, "Algebra"),
            ("226", 8.5, "Algebra"),
            ("224", 4.6, "Boys' restroom"),
            ("222A", 2.2, "Custodial closet"),
            ("222", 4.6, "Girls' restroom"),
            ("220", 8.0, "Trigonometry"),
            ("218", 8.0, "French"),
            ("216", 7.6, "German"),
        ),
    ]  # fmt: skip


def _east_hall() -> list[Space]:
    return [
        room("212", box(141.6, 17.6, 154, 28), "Physics lab", "East hall", "East hall", "212A"),
        room("212A", box(141.6, 28, 154, 32), "Science preparation", "East hall"),
        room(
            "214", box(141.6, 32, 154, 42.4), "Earth science lab",
            "East hall", "East hall", "212A",
        ),
        *row_north(
            27.6, 128, 138, "East hall",
            ("206", 11.2, "Environmental science"),
            ("204", 11.2, "Chemistry lab"),
        ),
    ]  # fmt: skip


def _center_hall() -> list[Space]:
    return [
        *row_north(
            27.6, 86, 96, "Center hall",
            ("230", 9.5, "Speech"),
            ("230A", 3.4, "Book storage"),
            ("232", 9.5, "English learners"),
        ),
        *row_north(
            4, 72, 82, "Center hall",
            ("227", 10, "Journalism"),
            ("229", 9.5, "Photography"),
            ("231", 6.0, "Girls' restroom"),
            ("233", 6.5, "Boys' restroom"),
            ("233A", 3.6, "Custodial closet"),
            ("245", 10.4, "Staff workroom"),
        ),
    ]  # fmt: skip


def _main_hall() -> list[Space]:
    return [
        *row_east(
            42, 50, 60, "Main hall",
            ("S-E", 4, ""),
            ("250", 9, "World history"),
            ("248", 9, "US history"),
            ("246", 9, "Government"),
            ("244", 9, "Geography"),
        ),
        *row_east(
            86, 50, 60, "Main hall",
            ("242", 9, "Precalculus"),
            ("240", 9, "Computer science"),
            ("238", 9, "Testing center"),
            ("236", 5, "Boys' restroom"),
            ("234", 5, "Girls' restroom"),
            ("202", 11, "Computer lab"),
            ("S-A", 4, ""),
        ),
        Space("stair", "S-D", box(86, 64, 90, 74), doors=("Main hall",)),
        Space("elevator", "E-1", box(90, 64, 94, 67), doors=("Main hall",)),
        room("239A", box(90, 67, 94, 74), "Network room", "239"),
        *row_east(
            94, 64, 74, "Main hall",
            ("239", 9, "Reading lab"),
            ("241", 9, "Art history"),
        ),
    ]  # fmt: skip
