"""How a refusal of a service gets beside the field it belongs to."""

from django import forms

from backend.problems import Problem


def problem_to_form(problem: Problem, form: forms.Form) -> None:
    """Put what is wrong and how to mend it at the field that `where` names, else on top."""
    form.add_error(problem.where if problem.where in form.fields else None, str(problem))
