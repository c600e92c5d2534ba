"""Floor 1 of Lincoln High School, wing by wing."""

from shapely.geometry import Polygon, box

from backend.demo.campus_map.walls import Space, bow, hall, room, row_east, row_north, without

# The auditorium is a fan: rear wall bowed toward its lobby, side walls running in to the stage.
_REAR_WALL = bow((115.6, 76), (146.4, 76), 2.5, 8)
_HOUSE = Polygon([*_REAR_WALL, (141, 100), (121, 100)])
_SIDE_AISLE = (116.95, 82.0)  # on the west wall of the house


def floor_one() -> list[Space]:
    """Return all rooms, corridors, stairs and the elevator of floor 1."""
    return [
        *_halls(),
        *_offices(),
        *_academic_wing(),
        *_center(),
        *_cafeteria(),
        *_shops(),
        *_athletics(),
        *_music(),
        *_auditorium(),
    ]


def _halls() -> list[Space]:
    music_hall = [
        (112, 64), (115.6, 64), (115.6, 76), _SIDE_AISLE, (115.6, 82), (115.6, 112), (112, 112)
    ]  # fmt: skip
    return [
        hall("Main hall", box(2, 60, 146.4, 64)),
        hall("Front lobby", box(146.4, 60, 166, 72)),
        hall("Vestibule", box(166, 62, 169.5, 70)),
        hall("Office hall", box(141.6, 50, 164, 52)),
        hall("East hall", box(138, 17.6, 141.6, 60)),
        hall("South hall", box(86, 14, 154, 17.6)),
        hall("Center hall", box(82, 4, 86, 60)),
        hall("Courtyard passage", box(86, 37.1, 96, 40.5)),
        hall("Commons hall", box(27.6, 36, 82, 39.6)),
        hall("Shop hall", box(24, 14, 27.6, 60)),
        hall("Gym hall", box(12, 76, 82, 79.6)),
        hall("North hall", box(82, 64, 86, 110)),
        hall("Music hall", Polygon(music_hall)),
        hall(
            "Auditorium lobby",
            Polygon([(115.6, 64), (146.4, 64), *reversed(_REAR_WALL)]),
        ),
    ]


def _offices() -> list[Space]:
    health_room = without(box(141.6, 52, 149, 60), box(141.6, 52, 144.2, 54.8))
    return [
        room(
            "100", box(149, 52, 158, 60), "Main Office, Front Office",
            "Front lobby", "Office hall",
        ),
        room("100A", box(158, 52, 164, 60), "Attendance", "Front lobby", "100"),
        *row_east(
            141.6, 42.4, 50, "Office hall",
            ("100B", 7.4, "Principal"),
            ("100C", 7.0, "Assistant principal"),
            ("100D", 8.0, "Conference room"),
        ),
        room("101", health_room, "Health Room, Nurse", "Main hall", "100", "Office hall"),
        room("101A", box(141.6, 52, 144.2, 54.8), "Health Room restroom", "101"),
        room("103", box(150, 72, 164, 75.5), "Counseling", "Front lobby"),
        room("103A", box(150, 75.5, 157, 80), "Counselor", "103"),
        room("103B", box(157, 75.5, 164, 80), "Counselor, Social worker", "103"),
    ]  # fmt: skip


def _academic_wing() -> list[Space]:
    return [
        *row_east(
            86, 4, 14, "South hall",
            ("S-C", 4, ""),
            ("125", 10, "English"),
            ("123", 10, "English"),
            ("121", 10, "Social studies"),
            ("119", 10, "Social studies"),
            ("117", 10, "World languages"),
            ("115", 10, "World languages"),
            ("S-B", 4, ""),
        ),
        *row_east(
            86, 17.6, 27.6, "South hall",
            ("128", 8.5, "Algebra"),
            ("126", 8.5, "Algebra"),
            ("124", 4.6, "Boys' restroom"),
            ("122A", 2.2, "Custodial closet"),
            ("122", 4.6, "Girls' restroom"),
            ("120", 8.0, "Geometry"),
            ("118", 8.0, "Geometry"),
            ("116", 7.6, "Resource room"),
        ),
        room("112", box(141.6, 17.6, 154, 28), "Chemistry lab", "East hall", "East hall", "112A"),
        room("112A", box(141.6, 28, 148, 32), "Science preparation", "East hall"),
        room("112B", box(148, 28, 154, 32), "Chemistry store", "112A"),
        room("114", box(141.6, 32, 154, 42.4), "Biology lab", "East hall", "East hall", "112A"),
        room("130", box(86, 27.6, 96, 37.1), "Special education", "Center hall"),
        room("132", box(86, 40.5, 96, 50), "Health", "Center hall"),
        *row_north(
            27.6, 128, 138, "East hall",
            ("106", 11.2, "Business"),
            ("104", 11.2, "Family and consumer science"),
        ),
        *row_east(
            86, 50, 60, "Main hall",
            ("142", 9, "Statistics"),
            ("140", 9, "Calculus"),
            ("138", 9, "Civics"),
            ("136", 5, "Boys' restroom"),
            ("134", 5, "Girls' restroom"),
            ("102", 11, "Computer lab"),
            ("S-A", 4, ""),
        ),
    ]  # fmt: skip


