"""The curve of reports as SVG numbers: this drill beside the usual ones, and a table beside it."""

from dataclasses import dataclass

from drills.queries.history import Curve, History

WIDTH, HEIGHT = 560.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 34.0, 12.0, 12.0, 28.0
LEAST_SECONDS = 60
TICKS_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Chart:
    """Paths and ticks, in the units of a view box of 560 by 190."""

    own: str
    former: tuple[str, ...]
    end: tuple[float, float]
    usual: float | None
    across: tuple[tuple[float, int], ...]
    up: tuple[tuple[float, int], ...]


def chart_of(history: History) -> Chart | None:
    """Return the chart of a drill whose places reported one by one, else None."""
    own = history.own
    if own is None or len(own.points) < 3 or not history.places:
        return None
    longest = max(LEAST_SECONDS, *(curve.seconds for curve in (own, *history.former)))
    minutes = -(-longest // 60)
    each = -(-minutes // TICKS_AT_MOST)

    def x(seconds: float) -> float:
        share = min(seconds / (minutes * 60), 1.0)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(places: float) -> float:
        share = min(places / history.places, 1.0)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    def path(curve: Curve) -> str:
        steps = [f"{x(seconds)},{y(places)}" for seconds, places in curve.points]
        return "M" + " L".join(steps)

    usual = history.usual_seconds
    return Chart(
        own=path(own),
        former=tuple(path(curve) for curve in history.former if len(curve.points) > 2),
        end=(x(own.points[-1][0]), y(own.points[-1][1])),
        usual=x(usual) if usual is not None else None,
        across=tuple((x(minute * 60), minute) for minute in range(0, minutes + 1, each)),
        up=tuple(
            (y(share * history.places), round(share * history.places)) for share in (0, 0.5, 1)
        ),
    )
