"""How a refusal of a service gets beside the field it belongs to."""

from django import forms

from backend.problems import Problem


def problem_to_form(problem: Problem, form: forms.BaseForm) -> None:
    """Put what is wrong and how to mend it at the field that `where` names, else on top."""
    if problem.hides:
        raise problem
    form.add_error(problem.where if problem.where in form.fields else None, str(problem))


class DateInput(forms.DateInput):
    """A day as the browser's own calendar gives it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
