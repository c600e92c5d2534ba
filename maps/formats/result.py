"""What reading a map file gives: features and findings, or a refusal that says how to mend it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from backend.problems import FileRefused
from maps.document import Feature, Finding, Grid, Level, MapDocument

Format = Literal[
    "imdf", "geojson", "osm_xml", "overpass_json", "kml", "kmz", "svg", "pdf", "placement"
]


class MapRefused(FileRefused):
    """A file that is not read as a map."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """One feature of the file that has no place on the map: its source id and why."""

    ref: str
    why: str


@dataclass(frozen=True, slots=True)
class ClassCount:
    """What one class of the source became, and how often; kind None: not placed."""

    source: str
    kind: str | None
    count: int


@dataclass(frozen=True, slots=True)
class MapReading:
    """A map file as read. Positions are WGS 84 lon, lat.

    `described` counts features of the file that only describe another (an address, an occupant):
    they are in `total` and on no map. `total` plus `unplaced` is every feature of the file.
    """

    format: Format
    crs: str
    levels: tuple[Level, ...]
    features: tuple[Feature, ...]
    described: int
    unplaced: tuple[Unplaced, ...]
    findings: tuple[Finding, ...]
    classes: tuple[ClassCount, ...]
    grid: Grid | None = None

    @property
    def total(self) -> int:
        """Return the number of features placed or describing another."""
        return len(self.features) + self.described

    def document(self) -> MapDocument:
        """Return the map document that drawing, search and routes take."""
        return MapDocument(self.levels, self.features, self.grid)


@dataclass(slots=True)
class Sorting:
    """The sorting of one file while it is read: each feature of it ends in exactly one place."""

    features: list[Feature] = field(default_factory=list)
    refs: dict[str, str] = field(default_factory=dict)
    described: int = 0
    unplaced: list[Unplaced] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    classes: Counter[tuple[str, str | None]] = field(default_factory=Counter)

    @property
    def sorted_so_far(self) -> int:
        """Return how many features of the file have their place in it."""
        return len(self.features) + self.described + len(self.unplaced)

    def place(self, feature: Feature, ref: str, source_class: str) -> None:
        """Put a feature on the map."""
        self.features.append(feature)
        self.refs[feature.id] = ref
        key = (source_class, feature.kind)
        self.classes[key] = self.classes.get(key, 0) + 1

    def describe(self, source_class: str, count: int = 1) -> None:
        """Count features that only describe another."""
        self.described += count
        self.classes[source_class, None] += count

    def leave(self, ref: str, why: str, source_class: str) -> None:
        """List a feature as unplaced."""
        self.unplaced.append(Unplaced(ref, why))
        key = (source_class, None)
        self.classes[key] = self.classes.get(key, 0) + 1

    def findings_by_id(self) -> tuple[Finding, ...]:
        """Return the findings, each naming its feature by id, or by source id when unplaced."""
        ids = {ref: identity for identity, ref in self.refs.items()}
        return tuple(replace(f, feature=ids.get(f.feature or "", f.feature)) for f in self.findings)

    def class_counts(self) -> Iterator[ClassCount]:
        """Yield what each class became, most frequent first."""
        for (source, kind), count in sorted(
            self.classes.items(), key=lambda item: (-item[1], item[0][0], item[0][1] or "")
        ):
            yield ClassCount(source, kind, count)
