"""A file per word of maps."""

from maps.models.condition import Condition, ConditionKind, ConditionState
from maps.models.feature_check import FeatureCheck
from maps.models.map_version import MapFeature, MapLevel, MapState, MapVersion

__all__ = [
    "Condition",
    "ConditionKind",
    "ConditionState",
    "FeatureCheck",
    "MapFeature",
    "MapLevel",
    "MapState",
    "MapVersion",
]
