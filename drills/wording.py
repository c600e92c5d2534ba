"""The words of drills: what is announced, what families and staff read, and only what is true.

Pure: facts in, sentences out, in English and Spanish. Wording is our own, after `domain.md`
sections 3.1, 5.3 and 9; Spanish is to be proofread by a native reader before it is sent.
"""

from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["en", "es"]


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence in both languages."""

    en: str
    es: str

    def to(self, language: Language) -> str:
        """Return the sentence of a language."""
        return self.es if language == "es" else self.en


@dataclass(frozen=True, slots=True)
class Action:
    """A protective action: its name, its directive, and what students hear and do in practice."""

    name: Said
    directive: Said
    practiced: Said


_EVACUATE = Action(
    Said("Evacuate", "Evacuar"),
    Said("Leave by the nearest safe exit. Go to your assembly area.",
         "Salgan por la salida segura más cercana. Vayan a su punto de reunión."),
    Said("Classes will walk outside with their teacher to an assembly area.",
         "Las clases caminarán con su docente hasta un punto de reunión al aire libre."),
)  # fmt: skip
_FIRE = Action(
    _EVACUATE.name,
    _EVACUATE.directive,
    Said("The fire bell will ring and classes will walk outside to their assembly areas.",
         "Sonará la alarma de incendio y las clases saldrán caminando a sus puntos de reunión."),
)  # fmt: skip
_LOCKDOWN = Action(
    Said("Lockdown", "Cierre de emergencia"),
    Said("Lock the door. Lights off. Stay hidden and quiet.",
         "Cierren con llave. Apaguen la luz. Quédense fuera de la vista y en silencio."),
    Said("Classes will practice staying quietly in a locked room. No one will pretend to be an "
         "attacker.",
         "Las clases practicarán quedarse en silencio en un salón cerrado con llave. Nadie "
         "representará a un agresor."),
)  # fmt: skip
_SECURE = Action(
    Said("Secure", "Asegurar"),
    Said("Come inside. Outside doors are locked.",
         "Entren al edificio. Las puertas exteriores están cerradas."),
    Said("Everyone will come inside, outside doors will be locked, and lessons will go on.",
         "Todos entrarán al edificio, se cerrarán las puertas exteriores y las clases seguirán."),
)  # fmt: skip
_HOLD = Action(
    Said("Hold", "Quedarse en el salón"),
    Said("Stay in your room. Keep the halls empty.",
         "Quédense en su salón. Mantengan vacíos los pasillos."),
    Said("Classes will stay in their rooms and go on with their lesson.",
         "Las clases se quedarán en sus salones y seguirán con la lección."),
)  # fmt: skip
_STORM = Action(
    Said("Shelter", "Refugiarse"),
    Said("Severe weather. Go to your storm shelter. Sit down and cover your head.",
         "Mal tiempo. Vayan a su refugio. Siéntense y cúbranse la cabeza."),
    Said("Classes will walk to their storm shelter, sit down and cover their heads.",
         "Las clases caminarán a su refugio contra tormentas, se sentarán y se cubrirán la "
         "cabeza."),
)  # fmt: skip
_IN_PLACE = Action(
    Said("Shelter", "Refugiarse"),
    Said("Hazardous air outside. Stay inside. Close windows and doors.",
         "Aire peligroso afuera. Quédense adentro. Cierren ventanas y puertas."),
    Said("Classes will stay inside with windows and doors closed.",
         "Las clases se quedarán adentro con ventanas y puertas cerradas."),
)  # fmt: skip
_EARTHQUAKE = Action(
    Said("Shelter", "Refugiarse"),
    Said("Earthquake. Drop. Cover. Hold on.", "Terremoto. Agáchense. Cúbranse. Sujétense."),
    Said("Classes will practice to drop, take cover under a desk and hold on.",
         "Las clases practicarán agacharse, cubrirse bajo una mesa y sujetarse."),
)  # fmt: skip
_TSUNAMI = Action(
    Said("Shelter", "Refugiarse"),
    Said("Tsunami. Drop, cover, hold on. Then walk to high ground.",
         "Tsunami. Agáchense, cúbranse, sujétense. Luego caminen a terreno alto."),
    Said("Classes will take cover and then walk to high ground.",
         "Las clases se cubrirán y luego caminarán a terreno alto."),
)  # fmt: skip
_BUS = Action(
    Said("Bus evacuation", "Evacuación del autobús"),
    Said("Leave the bus by the exit that the driver names.",
         "Salgan del autobús por la salida que indique el conductor."),
    Said("Students will practice leaving the bus by its exits.",
         "El alumnado practicará salir del autobús por sus salidas."),
)  # fmt: skip
_REUNION = Action(
    Said("Reunification", "Reencuentro con las familias"),
    Said("Wait with your class until your name is called.",
         "Esperen con su clase hasta que llamen su nombre."),
    Said("Staff will practice how students and families are brought together again.",
         "El personal practicará cómo se reúne al alumnado con sus familias."),
)  # fmt: skip
_STAFF = Action(
    Said("Exercise", "Ejercicio"),
    Said("Follow the instructions of the person who leads the exercise.",
         "Sigan las instrucciones de quien dirige el ejercicio."),
    Said("Staff and responders will talk through and practice their own tasks.",
         "El personal y los servicios de emergencia repasarán y practicarán sus tareas."),
)  # fmt: skip

ACTIONS: Final[dict[str, Action]] = {
    "fire": _FIRE, "evacuation": _EVACUATE, "bomb_threat": _EVACUATE, "lockdown": _LOCKDOWN,
    "active_threat": _LOCKDOWN, "security": _LOCKDOWN, "crisis": _LOCKDOWN, "secure": _SECURE,
    "hold": _HOLD, "shelter_weather": _STORM, "shelter_in_place": _IN_PLACE,
    "earthquake": _EARTHQUAKE, "tsunami": _TSUNAMI, "bus_evacuation": _BUS, "bus_safety": _BUS,
    "reunification": _REUNION, "cardiac": _STAFF, "incident_command": _STAFF, "seminar": _STAFF,
    "tabletop": _STAFF, "functional": _STAFF, "full_scale": _STAFF,
}  # fmt: skip
MARK: Final = Said("This is a drill.", "Esto es un simulacro.")


def script(drill_type: str, language: Language) -> tuple[str, ...]:
    """Return what is read aloud, line by line; its first and last words say that it is a drill."""
    action = ACTIONS[drill_type]
    mark = MARK.to(language)
    call = f"{action.name.to(language)}. {action.directive.to(language)}"
    return (mark, call, call, mark)


def release(drill_type: str, language: Language) -> tuple[str, ...]:
    """Return what is read aloud at the end."""
    name = ACTIONS[drill_type].name.to(language)
    if language == "es":
        return ("El simulacro ha terminado.", f"Finaliza: {name}. Regresen a la actividad normal.")
    return ("The drill has ended.", f"{name} is released. Return to normal activity.")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message to staff or families may say; days and times are words in its language.

    `all_reported` is true only where every place reported everybody safe; `minutes` is how long
    that took. `contact` is an office and number.
    """

    school: str
    drill_type: str
    week: str
    day: str
    window: str
    contact: str
    answer_by: str
    all_reported: bool = False
    minutes: int = 0


