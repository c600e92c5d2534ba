"""What the API takes and gives of maps."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from maps.document import KINDS
from maps.models import Condition, ConditionKind, FeatureCheck, MapFeature, MapVersion
from maps.services.conditions import LONGEST_PLACE, LONGEST_TEXT

JSON_OBJECT = {"type": "object", "additionalProperties": True}
POSITION = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
GEOMETRY = {
    "type": "object",
    "description": "A GeoJSON geometry (RFC 7946), WGS 84 longitude, latitude.",
    "properties": {
        "type": {
            "type": "string",
            "enum": ["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString",
                     "MultiPolygon", "GeometryCollection"],
        },
        "coordinates": {"type": "array", "items": {}},
    },
    "required": ["type"],
}  # fmt: skip
GRID = {
    "type": ["object", "null"],
    "properties": {
        "origin": POSITION,
        "cell_meters": {"type": "number"},
        "columns": {"type": "integer"},
        "rows": {"type": "integer"},
    },
    "required": ["origin", "cell_meters", "columns", "rows"],
}
MAP_DOCUMENT = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "const": "FeatureCollection"},
        "levels": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "ordinal": {"type": "integer"},
                    "name": {"type": "string"},
                    "short_name": {"type": "string"},
                },
                "required": ["id", "ordinal", "name", "short_name"],
            },
        },
        "grid": GRID,
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "type": {"type": "string", "const": "Feature"},
                    "id": {"type": "string", "format": "uuid"},
                    "geometry": GEOMETRY,
                    "properties": {
                        "type": "object",
                        "properties": {
                            "kind": {"type": "string", "enum": list(KINDS)},
                            "label": {"type": "string"},
                            "names": {"type": "array", "items": {"type": "string"}},
                            "levels": {
                                "type": "array",
                                "items": {"type": "string", "format": "uuid"},
                            },
                            "properties": JSON_OBJECT,
                        },
                        "required": ["kind", "label", "names", "levels", "properties"],
                    },
                },
                "required": ["type", "id", "geometry", "properties"],
            },
        },
    },
    "required": ["type", "levels", "grid", "features"],
}


class FindingOutput(serializers.Serializer[Any]):
    """One result of a check of the map."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=["error", "warning", "info"])
    feature = serializers.CharField(allow_null=True)
    where = serializers.CharField()
    mend = serializers.CharField()


class UnplacedOutput(serializers.Serializer[Any]):
    """A feature of the file that has no place on the map."""

    ref = serializers.CharField()
    why = serializers.CharField()


ROW_FIELDS: tuple[str, ...] = (
    "id", "campus", "number", "state", "source_format", "source_sha256", "content_hash",
    "imported_by", "verified_by", "verified_on", "published_at", "published_by", "finding_count",
    "unplaced_count",
)  # fmt: skip


class MapVersionRow(serializers.ModelSerializer[MapVersion]):
    """A map version in a list."""

    campus = serializers.UUIDField(source="campus_id")
    state = serializers.ChoiceField(choices=["draft", "published"])
    finding_count = serializers.SerializerMethodField()
    unplaced_count = serializers.SerializerMethodField()

    class Meta:
        model = MapVersion
        fields: tuple[str, ...] = ROW_FIELDS
        read_only_fields = fields

    def get_finding_count(self, version: MapVersion) -> int:
        """Return how many findings it has."""
        return len(version.findings)

    def get_unplaced_count(self, version: MapVersion) -> int:
        """Return how many features of the file have no place."""
        return len(version.unplaced)


class MapVersionOutput(MapVersionRow):
    """A map version with its findings."""

    findings = FindingOutput(many=True)
    unplaced = UnplacedOutput(many=True)

    class Meta(MapVersionRow.Meta):
        fields = (*ROW_FIELDS, "findings", "unplaced")
        read_only_fields = fields


class ImportInput(serializers.Serializer[Any]):
    """A map file for a campus."""

    campus = serializers.UUIDField()
    file = serializers.FileField(allow_empty_file=True)


class PublishMapInput(serializers.Serializer[Any]):
    """When the draft was compared with the building, and by whom."""

    verified_on = serializers.DateField(required=False, allow_null=True, default=None)
    verified_by = serializers.CharField(
        required=False, allow_blank=True, max_length=200, default=""
    )


class FeatureOutput(serializers.ModelSerializer[MapFeature]):
    """A feature of a map version; `id` stays the same from version to version."""

    id = serializers.UUIDField(source="key")
    version = serializers.UUIDField(source="version_id")
    campus = serializers.UUIDField(source="version.campus_id")
    names = serializers.ListField(child=serializers.CharField())
    levels = serializers.ListField(child=serializers.UUIDField())
    geometry = serializers.SerializerMethodField()
    properties = serializers.SerializerMethodField()

    class Meta:
        model = MapFeature
        fields = (
            "id", "version", "campus", "kind", "label", "names", "levels", "geometry", "properties",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(GEOMETRY)
    def get_geometry(self, feature: MapFeature) -> Any:
        """Return the GeoJSON geometry."""
        return feature.geometry

    @extend_schema_field(JSON_OBJECT)
    def get_properties(self, feature: MapFeature) -> Any:
        """Return the facts of the feature."""
        return feature.properties


class ConditionOutput(serializers.ModelSerializer[Condition]):
    """A condition."""

    campus = serializers.UUIDField(source="campus_id")
    feature = serializers.UUIDField(source="feature_key", allow_null=True)
    has_photo = serializers.SerializerMethodField()

    class Meta:
        model = Condition
        fields = (
            "id", "campus", "kind", "state", "feature", "place", "text", "starts_at", "ends_at",
            "has_photo", "reported_by", "published_by", "published_at", "seen_by", "seen_at",
            "ended_by", "ended_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_has_photo(self, condition: Condition) -> bool:
        """Return whether it has a photo."""
        return condition.photo_id is not None


class ConditionInput(serializers.Serializer[Any]):
    """What is out of order. `starts_at` is now when left out; it holds for 30 days at most."""

    campus = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=ConditionKind.choices)
    text = serializers.CharField(max_length=LONGEST_TEXT)
    place = serializers.CharField(
        max_length=LONGEST_PLACE, required=False, allow_blank=True, default=""
    )
    feature = serializers.UUIDField(required=False, allow_null=True, default=None)
    starts_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    ends_at = serializers.DateTimeField()
    photo = serializers.FileField(required=False, allow_null=True, default=None)


class RenewInput(serializers.Serializer[Any]):
    """Until when the condition goes on."""

    ends_at = serializers.DateTimeField()


class FeatureCheckOutput(serializers.ModelSerializer[FeatureCheck]):
    """A look at a feature on site."""

    campus = serializers.UUIDField(source="campus_id")
    feature = serializers.UUIDField(source="feature_key")

    class Meta:
        model = FeatureCheck
        fields = (
            "id", "campus", "feature", "label", "checked_at", "checked_by", "as_on_map", "note",
        )  # fmt: skip
        read_only_fields = fields


class FeatureCheckInput(serializers.Serializer[Any]):
    """What somebody saw; what differs needs a note."""

    campus = serializers.UUIDField()
    feature = serializers.UUIDField()
    as_on_map = serializers.BooleanField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")
    photo = serializers.FileField(required=False, allow_null=True, default=None)
