"""The questions of `palermo add`, one after the other, with a way back; a wrong answer is explained and asked again."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ingest.errors import BuildError
from ontology.layout import Say

BACK, NONE = "<", "-"
UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
"""Control characters, halves of letters, and what stands for a letter that could not be read."""
HOW = "Enter takes what stands in brackets, “-” leaves it empty, “<” goes back to the question before, Ctrl-C stops."
Ask = Callable[[str, str], str]
"""Asks a person a question with a default; returns the answer. Raises `StoppedError`."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked under a key, with its default; ``wrong`` says in a sentence what is wrong with an answer, or is
    empty. ``is_left_out`` tells by the answers before it whether there is nothing to ask."""

    key: str
    text: str
    default: str
    wrong: Callable[[str], str] = lambda _: ""
    is_left_out: Callable[[Mapping[str, str]], bool] = lambda _: False

    def problem(self, answer: str) -> str:
        """What is wrong with an answer, in a sentence; empty when nothing is."""
        if UNREADABLE.search(answer):
            return f"The answer {answer!r} has signs that are no text."
        return self.wrong(answer)


class StoppedError(BuildError):
    """A person stopped, or there was nobody to answer; ``answers`` are those given until then."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        super().__init__("A question was left without an answer; with --yes none is asked.")
        self.answers = answers


def at_terminal(question: str, default: str) -> str:
    """The answer that somebody types; the default where it is empty. Raises `StoppedError` at Ctrl-C and Ctrl-D."""
    with suppress(ImportError):
        import readline  # noqa: F401 (it lets arrow keys edit the line)
    prompt = f"{question} [{default}]: "
    if not sys.stdout.isatty():  # it would go where the output goes, and nobody would see it
        print(prompt, end="", file=sys.stderr, flush=True)
        prompt = ""
    try:
        return input(prompt).strip() or default
    except UnicodeDecodeError:
        return "\ufffd"
    except (EOFError, KeyboardInterrupt):
        print(file=sys.stderr)
        raise StoppedError({}) from None


def answers_to(questions: Sequence[Question], given: Mapping[str, str], ask: Ask | None, say: Say) -> dict[str, str]:
    """The answers by key: those that are given, and what a person answers to the other questions; without ``ask`` their
    defaults. Raises `BuildError` with all that is wrong with what nobody is asked, and `StoppedError`."""
    fixed = [question for question in questions if ask is None or question.key in given]
    answers = {question.key: given.get(question.key, question.default) for question in fixed}
    if problems := [words for question in fixed if (words := question.problem(answers[question.key]))]:
        raise BuildError("\n         ".join(problems))
    left = [question for question in questions if question.key not in answers]
    if ask is not None:
        _ask_each(left, answers, ask, say)
    return answers


def _ask_each(questions: Sequence[Question], answers: dict[str, str], ask: Ask, say: Say) -> None:
    """Adds the answers to all questions; one that goes back is asked again with its answer as default."""
    place, asked, before = 0, list[int](), dict[str, str]()
    while place < len(questions):
        question = questions[place]
        if question.is_left_out(answers):
            place += 1
            continue
        try:
            answer = ask(question.text, before.get(question.key, question.default))
        except StoppedError as stopped:
            raise StoppedError(answers) from stopped
        if answer == BACK:
            if asked:
                place = asked.pop()
                before[questions[place].key] = answers.pop(questions[place].key)
            continue
        answer = "" if answer == NONE else answer
        if problem := question.problem(answer):
            say(problem)
            continue
        answers[question.key] = answer
        asked.append(place)
        place += 1