def _center() -> list[Space]:
    yearbook_room = without(box(72, 4, 82, 14), box(72, 11.4, 75, 14))
    library = Polygon([(94, 64), (112, 64), (112, 80), (86, 80), (86, 74), (94, 74)])
    return [
        room("127", yearbook_room, "Yearbook, Newspaper", "Center hall"),
        room("127A", box(72, 11.4, 75, 14), "Storage closet", "127"),
        *row_north(
            14, 72, 82, "Center hall",
            ("129", 9.5, "Driver education"),
            ("131", 6.0, "Girls' restroom"),
            ("133", 6.5, "Boys' restroom"),
        ),
        room("145", box(72, 39.6, 82, 50), "Staff lounge", "Center hall", "Commons hall"),
        *row_east(
            46, 50, 60, "Main hall",
            ("150", 9, "World history"),
            ("148", 9, "US history"),
            ("146", 9, "Psychology"),
            ("144", 9, "Economics"),
        ),
        *row_east(42, 50, 60, "Main hall", ("S-E", 4, "")),
        Space("stair", "S-D", box(86, 64, 90, 74), doors=("Main hall",)),
        Space("elevator", "E-1", box(90, 64, 94, 67), doors=("Main hall",)),
        room("135", library, "Media Center, Library", "Main hall", "Main hall", "North hall"),
        room("135A", box(90, 67, 94, 74), "Network room", "135"),
    ]  # fmt: skip


def _cafeteria() -> list[Space]:
    front = bow((42, 10), (72, 10), 6.5, 9)
    kitchen = [(27.6, 20), (37, 20), (37, 14), (42, 14), (42, 36), (27.6, 36)]
    return [
        room(
            "158", Polygon([*front, (72, 36), (42, 36)]), "Cafeteria, Commons",
            "Commons hall", "Commons hall", "160",
        ),
        room("160", Polygon(kitchen), "Kitchen", "Shop hall", "Commons hall"),
        room("160A", box(27.6, 14, 37, 20), "Kitchen store, Cooler", "160"),
        room("154", box(27.6, 39.6, 42, 50), "Robotics", "Commons hall", "Shop hall"),
        room("156", box(42, 39.6, 52, 50), "Student activities", "Commons hall"),
    ]  # fmt: skip


def _shops() -> list[Space]:
    auto_shop = without(box(2, 14, 24, 36), box(18, 32, 24, 36))
    return [
        room("162", box(2, 52, 24, 60), "Graphics", "Main hall", "Shop hall"),
        room("164", box(2, 36, 24, 52), "Wood shop", "Shop hall", "Shop hall"),
        room("165", box(18, 32, 24, 36), "Custodial closet", "Shop hall"),
        room("166", auto_shop, "Auto shop", "Shop hall", "Shop hall"),
        room("152", box(27.6, 50, 42, 60), "Drafting", "Main hall", "Shop hall"),
    ]


def _athletics() -> list[Space]:
    return [
        room("170", box(2, 64, 14, 76), "Boiler Room", "Main hall"),
        room("171", box(14, 64, 19, 76), "Electrical room", "Main hall", "Gym hall"),
        room("173", box(19, 64, 37, 76), "Girls' Lockers", "Main hall", "Gym hall"),
        room("175", box(37, 64, 55, 76), "Boys' Lockers", "Main hall", "Gym hall"),
        room("174", box(55, 64, 60, 76), "PE Office", "Main hall", "Gym hall"),
        room("177", box(60, 64, 74, 76), "Fitness", "Main hall", "Gym hall"),
        room("178", box(74, 64, 82, 76), "Athletic trainer", "Gym hall", "North hall"),
        room("176", box(12, 79.6, 40, 99.6), "Auxiliary Gym", "Gym hall", "Gym hall"),
        room("176A", box(40, 79.6, 46, 99.6), "PE storage", "Gym hall", "176"),
        room(
            "180", box(46, 79.6, 82, 105.6), "Gym",
            "Gym hall", "Gym hall", "North hall", "North hall",
        ),
        room("180A", box(46, 105.6, 60, 110), "Gym storage", "180"),
        room("180B", box(74, 105.6, 82, 110), "Concessions", "North hall"),
    ]  # fmt: skip


def _music() -> list[Space]:
    return [
        room("141", box(86, 80, 98, 92), "Art", "North hall", "North hall"),
        room("143", box(86, 92, 96, 100), "Keyboard lab", "North hall"),
        *row_north(
            100, 86, 91.5, "North hall",
            ("147", 4, "Boys' restroom"),
            ("149", 4, "Girls' restroom"),
        ),
        room("183", box(98, 80, 112, 92), "Choir", "Music hall", "Music hall"),
        room("184", box(96, 92, 112, 108), "Band, Orchestra", "Music hall", "Music hall"),
        room("184A", box(91.5, 100, 96, 108), "Practice room", "184"),
        room("184B", box(96, 108, 112, 112), "Instrument storage", "184", "Music hall"),
    ]  # fmt: skip


def _auditorium() -> list[Space]:
    chair_store = Polygon([(115.6, 82), _SIDE_AISLE, (121, 100), (115.6, 100)])
    return [
        room(
            "190", _HOUSE, "Auditorium",
            "Auditorium lobby", "Auditorium lobby", "Music hall", "194", "194",
        ),
        room("192", chair_store, "Chair storage", "Music hall"),
        room("194", box(115.6, 100, 146.4, 112), "Stage", "Music hall"),
        *row_east(
            115.6, 112, 121, "194",
            ("195", 12.8, "Scene shop"),
            ("196", 9.0, "Dressing room"),
            ("197", 9.0, "Dressing room"),
        ),
    ]  # fmt: skip