def families_ahead(facts: Facts, language: Language) -> str:
    """Return what families read before: the week, never the minute (`domain.md` 5.3)."""
    action = ACTIONS[facts.drill_type]
    name, done = action.name.to(language), action.practiced.to(language)
    if language == "es":
        return (
            f"ESTO ES UN SIMULACRO. {facts.school} practicará «{name}» durante la semana del "
            f"{facts.week}. Es un simulacro. {done} Los adultos explicarán antes cada paso. Para "
            "pedir una adaptación u otra actividad para su hijo o hija, comuníquese con "
            f"{facts.contact} antes del {facts.answer_by}. Le escribiremos de nuevo al terminar. "
            "ESTO ES UN SIMULACRO."
        )
    return (
        f"THIS IS A DRILL. {facts.school} will practice “{name}” during the week of {facts.week}. "
        f"It is a drill. {done} Adults explain each step first. To ask for an accommodation or "
        f"another activity for your child, contact {facts.contact} by {facts.answer_by}. We will "
        "write again when it is done. THIS IS A DRILL."
    )


def families_after(facts: Facts, language: Language) -> str:
    """Return what families read afterwards: accounted for only where every place reported."""
    name = ACTIONS[facts.drill_type].name.to(language)
    if language == "es":
        found = (
            f"Se confirmó la presencia de todas las personas en {facts.minutes} minutos."
            if facts.all_reported
            else "Encontramos aspectos por mejorar y trabajamos en ellos."
        )
        return (
            f"FUE UN SIMULACRO. Hoy {facts.school} realizó un simulacro de «{name}». {found} Si su "
            f"hijo o hija tiene preguntas o está inquieto, comuníquese con {facts.contact}. "
            "FUE UN SIMULACRO."
        )
    found = (
        f"Everyone was accounted for in {facts.minutes} minutes."
        if facts.all_reported
        else "We found things to improve and are working on them."
    )
    return (
        f"THIS WAS A DRILL. Today {facts.school} held a “{name}” drill. {found} If your child has "
        f"questions or seems worried, contact {facts.contact}. THIS WAS A DRILL."
    )


def staff_ahead(facts: Facts, language: Language) -> str:
    """Return what staff read before: day and window, and what to prepare."""
    action = ACTIONS[facts.drill_type]
    name, done = action.name.to(language), action.practiced.to(language)
    if language == "es":
        return (
            f"SIMULACRO PROGRAMADO: «{name}» en {facts.school}, {facts.day}, {facts.window}. Es "
            f"una práctica. {done} Lea su tarjeta de función, revise su lista de asistencia y "
            f"avise a {facts.contact} antes del {facts.answer_by} si alguien necesita "
            "adaptaciones. ESTO ES UN SIMULACRO."
        )
    return (
        f"DRILL PLANNED: “{name}” at {facts.school}, {facts.day}, {facts.window}. This is "
        f"practice. {done} Read your role card, check your roll sheet, and tell {facts.contact} "
        f"about any accommodation by {facts.answer_by}. THIS IS A DRILL."
    )


def staff_after(facts: Facts, language: Language) -> str:
    """Return what staff read afterwards."""
    name = ACTIONS[facts.drill_type].name.to(language)
    if language == "es":
        found = (
            f"Todos los lugares informaron en {facts.minutes} minutos."
            if facts.all_reported
            else "No todos los lugares informaron; la revisión dice qué se mejora."
        )
        return (
            f"FUE UN SIMULACRO. «{name}» en {facts.school} ha terminado. {found} Diga a "
            f"{facts.contact} qué funcionó y qué no: lugares y procedimientos, sin nombres. "
            "FUE UN SIMULACRO."
        )
    found = (
        f"Every place reported within {facts.minutes} minutes."
        if facts.all_reported
        else "Not every place reported; the review says what is improved."
    )
    return (
        f"THIS WAS A DRILL. “{name}” at {facts.school} is over. {found} Tell {facts.contact} what "
        "worked and what did not: places and procedures, no names. THIS WAS A DRILL."
    )
